/**
 * Hit conditions (`5`, `>= 5`, `% 3`, `+3`) and what they count. A hit's number is its ordinal in the recording, so it is
 * the same whether one comes to it forwards or backwards, and however often; `+3` is the third from where one is.
 */
import { PlacedError } from '../../engine/errors.ts';
import type { Pace, Work } from '../recording/pace.ts';

/** Which hits count. */
export interface HitCondition {
  /** Whether hits are numbered from where a motion begins, in its direction; else from the beginning of the recording. */
  fromHere: boolean;
  /** Whether the n-th hit (from 1) counts. */
  counts(n: number): boolean;
}

/** @throws PlacedError for text that is no hit condition */
export function parseHitCondition(text: string): HitCondition {
  const match = /^\s*(<=|>=|==|=|<|>|%|\+)?\s*(\d{1,15})\s*$/.exec(text);
  if (!match) throw new PlacedError(`"${text}" is not a hit count: write 5, >= 5, % 5 or +5`);
  const count = Number(match[2]);
  if (count === 0 && match[1] === '%') throw new PlacedError('a hit count of "% 0" never holds');
  if (count === 0 && match[1] === '+') throw new PlacedError('a hit count of "+0" never holds: the next hit is +1');
  return { fromHere: match[1] === '+', counts: comparison(match[1], count) };
}

function comparison(operator: string | undefined, count: number): HitCondition['counts'] {
  switch (operator) {
    case '<':
      return (n) => n < count;
    case '<=':
      return (n) => n <= count;
    case '>':
      return (n) => n > count;
    case '>=':
      return (n) => n >= count;
    case '%':
      return (n) => n % count === 0;
    default:
      return (n) => n === count;
  }
}

/** Lines scanned between two looks at the clock. */
const BATCH = 4096;

/** Counts the hits of one breakpoint in the recording, as far as it has been asked about. */
export class HitCounter {
  private readonly hits: number[] = [];
  private scanned = 0;
  private readonly next: (from: number, to: number) => number;
  private readonly isHit: (line: number) => boolean;

  /** `next`: the first line of a range where the breakpoint lies, or -1; `isHit`: whether such a line counts. */
  constructor(next: (from: number, to: number) => number, isHit: (line: number) => boolean) {
    this.next = next;
    this.isHit = isHit;
  }

  /** Whether the hit at `line` counts in a motion that began at `departure`. */
  *counts({ fromHere, counts }: HitCondition, line: number, departure: number, pace: Pace): Work<boolean> {
    const ordinal = yield* this.ordinal(line, pace);
    if (!fromHere) return counts(ordinal);
    if (line > departure) return counts(ordinal - (yield* this.ordinal(departure, pace)));
    return counts((yield* this.ordinal(departure - 1, pace)) - ordinal + 1);
  }

  /** Ordinal of the hit at `line`: hits from the beginning of the recording up to and including it. */
  *ordinal(line: number, pace: Pace): Work<number> {
    while (this.scanned <= line) {
      const end = Math.min(this.scanned + BATCH, line + 1);
      const found = this.next(this.scanned, end);
      this.scanned = found < 0 ? end : found + 1;
      if (found >= 0 && this.isHit(found)) this.hits.push(found);
      if (pace.due()) yield;
    }
    let low = 0;
    let high = this.hits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.hits[middle] <= line) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
