/** Between which numbers a node's value lies, from the intervals of what it is made of. */
import type { Algebra, Node, NodeOf } from './node.ts';

/** Interval of a sum. Where a term is s·u with 0 ≤ s ≤ m, the sum is linear in s, so its ends are those of s. */
export function rangeOf(
  nodes: Pick<Algebra, 'lin'>,
  constant: number,
  terms: readonly Node[],
  weights: readonly number[],
): [number, number] {
  let lo = constant;
  let hi = constant;
  let [lowSize, highSize] = [Math.abs(constant), Math.abs(constant)];
  for (let i = 0; i < terms.length; i++) {
    const [a, b] = [weights[i] * terms[i].lo, weights[i] * terms[i].hi];
    lo += Math.min(a, b);
    hi += Math.max(a, b);
    lowSize += Math.abs(Math.min(a, b));
    highSize += Math.abs(Math.max(a, b));
  }
  // Beyond 2^53 the ends themselves are rounded: keep them on the safe side. An end of zeros is exact, however far the
  // other is: that is how gates are known to be closed.
  if (lowSize > 2 ** 50) lo -= lowSize * 2 ** -48;
  if (highSize > 2 ** 50) hi += highSize * 2 ** -48;
  if (terms.length > 12) return [lo, hi];
  for (let i = 0; i < terms.length; i++) {
    const term = terms[i];
    if (term.kind !== 'mul' || term.a.lo < 0 || term.b.kind !== 'lin') continue;
    // Worth it only where something cancels.
    if (!term.b.terms.some((part) => terms.includes(part))) continue;
    const without = [terms.filter((_, k) => k !== i), weights.filter((_, k) => k !== i)] as const;
    const ends = [term.a.lo, term.a.hi].map((s) => {
      // Written out, so that what is in both parts meets.
      const factor = weights[i] * s;
      const inner = term.b as NodeOf<'lin'>;
      const all = [...without[0], ...inner.terms];
      const full = nodes.lin(constant + factor * inner.constant, all, [
        ...without[1],
        ...inner.weights.map((w) => w * factor),
      ]);
      return [full.lo, full.hi];
    });
    lo = Math.max(lo, Math.min(ends[0][0], ends[1][0]));
    hi = Math.min(hi, Math.max(ends[0][1], ends[1][1]));
  }
  return [lo, hi];
}

/** Interval of a product. */
export function span(a: number, b: number, c: number, d: number): [number, number] {
  const ends = [a * c, a * d, b * c, b * d];
  return [Math.min(...ends), Math.max(...ends)];
}
