/**
 * Everything that adapter and clients say to each other: the protocol's own requests and events (dap-messages.ts), and here
 * ours, whose names begin with `stepformer/`. Adapter, extension host and views import from this file; a new request
 * is an entry here and a handler in the session, and does not compile without.
 *
 * A moment is a trace line (`traceLine`, from 0, the same for all clients) and a token (from 0, the prompt's first). A
 * place is a line of a source: `line` is nothing else, and counts from 0 or 1 as the client wishes.
 */
import type { Work } from '../recording/pace.ts';
import { BRANCH_REQUESTS } from './branch-requests.ts';
import { BREAKPOINTS, DONE, request, SESSION_EVENTS, SESSION_REQUESTS, step } from './dap-messages.ts';
import { chunk, place, standing, token, traceLine } from './moments.ts';
import { PAST_REQUESTS } from './past-requests.ts';
import { RECORDING_REQUESTS } from './recording-requests.ts';
import {
  anyNumber,
  type CheckedOf,
  columnOfSource,
  flag,
  integer,
  lineOfSource,
  list,
  nullable,
  oneOf,
  optional,
  otherwise,
  record,
  type SentOf,
  text,
} from './schema.ts';
import { VIEW_REQUESTS, type ViewSometimesWork, type ViewWork } from './view-requests/view-requests.ts';

/** Where the session is. */
const WHEREABOUTS = {
  /** The token in focus. */
  token,
  /** The line that is about to be executed. */
  traceLine,
  /** Whether that has been executed before. */
  past: flag,
  /** The last token of what has been executed. */
  now: integer(),
  /** The furthest line that the position has been at. */
  reached: traceLine,
  /** Whether that is where the program has ended. */
  ended: flag,
  /** Where it is entered. */
  home: traceLine,
};
const whereabouts = record(WHEREABOUTS);

/** What one head did. */
const head = record({
  layer: integer(),
  head: integer(),
  role: text,
  /** Whether it had a part in the token. */
  active: flag,
  query: list(anyNumber),
  /** What it attended to; null when its attention is spread over many. */
  target: nullable(standing),
  /** Tokens that share its attention equally. */
  shared: integer(),
  /** What it brought: the two numbers, and in words. */
  value: text,
  meaning: text,
  /** How far the winning score is ahead of the next; null without a next. */
  margin: nullable(anyNumber),
  runnerUp: optional(record({ token, text })),
});

/** A piece of a sentence. One with a token can be followed, `traceLine` is that token's. */
const PART = { text, value: optional(text), token: optional(token), traceLine: optional(traceLine) };
/** `place`: of a quoted line of C that wrote what is read. */
const headlinePart = record({ ...PART, isCode: optional(flag), place: optional(place) });

/** What the heads did for one token. */
const attention = record({
  /** The trace line in C's terms; empty for a program without sources. */
  headline: list(headlinePart),
  /** The trace line in words. */
  sentence: list(record(PART)),
  traceLine,
  lineText: text,
  place: optional(place),
  /** The tokens of the trace line. */
  tokens: list(record({ token, text, focus: flag })),
  /** The token in focus. */
  token,
  now: integer(),
  heads: list(head),
});

/** The head that testifies: in the pass that chose token `from` it attended to token `to`. */
const evidence = record({
  layer: integer(),
  head: integer(),
  role: text,
  from: token,
  /** -1 where its attention is spread over many. */
  to: integer({ min: -1 }),
  /** How far the winning score is ahead of the next; null without a next. */
  margin: nullable(anyNumber),
});

/** A value that took part: `token` is good for another question; -1 where nothing was ever written. */
const operand = record({
  text,
  value: text,
  token: integer({ min: -1 }),
  /** Bytes from the token on that are meant; missing for a whole value. */
  bytes: optional(integer({ min: 1 })),
  /** Whether it is a number of the code. */
  constant: optional(flag),
});

/** Where something happened: the C line's text, or what the instruction is. */
const HAPPENED = {
  text,
  place: optional(place),
  /** The function; one of the library has the place of the call that led there. */
  function: optional(text),
};

/** One hop of an origin. */
const hop = record({
  ...HAPPENED,
  kind: oneOf(['copy', 'compute', 'constant', 'input', 'initializer', 'edit', 'unknown']),
  value: text,
  /** Where it happened; -1 for what the prompt states. */
  traceLine: integer({ min: -1 }),
  token: integer({ min: -1 }),
  evidence: optional(evidence),
  /** What was computed with, or the parts that were put together. */
  operands: optional(list(operand)),
  /** What is computed, with the names of its operands: `x + y`. */
  expression: optional(text),
  /** Copies left out before this hop, and by which lines they were made. */
  folded: optional(integer()),
  through: optional(list(record({ ...HAPPENED, count: integer() }))),
  /** Of a copy: what it was. A `local` and a `global` are those of WebAssembly. */
  how: optional(oneOf(['store', 'local', 'parameter', 'global', 'output'])),
  /** Where a store wrote to: its operand, another question; where the value lies then, and how many bytes of it. */
  address: optional(record({ token, value: text, at: integer(), bytes: integer({ min: 1 }) })),
  /** Whether a copy was made in a library's function, which the C line called. */
  library: optional(flag),
  /** Of a byte of the input: which, from 0. */
  index: optional(integer()),
});

