/**
 * The debug sessions of this extension, as the views see them: the one in front, where it is, and when it stops.
 * Views listen here and ask the adapter through `ask`; none of them talks to VS Code's debugger by itself.
 */
import * as vscode from 'vscode';
import type {
  AnswerOf,
  CompilerDiagnostic,
  EventBody,
  EventName,
  RequestName,
  SentWith,
  Status,
} from '../../debug-adapter/protocol/protocol.ts';
import { DEBUG_TYPE } from './adapter-process.ts';
import type { Journey } from './trail.ts';

/** How the adapter names a document: files by their path, others by their whole address. */
export const pathOf = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString());

/** The document that the adapter names so. */
export const uriOf = (path: string): vscode.Uri =>
  /^[a-z][\w+.-]+:/.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);

/** Context keys, for menus and for the walkthrough's ticks. */
export type Milestone = 'hasStopped' | 'hasTravelled' | 'hasSteppedBack';

/** What the compiler said about a session's program. */
export interface Diagnosis {
  readonly session: vscode.DebugSession;
  readonly diagnostics: readonly CompilerDiagnostic[];
}

/** Why a session's program could not be started. */
export interface Failure {
  readonly session: vscode.DebugSession;
  readonly message: string;
}

/** A session's run has used up what it was allowed. */
export interface Pause extends EventBody<'stepformer/paused'> {
  readonly session: vscode.DebugSession;
}

/** What a session's program has printed, or what was said about it. */
export interface Print extends EventBody<'output'> {
  readonly session: vscode.DebugSession;
}

type HandledEvent = Extract<EventName, `stepformer/${string}` | 'stopped' | 'output' | 'invalidated'>;
type EventHandlers = { [E in HandledEvent]: (session: vscode.DebugSession, body: EventBody<E>) => void };

/** Requests that change what is marked on a recording. */
const MARKING = /^set\w*Breakpoints$|Bookmark$/;

export class Sessions implements vscode.Disposable {
  private readonly status = new Map<string, Status>();
  private readonly stopped = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly departed = new vscode.EventEmitter<Journey | undefined>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly diagnosed = new vscode.EventEmitter<Diagnosis>();
  private readonly failed = new vscode.EventEmitter<Failure>();
  private readonly ready = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly reading = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly edited = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly marked = new vscode.EventEmitter<void>();
  private readonly printed = new vscode.EventEmitter<Print>();
  private readonly paused = new vscode.EventEmitter<Pause>();
  private readonly open = new Set<string>();
  private readonly started = new vscode.EventEmitter<vscode.DebugSession>();
  private readonly disposables: vscode.Disposable[];
  private readonly stops = new Map<string, EventBody<'stopped'>>();
  private known: vscode.DebugSession | undefined;

  /** A session is starting: what was said about the last one is out of date. */
  readonly onDidStart = this.started.event;
  /** A session has stopped somewhere, or was moved. */
  readonly onDidStop = this.stopped.event;
  /** Status, or which session is in front, has changed. */
  readonly onDidChange = this.changed.event;
  /** The compiler has spoken. An empty list: it is content. */
  readonly onDidDiagnose = this.diagnosed.event;
  /** A program could not be started. */
  readonly onDidFail = this.failed.event;
  /** A program is loaded, and breakpoints can be set: before it starts. */
  readonly onDidLoad = this.ready.event;
  /** A program reads input that it has not been given. */
  readonly onDidRead = this.reading.event;
  /** A run has used up what it was allowed. */
  readonly onDidPause = this.paused.event;
  /** Something of what is shown was changed by hand. */
  readonly onDidEdit = this.edited.event;
  /** Somebody travels; undefined: nowhere after all. */
  readonly onDidDepart = this.departed.event;
  /** Breakpoints or bookmarks of a session are others now. */
  readonly onDidMark = this.marked.event;
  /** Something is printed. */
  readonly onDidPrint = this.printed.event;

