/** Where views and pages of the trace open: beside the code, and beside one another in tabs, not each in a column of its own. */
import * as vscode from 'vscode';
import { TRACE_SCHEME } from '../../../debug-adapter/recording/trace-pages.ts';

export const VIEW_TYPE = 'stepformer.transformer';

/** The column in which something of ours is open already, or one beside the editor in front. */
export function columnBeside(): vscode.ViewColumn {
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isOurs));
  return group?.viewColumn ?? vscode.ViewColumn.Beside;
}

function isOurs({ input }: vscode.Tab): boolean {
  if (input instanceof vscode.TabInputWebview) return input.viewType.endsWith(VIEW_TYPE);
  return input instanceof vscode.TabInputText && input.uri.scheme === TRACE_SCHEME;
}
