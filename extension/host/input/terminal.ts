/**
 * Terminals for programs that talk with whoever runs them: their output appears there, and what is typed becomes their
 * input when they read it. What is typed before that is kept until then, as a terminal does.
 */
import * as vscode from 'vscode';
import { told } from '../quick.ts';
import type { Sessions } from '../sessions.ts';
import { LineDiscipline } from './line-discipline.ts';
import { Question } from './question.ts';

/** Clears the screen and what has scrolled off it (ECMA-48, xterm). */
const CLEAR = '\x1b[2J\x1b[3J\x1b[H';

export class ProgramTerminals implements vscode.Disposable {
  private readonly sessions: Sessions;
  private readonly terminals = new Map<string, ProgramTerminal>();
  private readonly disposables: vscode.Disposable[];

  constructor(sessions: Sessions) {
    this.sessions = sessions;
    this.disposables = [
      sessions.onDidLoad((session) => this.open(session)),
      // Comes with every load: of one that has a terminal already it is a restart.
      sessions.onDidDiagnose(({ session }) => this.terminals.get(session.id)?.clear()),
      sessions.onDidPrint(({ session, category, output }) => {
        if (category === 'stdout' || category === 'stderr') this.terminals.get(session.id)?.print(output);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        this.terminals.get(id)?.end();
        this.terminals.delete(id);
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** Asks in the session's terminal for input; false where it has none. */
  ask(session: vscode.DebugSession): boolean {
    const terminal = this.terminals.get(session.id);
    terminal?.ask(new Question(this.sessions, session));
    return terminal !== undefined;
  }

  private open(session: vscode.DebugSession): void {
    if (session.configuration.console !== 'integratedTerminal' || this.terminals.has(session.id)) return;
    const pty = new ProgramTerminal(
      told(() => session.customRequest('pause', { threadId: 1 })),
      // Whoever closes it is asked in a box from then on.
      () => this.terminals.delete(session.id),
    );
    this.terminals.set(session.id, pty);
    pty.show(vscode.window.createTerminal({ name: session.name, pty, iconPath: new vscode.ThemeIcon('eye') }));
  }
}

class ProgramTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly keyboard: LineDiscipline;
  private readonly closed: () => void;
  private terminal: vscode.Terminal | undefined;
  /** What was printed before the terminal was there. */
  private early: string[] | undefined = [];
  private question: Question | undefined;
  /** What was typed and not read yet. */
  private typed = '';
  private isEnded = false;
  private isOver = false;

  constructor(pause: () => void, closed: () => void) {
    this.closed = closed;
    this.keyboard = new LineDiscipline({
      echo: (text) => this.write(text),
      send: (text, end) => {
        this.typed += text;
        this.isEnded ||= end;
        this.give();
      },
      interrupt: () => {
        this.typed = '';
        pause();
      },
    });
  }

  /** Brings it to sight; the keyboard stays where it is. */
  show(terminal: vscode.Terminal): void {
    this.terminal = terminal;
    terminal.show(true);
  }

  open(): void {
    for (const text of this.early ?? []) this.written.fire(text);
    this.early = undefined;
  }

  close(): void {
    this.question?.leave();
    this.closed();
  }

  handleInput(data: string): void {
    if (!this.isOver) this.keyboard.type(data);
  }

  print(text: string): void {
    this.write(text.replace(/\r?\n/g, '\r\n'));
  }

  /** The program reads: it gets what was typed ahead, or the keyboard comes here. */
  ask(question: Question): void {
    this.question = question;
    question.onDidEnd(() => {
      this.question = undefined;
    });
    this.give();
    if (this.question) this.terminal?.show(false);
  }

  /** The program begins anew, with the input that it had. */
  clear(): void {
    this.typed = '';
    this.isEnded = false;
    this.write(CLEAR);
  }

  /** The session is over; what was printed stays. */
  end(): void {
    this.isOver = true;
    this.write('\r\n\x1b[2mThe session has ended.\x1b[0m\r\n');
  }

  private give(): void {
    if (!this.question || (this.typed === '' && !this.isEnded)) return;
    const { typed, isEnded, question } = this;
    this.typed = '';
    this.isEnded = false;
    question.give(typed, isEnded);
  }

  private write(text: string): void {
    if (this.early) this.early.push(text);
    else this.written.fire(text);
  }
}
