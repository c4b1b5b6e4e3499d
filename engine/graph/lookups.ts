/**
 * Everything that attention does here. A machine is made of these look-ups, and of the neurons that combine what they
 * bring; no circuit makes a head in another way.
 *
 * A key `(2k, -k²)` against a query `(q, 1)` scores `2kq - k² = q² - (q - k)²`, which is greatest at the k nearest to q:
 * attention as an index (the parabola of Percepta's two-dimensional heads). What k is makes the look-up: a position, an
 * address, the index of a table. And a query `(n, b)` scores `2kn - bk²`, greatest at the k nearest to n / b: on the same
 * keys attention divides.
 *
 * Each takes a layer: its key, query and values are complete before the attention, what it brings is there behind it.
 * `role` names the head, for display.
 */
import { BIG, type Graph, type LinearLike, type Neuron, type Variable } from './graph.ts';

/**
 * Pushes tokens that write nothing down: at a query q that is not negative an address a scores `2aq - a² ≥ -a²`, more
 * than they do as long as a < 2^26. Beside such a square it is still exact.
 */
export const PUSH_DOWN = 2 ** 52;

type Values<Name extends string> = Readonly<Record<Name, LinearLike>>;
type Found<Name extends string> = Record<Name, Variable>;

/** Tokens as entries of an index: `key` is 2k and `square` -k² on the token that stands for k. */
export interface Index {
  readonly key: LinearLike;
  readonly square: LinearLike;
}

/** Which tokens write, and where: `key` and `square` (of the key) must be 0 where `writes` (0 or 1) is 0. */
export interface Write {
  readonly key: LinearLike;
  readonly square: LinearLike;
  readonly writes: LinearLike;
}

/**
 * Fetches from the token at a position.
 *
 * Operands: `position`, 0 to the token's own; it may be off by less than half, so a rounded running sum will do.
 * Result: the values of that token, whole. Depth: one head.
 * Range: up to 2^26, where the square of a position ends (docs/exactness.md).
 */
export function fetchAt<Name extends string>(
  g: Graph,
  role: string,
  position: LinearLike,
  values: Values<Name>,
): Found<Name> {
  return g.attend({ role, key: [g.of([2, g.position]), g.of([-1, g.square])], query: [position, 1], values });
}

/**
 * Rounds: the integer nearest to a number, and its square, which are those of the token at that position.
 *
 * Operands: `rough`, off by less than half from an integer that is at most the token's own position.
 * Result: `value` and `square`, exact, so that keys may be made of them. Depth: one head.
 */
export function nearestInteger(g: Graph, role: string, rough: LinearLike): Found<'value' | 'square'> {
  return fetchAt(g, role, rough, { value: g.position, square: g.square });
}

/**
 * Reads a memory whose writes are tokens: fetches from the latest token that wrote to an address.
 *
 * Operands: `address`, an integer from 0 on. Result: the values of the token that wrote; if none has, those of one that
 * wrote nearby or not at all (`fetchWritten` tells). Range: addresses below 2^26, see `PUSH_DOWN`. Depth: one head.
 */
export function fetchLatest<Name extends string>(
  g: Graph,
  role: string,
  write: Write,
  address: LinearLike,
  values: Values<Name>,
): Found<Name> {
  return g.attend({
    role,
    key: [g.of([2, write.key]), g.of([-1, write.square], [PUSH_DOWN, write.writes], [-PUSH_DOWN])],
    query: [address, 1],
    values,
    latest: true,
  });
}

/**
 * The same, saying whether it was found: the token brings where it wrote itself.
 *
 * Result: the values, and neurons `missing` that add up to 0 where the address was written, to 1 or more where not.
 * Depth: one head, and a layer of neurons for `missing`.
 */
