/**
 * The editor's hover over an expression of a stopped program: its value, and the questions that the Why view answers. VS Code
 * shows the debugger's own hover first, which has no room for links; holding Alt brings this one.
 */
import * as vscode from 'vscode';
import { expressionAt } from '../evaluatable.ts';
import type { Sessions } from '../sessions.ts';

const ORIGIN = 'stepformer.why.origin';
const HISTORY = 'stepformer.why.history';

export function registerWhyHover(sessions: Sessions): vscode.Disposable {
  return vscode.languages.registerHoverProvider(['c', 'cpp', 'wat'], {
    provideHover: (document, position) => hoverAt(sessions, document, position),
  });
}

/** Nothing where no program stands still, and over what is no value there. */
async function hoverAt(
  sessions: Sessions,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  const { now } = sessions;
  const expression = expressionAt(document, position);
  if (!now || now.state === 'running' || expression === undefined) return undefined;
  const item = vscode.debug.activeStackItem;
  const frame = item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
  try {
    const { result } = await sessions.ask('evaluate', { expression, context: 'hover', ...frame });
    return new vscode.Hover(askable(expression, result));
  } catch {
    return undefined;
  }
}

function askable(expression: string, value: string): vscode.MarkdownString {
  const link = (title: string, command: string) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([{ name: expression }]))})`;
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [ORIGIN, HISTORY] };
  text.appendCodeblock(`${expression} = ${value}`, 'c');
  return text.appendMarkdown(`${link('Why?', ORIGIN)} · ${link('Every value it has had', HISTORY)}`);
}
