/**
 * Numbers of trace lines beside the pages behind the first: an editor counts the lines of its document from 1, and those
 * are the second ten thousand. Its own numbers are off there.
 */
import * as vscode from 'vscode';
import { PAGE_LINES, pageOfUri } from '../../../debug-adapter/recording/trace-pages.ts';
import { number } from '../quick.ts';

/** Lines around those in sight that are numbered too, for scrolling. */
const MARGIN = 60;

export class LineNumbers implements vscode.Disposable {
  private readonly numbers = vscode.window.createTextEditorDecorationType({
    before: { color: new vscode.ThemeColor('editorLineNumber.foreground'), margin: '0 2ch 0 0' },
  });
  private readonly listeners = vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of editors) this.show(editor);
    }),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.show(textEditor)),
  );

  dispose(): void {
    this.listeners.dispose();
    this.numbers.dispose();
  }

  /** Numbers the lines of an editor that are in sight, or will be at `line`, if it shows a page. */
  show(editor: vscode.TextEditor, line?: number): void {
    const page = pageOfUri(editor.document.uri.toString());
    if (page === undefined) return;
    // A pane keeps what was set for the page that it showed before.
    editor.options.lineNumbers =
      page === 0 ? vscode.TextEditorLineNumbersStyle.On : vscode.TextEditorLineNumbersStyle.Off;
    const ranges = line === undefined ? editor.visibleRanges : [new vscode.Range(line, 0, line, 0)];
    editor.setDecorations(this.numbers, page === 0 ? [] : numbered(editor.document, ranges, page * PAGE_LINES));
  }
}

function numbered(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  before: number,
): vscode.DecorationOptions[] {
  // The text ends with a line break: no line of the trace stands behind it.
  const end = document.lineCount - 1;
  return ranges.flatMap(({ start, end: last }) => {
    const from = Math.max(start.line - MARGIN, 0);
    const to = Math.min(last.line + MARGIN, end);
    return Array.from({ length: Math.max(to - from, 0) }, (_, i) => ({
      range: new vscode.Range(from + i, 0, from + i, 0),
      renderOptions: { before: { contentText: number(before + from + i + 1) } },
    }));
  });
}
