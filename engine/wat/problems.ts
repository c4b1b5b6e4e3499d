/**
 * Everything that is wrong with a module's text. The judge (wabt) stops where it no longer knows what follows, and looks
 * at types only when all names are known; so what it finds is made harmless and it is asked again.
 */
import { Edits } from './edits.ts';
import { Lines } from './lines.ts';
import { mismatches } from './parentheses.ts';
import { Repairs } from './repairs.ts';
import { scanWat } from './scanner.ts';

/** What the judge says of a text; the column counts bytes. */
export interface Fault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** A fault at a character of the text, from 0. */
export interface TextProblem {
  readonly message: string;
  readonly offset: number;
}

/** More rounds and problems than this help nobody. */
const MOST_ROUNDS = 40;
const MOST_PROBLEMS = 100;
/** Characters that the judge reads in all, but for the first time: large files are not read forty times. */
const MOST_CHARACTERS = 1 << 24;

/**
 * The problems of a text that the judge has refused, in its order; empty when the judge gives no places.
 * @param judge what is wrong with a text, nothing if it is right
 */
export function problemsOf(text: string, judge: (text: string) => readonly Fault[]): TextProblem[] {
  const found = new Map<number, string>();
  const note = (offset: number, message: string) => {
    if (!found.has(offset)) found.set(offset, message);
  };
  const balance = new Edits();
  for (const { offset, message, edit } of mismatches(text, scanWat(text))) {
    note(offset, message);
    balance.add(edit);
  }
  const repairs = new Repairs(balance.apply(text));
  const rounds = Math.min(MOST_ROUNDS, 1 + Math.floor(MOST_CHARACTERS / text.length));
  for (let round = 0; round < rounds && found.size < MOST_PROBLEMS; round++) {
    const current = repairs.result;
    const lines = new Lines(current);
    const places = judge(current).map(({ message, line, column }) => {
      return { message, at: repairs.wordAt(repairs.originalOffset(lines.offsetOfByte(line, column))) };
    });
    for (const { at, message } of places) if (!repairs.isKnown(at)) note(balance.originalOffset(at), message);
    // All of them: one that is left would be found again.
    if (places.filter(({ at }) => repairs.repair(at)).length === 0) break;
  }
  return [...found].map(([offset, message]) => ({ offset, message })).sort((a, b) => a.offset - b.offset);
}
