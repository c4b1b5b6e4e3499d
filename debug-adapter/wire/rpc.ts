/**
 * Calls and events between the adapter and its session, which run in two threads so that the adapter always answers.
 * Messages are plain objects; errors cross with their message, place and diagnostics. Not vscode-jsonrpc: its reader of
 * ports never lets go of a thread, which the next session is to have, and it sends events ahead of the response.
 */
import type { Worker } from 'node:worker_threads';
import { type Place, PlacedError } from '../../engine/errors.ts';
import type { ArgumentsOf, EventBody, EventName, RequestName } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';

/** What can be called with what: the requests of clients, and what starts and ends sessions. */
export type Calls = { [C in RequestName]: ArgumentsOf<C> } & Control;

/** Calls that are about the session as a whole. */
export interface Control {
  /** The launch configuration, not checked. */
  launch: unknown;
  /** Likewise: names a recording. */
  attach: unknown;
  /** Likewise; undefined: as before. */
  restart: unknown;
  cancel: Cancellation;
  /** The session is about to be over. */
  finish: undefined;
  /** Forgets everything: the thread is for another session. */
  reset: undefined;
}

/** A call of the session. */
export interface Call<M extends keyof Calls = keyof Calls> {
  id: number;
  method: M;
  args: Calls[M];
}

/** What is cancelled: the work's progress as clients know it, that it is the loading of a program, or a call. */
export interface Cancellation {
  progressId: string | undefined;
  isLoad: boolean;
  call: number | undefined;
}

/** An error as it crosses. `bug` marks those that are nobody's input. */
export interface RemoteError {
  message: string;
  place?: Place;
  bug: boolean;
}

/** What the session sends: answers to calls, and events. */
export type Reply = { id: number; body: unknown } | { id: number; error: RemoteError } | Told;

/** An event. */
export interface Told<E extends EventName = EventName> {
  event: E;
  body: EventBody<E>;
}

/** An error of any kind, ready to cross. */
export function toRemote(error: unknown): RemoteError {
  if (error instanceof PlacedError) return { message: error.toString(), place: error.place, bug: false };
  if (error instanceof BadRequest) return { message: error.message, bug: false };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { message: error instanceof Error ? error.message : stack, bug: true };
}

/** A call that the session answered with an error. */
export class CallFailed extends Error {
  readonly remote: RemoteError;

  constructor(remote: RemoteError) {
    super(remote.message);
    this.remote = remote;
  }
}

/** Milliseconds in which a thread has to leave its session. */
const PATIENCE = 2000;

interface Waiting {
  resolve(body: unknown): void;
  reject(error: Error): void;
}

/** The adapter's end. */
export class SessionLink {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private ended = false;

  /** `onEvent` gets the session's events; `onLost` is called once if the thread ends by itself. */
  constructor(worker: Worker, onEvent: (told: Told) => void, onLost: (message: string) => void) {
    this.worker = worker;
    worker.on('message', (reply: Reply) => {
      if ('event' in reply) {
        onEvent(reply);
        return;
      }
      const waiting = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      if ('error' in reply) waiting?.reject(new CallFailed(reply.error));
      else waiting?.resolve(reply.body);
    });
    const lost = (message: string) => {
      if (this.ended) return;
      this.fail(message);
      onLost(message);
    };
    worker.on('error', (error) => lost(`the session's thread failed: ${error instanceof Error ? error.stack : error}`));
    worker.on('exit', (code) => lost(`the session's thread ended unexpectedly (status ${code})`));
  }

  /** Calls the session; `numbered` is told the call's number. Rejects with CallFailed. */
  call<M extends keyof Calls>(method: M, args: Calls[M], numbered?: (id: number) => void): Promise<unknown> {
    if (this.ended) return Promise.reject(new CallFailed({ message: 'the session has ended', bug: false }));
    const id = this.nextId++;
    numbered?.(id);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, method, args } satisfies Call<M>);
    });
  }

  /**
   * Lets go of the thread, free for another session; undefined when it does not come free in time, and is ended.
   */
  async release(): Promise<Worker | undefined> {
    if (this.ended) return undefined;
    const { worker } = this;
    let timer: NodeJS.Timeout | undefined;
    const isFree = await Promise.race([
      this.call('reset', undefined).then(
        () => true,
        () => false,
      ),
      new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), PATIENCE);
      }),
    ]);
    clearTimeout(timer);
    if (!isFree || this.ended) {
      this.end();
      return undefined;
    }
    this.fail('the session has ended');
    for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
    return worker;
  }

  /** Ends the thread at once, whatever it is doing. */
  end(): void {
    if (!this.ended) this.fail('the session has ended');
    void this.worker.terminate();
  }

  private fail(message: string): void {
    this.ended = true;
    for (const { reject } of this.waiting.values()) reject(new CallFailed({ message, bug: false }));
    this.waiting.clear();
  }
}
