/**
 * Questions about all of the recording so far: they look at much of it and so are answered in slices, by and by. A client
 * that no longer wants the answer cancels the request.
 */
import { request } from './dap-messages.ts';
import { place, token, traceLine } from './moments.ts';
import { flag, integer, lineOfSource, list, oneOf, optional, otherwise, record, text } from './schema.ts';

/** Rows told at once; the total is that of all. */
const limit = otherwise(integer({ min: 1, max: 1_000_000 }), 1000);

const MOMENT = { traceLine, token };

/** A call of a function. */
const CALL = {
  /** Where the arguments can be looked at: the first statement. */
  ...MOMENT,
  /** Calls that are open around it. */
  depth: integer(),
  arguments: list(record({ name: text, value: text })),
  returned: optional(text),
  /** The line that it returned to; missing while it is open. */
  end: optional(traceLine),
  /** Trace lines from the call to its end, or as far as the recording goes. */
  lines: integer(),
};

/** A call in the tree of them; `calls`: whether it made calls itself. */
const NODE = record({ ...CALL, function: text, calls: flag });

export const PAST_REQUESTS = {
  /** Every write to what an expression denotes, the oldest first, with the value that it leaves behind. */
  'stepformer/history': request(
    record({ expression: text, frameId: optional(integer()), limit }),
    record({ writes: list(record({ ...MOMENT, value: text, place: optional(place) })), total: integer() }),
  ),
  /**
   * An expression, or several with `;` between them, at each execution of a line, the oldest first; only where the condition
   * holds, if there is one.
   */
  'stepformer/print': request(
    record({ path: text, line: lineOfSource, expression: text, condition: optional(text), limit }),
    record({
      rows: list(
        record({
          ...MOMENT,
          value: text,
          /** Values of the second expression and those behind it. */
          others: optional(list(text)),
          /** Whether there is no value, and the text in its place says why. */
          failed: optional(flag),
        }),
      ),
      /** The expressions. */
      columns: list(text),
      total: integer(),
    }),
  ),
  /** Every call of a function, the oldest first. */
  'stepformer/calls': request(
    record({ function: text, limit }),
    record({
      calls: list(record(CALL)),
      total: integer(),
    }),
  ),
  /**
   * The calls around a trace line (or the position): of the innermost call that is open there, those around it, those
   * that its caller made, and those that it made itself, with what these made in turn down to `depth` levels. Functions
   * that the compiler inlined and those that stand for an operator are no calls.
   */
  'stepformer/callTree': request(
    record({
      traceLine: optional(traceLine),
      depth: otherwise(integer({ min: 1, max: 16 }), 1),
      /** The first of its own calls that is told, by number. */
      start: otherwise(integer({ min: 0 }), 0),
      limit,
    }),
    record({
      /** The outermost first, at most `limit`; the last is the innermost. */
      open: list(NODE),
      /** The calls that the caller made, this one among them; some before and behind it. */
      siblings: list(NODE),
      /** Number of the first sibling that is told, and how many there are. */
      firstSibling: integer(),
      totalSiblings: integer(),
      /** Each followed by those that it made. */
      children: list(NODE),
      /** How many it made itself. */
      totalChildren: integer(),
    }),
  ),
  /**
   * Functions by a part of their name (the hit is their first call), output by a part of its text, and values: `cell == 74`
   * finds the writes that made it so.
   */
  'stepformer/search': request(
    record({ text, kinds: optional(list(oneOf(['function', 'output', 'value']))), limit }),
    record({
      hits: list(record({ kind: oneOf(['function', 'output', 'value']), text, ...MOMENT, place: optional(place) })),
      more: flag,
    }),
  ),
  /** The lines of the function that a trace line (or the position) is in, as its call executed them up to now. */
  'stepformer/coverage': request(
    record({ traceLine: optional(traceLine) }),
    record({
      function: text,
      /** The call: its first trace line, and the one behind its last as far as the recording goes. */
      start: traceLine,
      end: traceLine,
      /** Tokens of the call, those of calls that it made included. */
      tokens: integer(),
      lines: list(
        record({
          place,
          /** How often it was executed. */
          count: integer(),
          /** Tokens that it took, those of calls that it made included. */
          tokens: integer(),
        }),
      ),
    }),
  ),
} as const;
