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
 * The problems of a text that the judge has refused, in its order; empty when the judge gives no place.
 * @param judge what is wrong with a text, nothing if it is right
 */
export function problemsOf(text: string, judge: (text: string) => readonly Fault[]): TextProblem[] {
  /** Messages by offset in the text with matching parentheses. */
  const found = new Map<number, string>();
  const balance = new Edits();
  const unbalanced = mismatches(text, scanWat(text));
  for (const { edit } of unbalanced) balance.add(edit);
  const repairs = new Repairs(balance.apply(text));
  const rounds = Math.min(MOST_ROUNDS, 1 + Math.floor(MOST_CHARACTERS / text.length));
  for (let round = 0; round < rounds && found.size < MOST_PROBLEMS; round++) {
    const current = repairs.result;
    const lines = new Lines(current);
    const faults = judge(current)
      .slice(0, MOST_PROBLEMS)
      .map(({ message, line, column }) => {
        const at = repairs.wordAt(repairs.originalOffset(lines.offsetOfByte(line, column)));
        return { message, at, isNew: !repairs.isReplaced(at) };
      });
    // The judge, lost in one field, often stumbles over the beginning of another: what is right there is seen next time.
    const places = faults.filter(({ at }, i) => i === 0 || !repairs.beginsField(at));
    for (const { at, message, isNew } of places) if (isNew && !found.has(at)) found.set(at, message);
    if (places.filter(({ at }) => repairs.repair(at)).length === 0) break;
  }
  const judged = [...found]
    .filter(([at]) => !repairs.isUnknown(at))
    .map(([at, message]) => ({ message, offset: balance.originalOffset(at) }));
  return [...unbalanced, ...judged].sort((a, b) => a.offset - b.offset).slice(0, MOST_PROBLEMS);
}
