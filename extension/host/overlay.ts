/** Something about the session that is shown in all editors once it is asked for, until it is asked for again. */
import * as vscode from 'vscode';
import type { Sessions } from './sessions.ts';

/** What an overlay asks, and how it is drawn. */
export interface Drawing<A> {
  ask(): Promise<A>;
  /** Undefined: there is nothing to show. */
  paint(editor: vscode.TextEditor, answer: A | undefined): void;
}

/** Milliseconds without another stop before it is asked again: steps in quick succession are looked at once. */
const PATIENCE = 100;

/** The one that is shown: they stand in the same place, in front of the lines. */
let shown: { hide(): void } | undefined;

export class Overlay<A> implements vscode.Disposable {
  private readonly drawing: Drawing<A>;
  private readonly listeners: vscode.Disposable;
  private isOn = false;
  private answer: A | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(sessions: Sessions, drawing: Drawing<A>) {
    this.drawing = drawing;
    this.listeners = vscode.Disposable.from(
      sessions.onDidStop(() => this.follow()),
      sessions.onDidChange(() => {
        if (!sessions.active) this.show(undefined);
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.paint()),
    );
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.dispose();
  }

  /** Shows it or takes it away. @throws where the session has no answer: it stays as it is */
  async toggle(): Promise<void> {
    if (this.isOn) {
      this.hide();
      return;
    }
    const answer = await this.drawing.ask();
    shown?.hide();
    shown = this;
    this.isOn = true;
    this.show(answer);
  }

  hide(): void {
    if (shown === this) shown = undefined;
    this.isOn = false;
    this.show(undefined);
  }

  /** Where there is no answer, nothing is shown until there is one again. */
  private follow(): void {
    clearTimeout(this.timer);
    if (!this.isOn) return;
    this.timer = setTimeout(async () => {
      const answer = await this.drawing.ask().catch(() => undefined);
      if (this.isOn) this.show(answer);
    }, PATIENCE);
  }

  private show(answer: A | undefined): void {
    this.answer = answer;
    this.paint();
  }

  private paint(): void {
    for (const editor of vscode.window.visibleTextEditors) this.drawing.paint(editor, this.answer);
  }
}
