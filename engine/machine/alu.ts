/** Arithmetic that needs no chain: addition, comparison, bit counts, bitwise operations. */
import type { LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { highestLine, tableAt } from '../graph/lookups.ts';
import type { CircuitContext } from './ending.ts';

/** What a circuit contributes to the next byte, and to the carry mark on it. */
export interface Contributions {
  readonly result: Neuron[];
  readonly carry: Neuron[];
}

/**
 * `add` and `sub`, a byte at a time, as on paper.
 *
 * Operands: a byte of each value, and the carry (or borrow), which the token before carries as its mark. Result: the byte, 0
 * to 255, and 1 where it carries, as long as the line is not complete. Depth: a layer of neurons behind the bytes of the
 * operands, layer 4. The carry mark in the notation is Percepta's.
 */
export function addition({ graph: g, features, dispatch, operands, ending }: CircuitContext): Contributions {
  const { top, second } = operands;
  const isAdd = dispatch.is('add', (row) => row.circuit === 'add');
  const isSub = dispatch.is('sub', (row) => row.circuit === 'sub');
  const busy = g.of([1], [-1, ending.complete]);
  const sum = g.of([1, second.byte], [1, top.byte], [1, features.carry]);
  const difference = g.of([1, second.byte], [-1, top.byte], [-1, features.carry]);
  const carried = (c: number) => g.stepIf(g.of([1, isAdd], [-1], [1, busy]), g.of([1, sum], [-256]), c);
  const borrowed = (c: number) => g.stepIf(g.of([1, isSub], [-1], [1, busy]), g.of([-1, difference], [-1]), c);
  return {
    result: [g.neuron(isAdd, sum), ...carried(-256), g.neuron(isSub, difference), ...borrowed(256)],
    carry: [...carried(1), ...borrowed(1)],
  };
}

/**
 * Comparisons, and `eqz`: the sign of a difference.
 *
 * Operands: the values as words of four bytes (below 2^32) with their signs, of eight bytes the high and the low word.
 * Result: neurons of the first byte, 1 or 0. Range: the difference, with what the high words outweigh it by, stays below
 * 2^34. Depth: two layers of neurons behind the stack's, layers 3 and 4, and one more.
 */
export function comparison(context: CircuitContext): Neuron[] {
  const { graph: g, line, dispatch, stack } = context;
  // Not the index itself: a condition is multiplied by BIG, and positions times BIG are beyond what is exact.
  const first = (test: string) =>
    g.of([1, dispatch.is(test, (row) => row.circuit === 'compare' && row.variant === test)], [-1, line.atLeast[1]]);
  const x = comparedDifference(context);
  const less = g.of([-1, x], [-1]);
  const greater = g.of([1, x], [-1]);
  const isEqz = g.of([1, dispatch.is('eqz', (row) => row.circuit === 'eqz')], [-1, line.atLeast[1]]);
  const [lt, le, gt, ge, eq, ne] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'].map(first);
  return [
    ...g.stepIf(lt, less),
    ...g.stepIf(le, g.of([-1, x])),
    ...g.stepIf(gt, greater),
    ...g.stepIf(ge, x),
    ...g.stepIf(eq, x),
    ...g.stepIf(eq, greater, -1),
    ...g.stepIf(ne, greater),
    ...g.stepIf(ne, less),
    g.neuron(g.of([1, isEqz], ...stack.top.bytes.map((byte) => [-1, byte] as const)), 1),
  ];
}

/** A number with the sign of second − top. */
function comparedDifference({ graph: g, dispatch, stack }: CircuitContext) {
  const { top, second, isWide } = stack;
  const signed = dispatch.is('signed comparison', (row) => row.circuit === 'compare' && row.signed === true);
  const negative = (name: string, sign: LinearLike) => g.sum(name, g.neuron(g.of([1, signed], [1, sign], [-1]), 1));
  // The last four bytes are all there is of four, and the high ones of eight: those decide first.
  const last = g.of(
    [1, second.word],
    [-1, top.word],
    [-(2 ** 32), negative('first is negative', second.sign)],
    [2 ** 32, negative('second is negative', top.sign)],
  );
  const highDecides = g.sum(
    'high bytes differ',
    g.stepIf(isWide, g.of([1, last], [-1])),
    g.stepIf(isWide, g.of([-1, last], [-1]), -1),
  );
  const difference = g.sum(
    'difference',
    g.neuron(g.of([1], [-1, isWide]), last),
    g.neuron(isWide, g.of([1, second.before], [-1, top.before])),
  );
  return g.of([1, difference], [2 ** 32, highDecides]);
}

/**
 * `clz`, `ctz` and `popcnt`.
 *
 * Operands: the eight bytes of the stack's top, and as two words. Result: neurons of the first byte, 0 to 64. Depth: a head
 * behind the bytes, layer 4, and two layers of neurons. Leading zeros are the piece of an envelope of lines that the word
 * lies under; the others are tables of bytes.
 */
export function bitCounts(context: CircuitContext): Neuron[] {
  const { graph: g, features, line, dispatch, stack } = context;
  const first = (circuit: string) =>
    g.of([1, dispatch.is(circuit, (row) => row.circuit === circuit)], [-1, line.index]);
  const leading = leadingZeros(context);
  const bytes = stack.top.bytes.map((byte, k) =>
    tableAt(g, `bits of byte ${k}`, features.table, byte, { ones: features.popcount, trailing: features.trailing }),
  );
  const trailing = trailingZeros(
    context,
    bytes.map((each) => each.trailing),
  );
  return [
    g.neuron(first('clz'), leading),
    g.neuron(first('popcnt'), g.of(...bytes.map((each) => [1, each.ones] as const))),
    g.neuron(first('ctz'), trailing),
  ];
}

function leadingZeros({ graph: g, features, stack }: CircuitContext): Variable {
  const of = (role: string, word: LinearLike) =>
    highestLine(g, role, features.envelope, word, { count: features.leading }).count;
  const high = of('leading zeros of high bytes', stack.top.high);
  return g.sum(
    'leading zeros',
    g.neuron(stack.isWide, high),
    // All 32 of the high bytes: the low ones count.
    g.neuron(g.of([1, high], [-31]), of('leading zeros of low bytes', stack.top.low)),
  );
}

/** From the trailing zeros of each byte, 0 to 8. */
function trailingZeros({ graph: g, stack }: CircuitContext, counts: readonly Variable[]): Variable {
  // Byte k counts only if all lower bytes were zero, that is, had eight trailing zeros each.
  const lower = (k: number) => g.of([8 * k], ...counts.slice(0, k).map((count) => [-1, count] as const));
  // Of four bytes, the high four do not count.
  const wide = [[8, stack.isWide], [-8]] as const;
  return g.sum(
    'trailing zeros',
    ...counts.map((count, k) => g.neuron(g.of([1, count], [-8, lower(k)], ...(k < 4 ? [] : wide)), 1)),
  );
}

/**
 * `and`, `or` and `xor`.
 *
 * Operands: the nibbles of a byte of each value, with bit i at 4^i. Result: neurons of the next byte, 0 to 255. Depth: a head
 * behind the bytes of the operands, layer 5, and a layer of neurons. Added up, two nibbles have a digit in base 4 per pair
 * of bits, 0 to 2: the sum, below 256, says all about both, and is the index of a table.
 */
export function bitwise({ graph: g, features, dispatch, operands }: CircuitContext): Neuron[] {
  const { top, second } = operands;
  const both = (name: string, nibble: 'low' | 'high') =>
    tableAt(g, name, features.table, g.of([1, top[nibble]], [1, second[nibble]]), {
      and: features.and,
      xor: features.xor,
    });
  const low = both('bits of low nibbles', 'low');
  const high = both('bits of high nibbles', 'high');
  const and = g.of([1, low.and], [16, high.and]);
  const xor = g.of([1, low.xor], [16, high.xor]);
  const is = (circuit: string) => dispatch.is(circuit, (row) => row.circuit === circuit);
  return [g.neuron(is('and'), and), g.neuron(is('or'), g.of([1, and], [1, xor])), g.neuron(is('xor'), xor)];
}
