/**
 * What extension host and views say to each other: every message by its name, with its fields. Both ends answer with an
 * object of handlers, one for each message, and do not compile without.
 */
import type { MemoryMap, OutputChunk, TokenAttention } from '../../debug-adapter/protocol/protocol.ts';

/** From the extension host to the Attention view. */
export interface ToAttention {
  /** What the heads did; `past`: the position has been left before. */
  attention: { attention: TokenAttention; past: boolean };
  /** The latest pieces that the program has printed, of how many; the position is before a trace line. */
  output: { chunks: readonly OutputChunk[]; total: number; traceLine: number };
  running: object;
  /** No program is debugged. */
  empty: object;
  /** Why there is nothing to show. */
  trouble: { message: string };
  /** A remark beside what is shown. */
  note: { message: string };
}

/** From the Attention view to the extension host. */
export interface FromAttention {
  /** The page is there and shows what it is sent. */
  ready: object;
  focus: { token: number };
  /** `place`: the C line to show if there is no moment to travel to. */
  travel: { token: number; place?: Place };
  open: Place;
  /** Show the trace at a line. */
  trace: { traceLine: number };
  command: { command: string };
}

/** From the extension host to the Memory view. */
export interface ToMemory {
  /** A piece of memory, and what was asked for. */
  memory: { memory: MemoryMap; expression: string };
  /** No program is debugged. */
  empty: object;
  trouble: { message: string };
}

/** From the Memory view to the extension host. */
export interface FromMemory {
  /** The page is there and shows what it is sent. */
  ready: object;
  /** Show what lies at an address, or where an expression lies or points to; empty for the variables. */
  look: { expression: string };
  travel: { token: number };
}

type Place = NonNullable<TokenAttention['place']>;

/** One message of several. */
export type ViewMessage<M> = { [Name in keyof M]: { type: Name } & M[Name] }[keyof M];

/** What is done about each message. */
export type MessageHandlers<M> = { [Name in keyof M]: (message: M[Name]) => void };

/** Hands a message to its handler. */
export function receive<M>(handlers: MessageHandlers<M>, message: ViewMessage<M>): void {
  if (Object.hasOwn(handlers, message.type)) (handlers[message.type] as (message: ViewMessage<M>) => void)(message);
}
