/**
 * What the Timeline view asks: the calls of a window of the run as so many buckets can show, with what happened there, and
 * what is at one moment. The window is one of tokens; a view that has drawn it narrower asks again.
 */
import { request } from '../dap-messages.ts';
import { place, token, traceLine } from '../moments.ts';
import { flag, integer, list, oneOf, optional, otherwise, record, text } from '../schema.ts';

/** A call, or several that are too short to be told apart. */
const CALL = { token, traceLine, function: text, depth: integer(), tokens: integer(), place: optional(place) };

const timeline = record({
  /** The window, inside of the run. */
  from: token,
  to: token,
  /** The run: its first token behind the prompt, and the one behind its last so far. */
  first: token,
  end: token,
  /** Functions by the number that spans have, in the order in which they were first called; `own`: with a source. */
  functions: list(record({ name: text, own: flag })),
  /** Per bucket: the most calls that are open in it, 0 for the start of the program. */
  depths: list(integer()),
  /**
   * Per depth, from 1 to at most 400: five numbers for each span: first token, the token behind its last, function, calls, and the bucket
   * where it begins. One call is told as it is, even where it goes beyond the window; several short ones together go from
   * the first to the last, and have the function that takes most of it.
   */
  spans: list(list(integer())),
  /** The longest calls that reach into the window. */
  longest: list(record(CALL)),
  /** Where the program printed: the first piece in a bucket, and how many there are. */
  output: list(record({ token, text, category: oneOf(['stdout', 'stderr']), count: integer() })),
  /** Executions of what breakpoints lie on: pairs of the first token in a bucket and how many there are. */
  breakpoints: list(
    record({
      id: integer(),
      text,
      place: optional(place),
      conditional: flag,
      total: integer(),
      hits: list(integer()),
    }),
  ),
  /** What stands out in all of the run. */
  findings: list(record({ kind: oneOf(['deepest', 'longest', 'error']), text, token, traceLine })),
  /** The trace lines of the window, if they are few. */
  lines: list(record({ token, traceLine, text, place: optional(place) })),
});

const moment = record({
  token,
  traceLine,
  lineText: text,
  function: optional(text),
  /** Calls that are open around the function's. */
  depth: integer(),
  /** The line of C, and its text: of the innermost function that has one. */
  place: optional(place),
  text,
  /** That function, if it is another: what one is in belongs to a library. */
  caller: optional(text),
  /** How one got there, the outermost first: functions, and how often each was open one inside the other. */
  chain: list(record({ function: text, times: integer() })),
});

export const TIMELINE_REQUESTS = {
  'stepformer/timeline': request(
    record({
      from: otherwise(integer(), 0),
      /** The token behind the last; if missing, all that there is. */
      to: optional(integer()),
      buckets: otherwise(integer({ min: 1, max: 4096 }), 1000),
    }),
    timeline,
  ),
  /** Of a trace line, or of the one that a token belongs to: for the prompt's the first, for what is still to come the last. */
  'stepformer/moment': request(record({ token: optional(token), traceLine: optional(traceLine) }), moment),
} as const;
