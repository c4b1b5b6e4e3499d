/** Requests of what stands in editors: beside the lines of trace pages, and beside those of sources. */
import { request } from '../dap-messages.ts';
import { place, token, traceLine } from '../moments.ts';
import { integer, list, optional, otherwise, record, text } from '../schema.ts';

export const EDITOR_REQUESTS = {
  /** Lines of the trace from one on, as far as the user has come: what stands beside each on its page. */
  'stepformer/lines': request(
    record({ traceLine, count: otherwise(integer({ min: 1, max: 10_000 }), 100) }),
    record({
      lines: list(
        record({
          /** Its first. */
          token,
          /** Empty for a line that executes none. */
          instruction: text,
          /** In C's terms where there are any: `a = 3`, `sum ← 8`. */
          meaning: text,
          /** The line of C that it was executed for, and its text. */
          place: optional(place),
          source: optional(text),
          function: optional(text),
        }),
      ),
    }),
  ),
  /** What the tokens were spent on so far: by function, the most expensive first, and by line of a source. */
  'stepformer/profile': request(
    record({}),
    record({
      tokens: integer(),
      functions: list(
        record({
          name: text,
          place: optional(place),
          calls: integer(),
          /** Tokens of its own, and with those of all that it called. */
          own: integer(),
          total: integer(),
        }),
      ),
      lines: list(
        record({
          place,
          /** How often it was executed. */
          count: integer(),
          /** Tokens that it took, those of library functions that it called included. */
          tokens: integer(),
        }),
      ),
    }),
  ),
  /** Writes that to a file which other tools open: V8's format for `.cpuprofile`, else speedscope's. */
  'stepformer/exportProfile': request(record({ path: text }), record({ bytes: integer() })),
} as const;
