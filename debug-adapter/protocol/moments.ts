/** How moments and places are sent, in all of our requests: see protocol.ts. */
import { integer, lineOfSource, oneOf, optional, record, text } from './schema.ts';

export const token = integer();
export const traceLine = integer();
export const place = record({ path: text, line: lineOfSource });

/** A token and where it stands. */
export const standing = record({
  token,
  text,
  /** Missing for tokens of the prompt. */
  traceLine: optional(traceLine),
  /** Text of the trace line, or of the program's instruction. */
  lineText: optional(text),
  place: optional(place),
  /** The context, counted from 1, that began with what the token wrote, where a head of it attended to that. */
  carried: optional(integer({ min: 2 })),
});

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
