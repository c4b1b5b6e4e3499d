/**
 * How a thread that runs an instrumented module hands over its events: in chunks, of which only a few are under way. Both
 * sides wait for each other by two shared numbers.
 */
import type { MessagePort } from 'node:worker_threads';
import type { NativeEnd } from './execution.ts';

/** Words of an event: see instrument/probes.ts. */
export const EVENT_WORDS = 4;

/** What tells a byte of output: its address is the byte, its value 1 for standard output and 2 for standard error. */
export const OUTPUT_EVENT = 0x7fffffff;

/** Events of a chunk, and chunks that are not yet taken when the thread waits. */
export const CHUNK_EVENTS = 4096;
export const MOST_CHUNKS = 8;

/** Shared numbers: messages that the thread has sent, and those that the other side has sent or taken. */
export const SENT = 0;
export const TAKEN = 1;

/** What the thread is given. */
export interface EventsJob {
  readonly wasm: Uint8Array;
  /** Of one with files, as it was given: see `host.ts`. */
  readonly given?: Uint8Array;
  /** Whether arguments stand before the input of a program of WASI. */
  readonly args: boolean;
  readonly port: MessagePort;
  /** `SENT` and `TAKEN`. */
  readonly counts: SharedArrayBuffer;
}

/** What comes from the thread. */
export interface Chunk {
  readonly events: Int32Array;
  /** It goes on when it is given input. */
  readonly waits?: boolean;
  /** How the run ended. */
  readonly end?: NativeEnd;
}

/** What the thread is told: a chunk was taken, or there is input. */
export type ToThread =
  | { readonly kind: 'taken' }
  | { readonly kind: 'input'; readonly bytes: Uint8Array; readonly end: boolean };
