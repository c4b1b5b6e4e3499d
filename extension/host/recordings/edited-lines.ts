/** Lines at which a value was changed by hand, on the branch that is shown: marked in the editor, the hover says what. */
import * as vscode from 'vscode';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { number } from '../quick.ts';
import { pathOf } from '../sessions.ts';

type Edit = AnswerOf<'stepformer/branches'>['branches'][number]['edits'][number];

export class EditedLines implements vscode.Disposable {
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderWidth: '0 0 0 3px',
    borderStyle: 'dashed',
    borderColor: new vscode.ThemeColor('charts.purple'),
    overviewRulerColor: new vscode.ThemeColor('charts.purple'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
  });
  private readonly listener = vscode.window.onDidChangeVisibleTextEditors(() => this.paint());
  private edits: readonly Edit[] = [];

  dispose(): void {
    this.mark.dispose();
    this.listener.dispose();
  }

  /** Marks the lines of these, and no others. */
  show(edits: readonly Edit[]): void {
    this.edits = edits;
    this.paint();
  }

  private paint(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const path = pathOf(editor.document.uri);
      const byLine = new Map<number, Edit[]>();
      for (const edit of this.edits) {
        const { place } = edit;
        if (place?.path !== path || place.line > editor.document.lineCount) continue;
        byLine.set(place.line, [...(byLine.get(place.line) ?? []), edit]);
      }
      editor.setDecorations(
        this.mark,
        [...byLine].map(([line, edits]) => decoration(line, edits)),
      );
    }
  }
}

function decoration(line: number, edits: readonly Edit[]): vscode.DecorationOptions {
  const said = edits.map(
    ({ text, traceLine }) => `Changed by you: \`${text}\`, before line ${number(traceLine + 1)} of the trace.`,
  );
  const color = new vscode.ThemeColor('charts.purple');
  const contentText = ` ✎ ${edits.map(({ text }) => text).join(', ')}`;
  return {
    range: new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER),
    hoverMessage: new vscode.MarkdownString(said.join('\n\n')),
    renderOptions: { after: { contentText, color, margin: '0 0 0 1em' } },
  };
}