/** A line that read a value. */
const reader = record({ ...HAPPENED, traceLine, token, evidence: optional(evidence) });

/** What led to a line: a branch with its condition, or the call. */
const control = record({
  ...HAPPENED,
  kind: oneOf(['branch', 'call', 'start']),
  traceLine,
  token,
  /** Whether the branch was taken; missing for one of many ways. */
  taken: optional(flag),
  condition: optional(operand),
  evidence: optional(evidence),
});

/** Hops or readers told at once: for each a pass is looked at. */
const limit = otherwise(integer({ min: 1, max: 1000 }), 20);

/** A piece of memory, with who wrote it and what C calls it. */
const memory = record({
  /** Of the first byte: a multiple of 16. */
  address: integer(),
  /** The address that was asked for, or chosen. */
  wanted: integer(),
  /** Bytes that the program has. */
  size: integer(),
  bytes: list(integer({ max: 255 })),
  /** The position that it is seen from. */
  traceLine,
  /** Runs of bytes by their last writer, ascending; the initial data of the program has no `traceLine`. */
  writes: list(
    record({ address: integer(), length: integer(), token, traceLine: optional(traceLine), place: optional(place) }),
  ),
  /** What lies there, locals of inner calls first. */
  variables: list(
    record({ name: text, address: integer(), size: integer(), value: text, type: text, function: optional(text) }),
  ),
});

const OWN_REQUESTS = {
  'stepformer/position': request(record({}), whereabouts),
  /** A page of the trace as text; see recording/trace-pages.ts. `final`: no line will be added to it. */
  'stepformer/tracePage': request(
    record({ page: integer({ max: 2 ** 31 - 1 }) }),
    record({ text, firstLine: traceLine, lines: integer(), final: flag }),
  ),
  /** Of the token in focus, if no other is named. */
  'stepformer/attention': request(record({ token: optional(token) }), attention),
  /** Moves to a moment that has been; `travelled` is false for tokens of the prompt, which were there before the first. */
  'stepformer/travel': request(
    record({ token: optional(token), traceLine: optional(traceLine) }),
    record({ ...WHEREABOUTS, travelled: flag }),
  ),
  /** All that the program has printed, oldest first: a chunk for each time that a line of C printed. */
  'stepformer/output': request(
    record({ start: otherwise(integer(), 0), count: otherwise(integer(), 0) }),
    record({ chunks: list(chunk), total: integer() }),
  ),
  /** Where the value of an expression, or of what a token holds, came from: hops, the newest first. */
  'stepformer/origin': request(
    record({
      expression: optional(text),
      frameId: optional(integer()),
      token: optional(token),
      /** Of a token: how many bytes from it on are meant, if not one. */
      bytes: optional(integer({ min: 1 })),
      limit,
    }),
    record({ hops: list(hop), more: flag }),
  ),
  /** Who read what a token wrote, up to its next write: the oldest first. */
  'stepformer/readers': request(record({ token, limit }), record({ readers: list(reader), more: flag })),
  /** Why a line was executed; of the position, if no other is named. */
  'stepformer/control': request(record({ traceLine: optional(traceLine) }), control),
  /** Stops before a text is complete in what the program prints; all of them at once, as with the protocol's own. */
  'stepformer/setOutputBreakpoints': request(
    record({ breakpoints: list(record({ text, category: optional(oneOf(['stdout', 'stderr'])) })) }),
    BREAKPOINTS,
  ),
  /**
   * Stops before a trace line, for a token of which a head attends to this token, or (from elsewhere) to a token of a
   * trace line that was executed for this line of C. `layer` and `head`, or `role`, say which head; otherwise any does
   * (of a line of C, but the one by which each trace line finds the one before it).
   */
  'stepformer/setAttentionBreakpoints': request(
    record({
      breakpoints: list(
        record({
          token: optional(token),
          place: optional(place),
          layer: optional(integer()),
          head: optional(integer()),
          role: optional(text),
        }),
      ),
    }),
    BREAKPOINTS,
  ),
  /** The reverse of step into: into the end of the last call that the line before made. */
  'stepformer/stepBackIn': step,
  /** The reverse of step into from anywhere in a call: to the line of the call in the caller. */
  'stepformer/stepBackOut': step,
  /** More of the standard input; `end`: no more will come. Answers `stepformer/inputNeeded`. */
  'stepformer/input': request(record({ text, end: otherwise(flag, false) }), record({})),
  /** Memory at an address, or at what an expression's value points to or lies at; without either at the variables. */
  'stepformer/memory': request(
    record({
      address: optional(integer({ max: 2 ** 32 - 1 })),
      expression: optional(text),
      count: otherwise(integer({ min: 1, max: 4096 }), 256),
    }),
    memory,
  ),
  /** Backwards to the last time that a line was executed, or to a breakpoint on the way. */
  'stepformer/reverseToCursor': request(place, DONE),
  /** Beyond a pause: `asks`, for as much again; otherwise the run is never paused for its tokens again. */
  'stepformer/goOn': request(record({ asks: otherwise(flag, true) }), DONE),
  'stepformer/stepToken': request(record({ direction: oneOf(['forward', 'backward']) }), whereabouts),
} as const;