  constructor() {
    this.disposables = [
      this.stopped,
      this.changed,
      this.diagnosed,
      this.failed,
      this.ready,
      this.reading,
      this.printed,
      this.marked,
      this.paused,
      this.edited,
      this.started,
      this.departed,
      vscode.debug.onDidChangeActiveDebugSession(() => this.changed.fire()),
      vscode.debug.onDidTerminateDebugSession((session) => this.forget(session)),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: (session) => {
          this.known = session;
          this.open.add(session.id);
          this.started.fire(session);
          return {
            onWillReceiveMessage: (message) => {
              const { command } = message;
              // VS Code knows nothing of it: the extension answers.
              if (command === 'initialize') message.arguments = { ...message.arguments, stepformerInput: true };
              if (command === 'stepBack' || command === 'reverseContinue') reach('hasSteppedBack');
            },
            // All events from here: VS Code's own event for custom ones comes a detour later, out of order.
            onDidSendMessage: ({ type, event, body, command, success, message }) => {
              if (type === 'event') this.receive(session, event, body);
              const isLoad = command === 'launch' || command === 'attach' || command === 'restart';
              if (type === 'response' && MARKING.test(command)) this.marked.fire();
              if (type === 'response' && isLoad && !success) this.failed.fire({ session, message: String(message) });
            },
          };
        },
      }),
    ];
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  /** The session in front. */
  get active(): vscode.DebugSession | undefined {
    const active = vscode.debug.activeDebugSession;
    if (active) return active.type === DEBUG_TYPE ? active : undefined;
    // VS Code learns of a new session a moment after its first events.
    return this.known && this.status.has(this.known.id) ? this.known : undefined;
  }

  /** Where the session in front is. */
  get now(): Status | undefined {
    const { active } = this;
    return active && this.status.get(active.id);
  }

  /** Whether a session goes on. */
  isOpen(id: string): boolean {
    return this.open.has(id);
  }

  /** The last stop of the session in front. */
  get lastStop(): EventBody<'stopped'> | undefined {
    const { active } = this;
    return active && this.stops.get(active.id);
  }

  /** Asks a session, that in front if no other is named. @throws when there is none, or the adapter refuses */
  async ask<C extends RequestName>(command: C, args: SentWith<C>, session = this.active): Promise<AnswerOf<C>> {
    if (!session) throw new Error('No program is being debugged inside the transformer. Open a C file and press F5.');
    return session.customRequest(command, args);
  }

  /** Moves the session to a line, or to that of a token. False: the token belongs to the prompt, there is nothing to move to. */
  async travel(to: SentWith<'stepformer/travel'>, journey: Journey = 'journey'): Promise<boolean> {
    this.departed.fire(journey);
    let travelled = false;
    try {
      travelled = (await this.ask('stepformer/travel', to)).travelled;
    } finally {
      if (!travelled) this.departed.fire(undefined);
    }
    if (travelled) reach('hasTravelled');
    return travelled;
  }

  /** What is done about events: all of ours, and of the protocol's those that views wait for. */
  private readonly handlers: EventHandlers = {
    'stepformer/diagnostics': (session, { diagnostics }) => this.diagnosed.fire({ session, diagnostics }),
    'stepformer/status': (session, status) => {
      this.status.set(session.id, status);
      this.changed.fire();
    },
    'stepformer/paused': (session, pause) => this.paused.fire({ session, ...pause }),
    'stepformer/inputNeeded': (session) => this.reading.fire(session),
    invalidated: (session, { areas }) => {
      if (!areas?.includes('all')) return;
      this.edited.fire(session);
      void this.stopAgain(session);
    },
    output: (session, output) => this.printed.fire({ session, ...output }),
    stopped: (session, stop) => {
      this.stops.set(session.id, stop);
      reach('hasStopped');
      this.stopped.fire(session);
      this.changed.fire();
    },
  };

  /**
   * An edit is no stop, and what VS Code shows after one is the last stop that it knows of. It knows of none, and takes the
   * program for running, when a motion was over before VS Code had taken in that it began.
   */
  private async stopAgain(session: vscode.DebugSession): Promise<void> {
    const status = this.status.get(session.id);
    if (!status || status.state === 'running') return;
    // It may run again, or have ended: then there is nothing to show.
    await this.ask('goto', { threadId: 1, targetId: status.traceLine }, session).catch(() => {});
  }

  private receive(session: vscode.DebugSession, event: string, body: unknown): void {
    if (event === 'initialized') this.ready.fire(session);
    if (!Object.hasOwn(this.handlers, event)) return;
    const handler = this.handlers[event as keyof EventHandlers] as (
      session: vscode.DebugSession,
      body: unknown,
    ) => void;
    handler(session, body);
  }

  private forget(session: vscode.DebugSession): void {
    this.status.delete(session.id);
    this.open.delete(session.id);
    this.stops.delete(session.id);
    if (this.known?.id === session.id) this.known = undefined;
    this.changed.fire();
  }
}

function reach(milestone: Milestone): void {
  void vscode.commands.executeCommand('setContext', `${DEBUG_TYPE}.${milestone}`, true);
}
