/** Requests of what stands in editors: beside the lines of trace pages, and beside those of sources. */
import { request } from '../dap-messages.ts';
import { place, traceLine } from '../moments.ts';
import { integer, list, optional, otherwise, record, text } from '../schema.ts';

export const EDITOR_REQUESTS = {
  /** Lines of the trace from one on, as far as the user has come: what stands beside each on its page. */
  'stepformer/lines': request(
    record({ traceLine, count: otherwise(integer({ min: 1, max: 10_000 }), 100) }),
    record({
      lines: list(
        record({
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
} as const;