const OWN_EVENTS = {
  /** The program reads standard input that is not there yet, and waits for `stepformer/input`. */
  'stepformer/inputNeeded': record({}),
  /** As many tokens or as much memory as was allowed is used up; `stepformer/goOn` and Continue go on. */
  'stepformer/paused': record({ by: oneOf(['tokens', 'memory']), text }),
  /** Where the session is, a few times per second while it runs, and whenever it has stopped. */
  'stepformer/status': record({
    ...WHEREABOUTS,
    state: oneOf(['running', 'stopped', 'ended']),
    /** 0 while nobody knows. */
    tokensPerSecond: integer(),
  }),
  /** What the compiler said about the program, with every load; nothing when it was content. */
  'stepformer/diagnostics': record({
    diagnostics: list(
      record({ severity: text, message: text, file: text, line: lineOfSource, column: columnOfSource }),
    ),
  }),
} as const;

/** The requests that a session answers. */
export const REQUESTS = {
  ...SESSION_REQUESTS,
  ...OWN_REQUESTS,
  ...PAST_REQUESTS,
  ...RECORDING_REQUESTS,
  ...BRANCH_REQUESTS,
  ...VIEW_REQUESTS,
} as const;

/** The events that a session sends. */
export const EVENTS = { ...SESSION_EVENTS, ...OWN_EVENTS } as const;

/** Name of a request that a session answers. */
export type RequestName = keyof typeof REQUESTS;

/** What a client sends with a request. */
export type SentWith<C extends RequestName> = SentOf<(typeof REQUESTS)[C]['arguments']>;

/** What a request's handler gets. */
export type ArgumentsOf<C extends RequestName> = CheckedOf<(typeof REQUESTS)[C]['arguments']>;

/** Body of a request's response. */
export type AnswerOf<C extends RequestName> = SentOf<(typeof REQUESTS)[C]['answer']>;

/** Name of a request that branches answer, and not the session of one. */
export type BranchRequest = keyof typeof BRANCH_REQUESTS;

/** The answer to a request, or the work that leads to it. */
export type Answering<C extends RequestName> = C extends keyof typeof PAST_REQUESTS | ViewWork
  ? Work<AnswerOf<C>>
  : C extends BranchRequest | 'evaluate' | ViewSometimesWork
    ? AnswerOf<C> | Work<AnswerOf<C>>
    : AnswerOf<C>;

/** A handler for every request. */
export type Handlers = { [C in RequestName]: (args: ArgumentsOf<C>) => Answering<C> };

/** Name of an event that a session sends. */
export type EventName = keyof typeof EVENTS;

/** Body of an event. */
export type EventBody<E extends EventName> = SentOf<(typeof EVENTS)[E]>;

/** Where events go. */
export type Emit = <E extends EventName>(event: E, body: EventBody<E>) => void;

/** Whether a name, of anything a client may send, is that of a request that a session answers. */
export function isRequest(name: string): name is RequestName {
  return Object.hasOwn(REQUESTS, name);
}

/** Whether what a handler returned is work that leads to an answer. */
export function isWork<T>(answering: T | Work<T>): answering is Work<T> {
  return typeof answering === 'object' && answering !== null && Symbol.iterator in answering;
}

export type Whereabouts = AnswerOf<'stepformer/position'>;
export type SourceLine = SentOf<typeof place>;
export type Standing = SentOf<typeof standing>;
export type HeadlinePart = SentOf<typeof headlinePart>;
export type MemoryMap = SentOf<typeof memory>;
export type OutputChunk = SentOf<typeof chunk>;
export type TimelineAnswer = AnswerOf<'stepformer/timeline'>;
export type MomentAnswer = AnswerOf<'stepformer/moment'>;
export type HullAnswer = AnswerOf<'stepformer/hull'>;
export type HullKey = AnswerOf<'stepformer/key'>;
export type HeadView = SentOf<typeof head>;
export type TokenAttention = SentOf<typeof attention>;
export type HeadForms = AnswerOf<'stepformer/head'>;
export type HeadPattern = AnswerOf<'stepformer/pattern'>;
export type Status = EventBody<'stepformer/status'>;
export type CompilerDiagnostic = EventBody<'stepformer/diagnostics'>['diagnostics'][number];
export type Evidence = SentOf<typeof evidence>;
export type HopOperand = SentOf<typeof operand>;
export type Hop = SentOf<typeof hop>;
export type Reader = SentOf<typeof reader>;
export type OriginAnswer = AnswerOf<'stepformer/origin'>;
export type ReadersAnswer = AnswerOf<'stepformer/readers'>;
export type ControlAnswer = SentOf<typeof control>;
export type TokenAnswer = AnswerOf<'stepformer/token'>;
export type CounterfactualAnswer = AnswerOf<'stepformer/counterfactual'>;
