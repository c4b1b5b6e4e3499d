/**
 * The kinds of attention a machine is made of. A key `(2k, -k²)` against a query `(q, 1)` scores `2kq - k²`,
 * greatest at the k nearest to q: attention as an index. (The parabola of Percepta's 2D heads.)
 */
import type { Graph, LinearLike, Variable } from './graph.ts';

/**
 * Pushes tokens that write nothing down: at a query q that is not negative an address a scores `2aq - a² ≥ -a²`, more
 * than they do as long as a < 2^26. Beside such a square it is still exact.
 */
export const PUSH_DOWN = 2 ** 52;

type Values<Name extends string> = Readonly<Record<Name, LinearLike>>;

/** Fetch from the token at `position`, which may be off by less than half. */
export function fetchAt<Name extends string>(
  g: Graph,
  role: string,
  position: LinearLike,
  values: Values<Name>,
): Record<Name, Variable> {
  return g.attend({ role, key: [g.of([2, g.position]), g.of([-1, g.square])], query: [position, 1], values });
}

/**
 * Fetch from the latest token that wrote `address`. `key` and `keySquare` must be 0 where `writes` (0 or 1) is 0.
 */
export function fetchLatest<Name extends string>(
  g: Graph,
  role: string,
  write: { key: LinearLike; square: LinearLike; writes: LinearLike },
  address: LinearLike,
  values: Values<Name>,
): Record<Name, Variable> {
  return g.attend({
    role,
    key: [g.of([2, write.key]), g.of([-1, write.square], [PUSH_DOWN, write.writes], [-PUSH_DOWN])],
    query: [address, 1],
    values,
    latest: true,
  });
}

/** Fetch from the latest token for which `flag` is 1. */
export function fetchLast<Name extends string>(
  g: Graph,
  role: string,
  flag: LinearLike,
  values: Values<Name>,
): Record<Name, Variable> {
  return g.attend({ role, key: [0, flag], query: [0, 1], values, latest: true });
}

/** Means over all tokens so far; times the number of tokens they are running sums (off by rounding only). */
export function means<Name extends string>(g: Graph, role: string, values: Values<Name>): Record<Name, Variable> {
  return g.attend({ role, key: [0, 0], query: [0, 0], values });
}
