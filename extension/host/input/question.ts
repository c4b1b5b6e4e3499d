/** A program's wish for standard input, and its answer: more text, the end, or a pause where there is none. */
import * as vscode from 'vscode';
import { told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';

export class Question implements vscode.Disposable {
  readonly session: vscode.DebugSession;
  private readonly sessions: Sessions;
  private readonly over = new vscode.EventEmitter<void>();
  /** Answered, or nobody waits for an answer any more: what asks goes away. */
  readonly onDidEnd = this.over.event;
  private readonly disposables: vscode.Disposable[];
  private isOver = false;

  constructor(sessions: Sessions, session: vscode.DebugSession) {
    this.sessions = sessions;
    this.session = session;
    this.disposables = [
      this.over,
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        if (id === session.id) this.end();
      }),
      // Somebody paused, or began anew.
      sessions.onDidStop(({ id }) => {
        if (id === session.id) this.end();
      }),
    ];
  }

  /** Gives input; `end`: no more will come. */
  give(text: string, end: boolean): void {
    if (this.isOver) return;
    this.end();
    void told(() => this.sessions.ask('stepformer/input', { text, end }, this.session))();
  }

  /** There is no answer: the program pauses, and asks again when it goes on. */
  leave(): void {
    if (this.isOver) return;
    this.end();
    void told(() => this.session.customRequest('pause', { threadId: 1 }))();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.over.fire();
    this.dispose();
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }
}
