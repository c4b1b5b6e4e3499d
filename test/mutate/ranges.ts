/** Intervals with units: what numbers can be, and by how much they can be off, with what roundings can add. */
import type { Variable } from '../../engine/graph/graph.ts';
import { bitsOf, magnitude, product, unitOf, type Value } from '../../engine/weights/exactness/values.ts';

/** What a number can be, and 2^unit of which it is a multiple. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly unit: number;
}

/** How far a slot is from what it holds in the model. */
export interface Off extends Range {
  /** What it can hold then, where that is known better than from the two. */
  readonly to?: Range;
}

export const NOTHING: Range = { low: 0, high: 0, unit: Number.POSITIVE_INFINITY };
/** Of what has no unit, such as a mean. */
export const NO_UNIT = Number.NEGATIVE_INFINITY;
/** Beyond what is exact, sums are off by less than this share of their terms' magnitudes. */
export const ROUGH = 2 ** -45;

export const isNothing = (range: Range) => range.low === 0 && range.high === 0;

/** The sum of some terms. */
export class Sum {
  low = 0;
  high = 0;
  private size = 0;
  private unit = Number.POSITIVE_INFINITY;
  private endUnit = Number.POSITIVE_INFINITY;

  add(range: Range | undefined, weight = 1): this {
    if (!range || weight === 0) return this;
    this.low += weight > 0 ? weight * range.low : weight * range.high;
    this.high += weight > 0 ? weight * range.high : weight * range.low;
    const most = magnitude(range);
    if (most === 0) return this;
    this.size += Math.abs(weight) * most;
    this.unit = Math.min(this.unit, unitOf(weight) + range.unit);
    this.endUnit = Math.min(this.endUnit, unitOf(weight) + Math.min(unitOf(range.low), unitOf(range.high)));
    return this;
  }

  /** By how much the sum can be off, in any order. */
  get rest(): Range {
    return bitsOf(this.size, this.unit) < 53 ? NOTHING : around(this.size * ROUGH);
  }

  /** The exact sum. */
  range(): Range {
    // The ends themselves are computed here.
    const rest = bitsOf(this.size, this.endUnit) < 53 ? 0 : this.size * ROUGH;
    return { low: this.low - rest, high: this.high + rest, unit: this.unit };
  }
}

export const around = (size: number): Range => ({ low: -size, high: size, unit: NO_UNIT });
export const times = (a: Range, b: Range): Range => {
  const [low, high] = product(a, b);
  return { low, high, unit: low === 0 && high === 0 ? Number.POSITIVE_INFINITY : a.unit + b.unit };
};
export const hull = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  unit: Math.min(a.unit, b.unit),
});
export const both = (a: Range, b: Range): Range => ({
  low: Math.max(a.low, b.low),
  high: Math.min(a.high, b.high),
  unit: Math.max(a.unit, b.unit),
});
export const relu = ({ low, high, unit }: Range): Range => ({ low: Math.max(0, low), high: Math.max(0, high), unit });

/** What the analysis knows, with its rounding. */
export const ranged = ({ low, high, unit, error }: Value): Range =>
  error === 0 ? { low, high, unit } : { low: low - error, high: high + error, unit: NO_UNIT };

/** What a slot can hold that deviates. */
export function moved(held: Range, off: Off | undefined): Range {
  if (!off) return held;
  const sum = new Sum().add(held).add(off).range();
  return off.to ? both(sum, off.to) : sum;
}

/** A query that deviates: what it can be, by how much its first component is off, and whether the second is. */
export interface Query {
  readonly x: Range;
  readonly y: Range;
  readonly by: Range | undefined;
  readonly y0: object | undefined;
}

/** No variable is known to be 1 at least. */
export const NO_VARIABLES: ReadonlySet<Variable> = new Set();
