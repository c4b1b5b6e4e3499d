/** How moments and places are sent, in all of our requests: see protocol.ts. */
import { integer, lineOfSource, oneOf, optional, record, text } from './schema.ts';

export const token = integer();
export const traceLine = integer();
export const place = record({ path: text, line: lineOfSource });

/** What one line of C printed at one time. */
export const chunk = record({
  text,
  category: oneOf(['stdout', 'stderr']),
  /** Where its first byte was written. */
  traceLine,
  token,
  /** The line of C, if it was one. */
  place: optional(place),
});
