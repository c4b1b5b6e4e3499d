/**
 * Abstract numbers for the analysis of exactness: an interval, the unit that every value is a multiple of, and, where it
 * is known, a linear form over other variables (which forgets less than intervals: a − a is 0).
 *
 * Interval arithmetic (Moore 1966) with affine relations (as in zones and affine arithmetic), kept to what the machine's
 * circuits need.
 */

/** A constant plus a combination of roots; root ids are the caller's. */
export interface Form {
  readonly constant: number;
  readonly roots: readonly number[];
  readonly coefficients: readonly number[];
}

/** What is known of a number. */
export interface Value {
  readonly low: number;
  readonly high: number;
  /** Every value is a multiple of 2^unit; Infinity for what is always 0. */
  readonly unit: number;
  /** Rounding: how far the computed value can be from the exact one, which is what the other fields describe. */
  readonly error: number;
  /** Undefined: the number is a root of its own. */
  readonly form?: Form;
}

const bits = new DataView(new ArrayBuffer(8));

/** Largest e for which x is a multiple of 2^e; Infinity for 0. */
export function unitOf(x: number): number {
  if (x === 0) return Number.POSITIVE_INFINITY;
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  const low = bits.getUint32(4);
  const exponent = ((high >>> 20) & 0x7ff) - 1075;
  if (low !== 0) return exponent + trailing(low);
  return exponent + 32 + trailing((high & 0xfffff) | 0x100000);
}

function trailing(x: number): number {
  return 31 - Math.clz32(x & -x);
}

/** The number x and no other. */
export function constant(x: number): Value {
  return { low: x, high: x, unit: unitOf(x), error: 0, form: { constant: x, roots: [], coefficients: [] } };
}

/** Largest magnitude. */
export function magnitude({ low, high }: { readonly low: number; readonly high: number }): number {
  return Math.max(Math.abs(low), Math.abs(high));
}

/** Anything that one of the two can be. */
export function union(a: Value, b: Value): Value {
  return {
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    unit: Math.min(a.unit, b.unit),
    error: Math.max(a.error, b.error),
  };
}

/** Interval of a product. */
export function product(a: { low: number; high: number }, b: { low: number; high: number }): [number, number] {
  const corners = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return [Math.min(...corners), Math.max(...corners)];
}

/**
 * How far from 0 a sum can get on the way, whichever terms are added first and whichever partial sums are added to each
 * other. Every intermediate result of every order (pairwise, in blocks, with fused products) is the sum of some of the
 * terms. Leaving out what is negative makes it greater, leaving out what is positive makes it less: so it lies between
 * the sum of all negative terms and the sum of all positive ones.
 */
export class PartialSum {
  private least = 0;
  private most = 0;

  /** Takes in a term that lies in an interval: it can be left out, too. */
  add(low: number, high: number): void {
    if (low < 0) this.least += low;
    if (high > 0) this.most += high;
  }

  get magnitude(): number {
    return Math.max(-this.least, this.most);
  }
}

/** Bits that a number of this magnitude takes in units of 2^unit: exact when below 53. */
export function bitsOf(magnitude: number, unit: number): number {
  return magnitude === 0 ? 0 : Math.log2(magnitude) - unit;
}