export function fetchWritten<Name extends string>(
  g: Graph,
  role: string,
  write: Write,
  address: LinearLike,
  values: Values<Name>,
): { found: Found<Name>; missing: Neuron[] } {
  // 0 on a token that does not write, so that its address is not taken for 0.
  const tag = g.of([1, write.key], [1, write.writes]);
  const found = fetchLatest<Name | 'tag'>(g, role, write, address, { ...values, tag } as Values<Name | 'tag'>);
  const off = g.of([1, found.tag], [-1, address], [-1]);
  return { found, missing: [g.neuron(off, 1), g.neuron(g.of([-1, off]), 1)] };
}

/**
 * Fetches from the latest token of a kind, for which `flag` is 1, on others 0.
 *
 * Result: its values; where there is none so far, those of the token itself. Depth: one head.
 */
export function fetchLast<Name extends string>(
  g: Graph,
  role: string,
  flag: LinearLike,
  values: Values<Name>,
): Found<Name> {
  return g.attend({ role, key: [0, flag], query: [0, 1], values, latest: true });
}

/**
 * Means over all tokens so far, with equal attention to all (RASP's aggregate of a selector that selects all).
 *
 * Result: off by one rounding of the quotient, so a mean may go into `runningSum` and nowhere else. Depth: one head.
 */
export function means<Name extends string>(g: Graph, role: string, values: Values<Name>): Found<Name> {
  return g.attend({ role, key: [0, 0], query: [0, 0], values });
}

/**
 * The sum of what all tokens so far add: a mean times their number.
 *
 * Operands: a mean of `means`; `unless` (0 or 1), where the sum is to be 0. Result: off by rounding, so it may be the
 * query of `fetchAt` or `nearestInteger`, never a key. Depth: a layer of neurons, behind the head of the mean.
 */
export function runningSum(g: Graph, name: string, mean: LinearLike, unless: LinearLike = 0): Variable {
  return g.sum(name, g.neuron(g.of([1, g.position], [1], [-BIG, unless]), mean));
}

/**
 * Any function of a small number: the prompt opens with tokens that stand for the numbers of a table, and whose embeddings
 * hold functions of theirs.
 *
 * Operands: `index`, an integer of the table. Result: the values on the token that stands for it. Depth: one head.
 */
export function tableAt<Name extends string>(
  g: Graph,
  role: string,
  table: Index,
  index: LinearLike,
  values: Values<Name>,
): Found<Name> {
  return g.attend({ role, key: [table.key, table.square], query: [index, 1], values });
}

/**
 * Attention divides: on the keys `(2k, -k²)` of a table the query `(n - b/2 + 1/2, b)` finds `k = ⌊n/b⌋`. The score of k + 1
 * is greater than that of k where `2n + 1 > 2b(k + 1)`: for integers, where `n ≥ b(k + 1)`.
 *
 * Operands: n from 0 on, which may be too large by less than 1/2; b from 1 on, a number or a variable. Result: the
 * quotient, an integer. Range: quotients of the table. The score holds bk², so in the table of 2,048 b stays below 2^31,
 * in one of bytes it can be 2^32 and more. Depth: one head.
 */
export function floorDivide(g: Graph, role: string, table: Index, n: LinearLike, by: LinearLike): Variable {
  return g.attend({
    role,
    key: [table.key, table.square],
    query: [g.of([1, n], [-0.5, by], [0.5]), by],
    values: { quotient: g.of([0.5, table.key]) },
  }).quotient;
}

/**
 * Which of several lines is the highest at x: a token with the key `(slope, intercept)` is a line, and the scores of all
 * against the query `(x, 1)` are their heights. So attention finds a piece of any convex function, however far apart the
 * ends of the pieces are (the upper envelope of the convex hull trick).
 *
 * Operands: x, an integer. Result: the values on the token that is the highest line. Depth: one head.
 */
export function highestLine<Name extends string>(
  g: Graph,
  role: string,
  line: { readonly slope: LinearLike; readonly intercept: LinearLike },
  x: LinearLike,
  values: Values<Name>,
): Found<Name> {
  return g.attend({ role, key: [line.slope, line.intercept], query: [x, 1], values });
}
