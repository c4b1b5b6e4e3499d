/**
 * The line of C that wrote what the Attention view says is read, marked in the editor: the sentence, the arc and the text then
 * say the same.
 */
import * as vscode from 'vscode';
import type { TokenAttention } from '../../../debug-adapter/protocol/protocol.ts';
import { pathOf, type Sessions } from '../sessions.ts';

export class WriterMark implements vscode.Disposable {
  /** Made when it is first needed: nobody waits for it at the start. */
  private decoration: vscode.TextEditorDecorationType | undefined;
  private readonly listeners: vscode.Disposable;
  private told: TokenAttention | undefined;

  constructor(sessions: Sessions) {
    this.listeners = vscode.Disposable.from(
      sessions.onDidStop(() => this.tell(undefined)),
      sessions.onDidChange(() => {
        if (!sessions.active || sessions.now?.state === 'running') this.tell(undefined);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paint()),
    );
  }

  dispose(): void {
    this.listeners.dispose();
    this.decoration?.dispose();
  }

  /** What the view shows now; undefined: what it showed is of another moment. */
  tell(told: TokenAttention | undefined): void {
    this.told = told;
    this.paint();
  }

  private paint(): void {
    const place = this.told?.headline.find((part) => part.place)?.place;
    if (!place && !this.decoration) return;
    this.decoration ??= vscode.window.createTextEditorDecorationType({
      after: { margin: '0 0 0 2ch', color: new vscode.ThemeColor('charts.green') },
    });
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      const isHere = place && place.path === pathOf(document.uri) && place.line <= document.lineCount;
      const ranges = isHere ? [document.lineAt(place.line - 1).range] : [];
      editor.setDecorations(
        this.decoration,
        ranges.map(({ end }) => ({
          range: new vscode.Range(end, end),
          renderOptions: { after: { contentText: this.text() } },
        })),
      );
    }
  }

  private text(): string {
    const value = this.told?.headline.find((part) => part.value !== undefined)?.value ?? 'value';
    const line = this.told?.place?.line;
    return `◂ wrote the ${value} that ${line === undefined ? 'is read' : `line ${line} reads`}`;
  }
}
