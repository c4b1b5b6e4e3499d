/** Arithmetic that needs no chain: addition, comparison, bitwise operations. */
import { BIG, type LinearLike, type Neuron } from '../graph/graph.ts';
import { tableAt } from '../graph/lookups.ts';
import type { CircuitContext, Contributions } from './ending.ts';
import type { FloatContext } from './floats/fields.ts';

/**
 * `add` and `sub`, a byte at a time, as on paper.
 *
 * Operands: a byte of each value, and the carry (or borrow), which the token before carries as its mark. Result: the byte, 0
 * to 255, and 1 where it carries, as long as the line is not complete. Depth: a layer of neurons behind the bytes of the
 * operands, layer 4. The carry mark in the notation is Percepta's.
 */
export function addition(context: CircuitContext): Contributions {
  const { graph: g, features, line, dispatch, stack, operands, ending } = context;
  const { top, second } = operands;
  const isNegative = stack.top.sign;
  const flag = (name: string, circuit: string, variant?: string) =>
    dispatch.is(name, (row) => row.circuit === circuit && row.variant === variant);
  // Of a sum of significands the highest bit of the second is its sign, and no part of it.
  const isSigned = flag('sum by a sign', 'add', 'signed');
  const turns = flag('negative by a sign', 'sub', 'signed');
  const takesOff = g.sum('takes off by its sign', g.neuron(g.of([1, isSigned], [1, isNegative], [-1]), 1));
  const negates = g.sum('negates by a sign', g.neuron(g.of([1, turns], [1, isNegative], [-1]), 1));
  const signBit = g.sum('sign of second', g.neuron(g.of([1, takesOff], [1, line.at[7]], [-1]), 128));
  const isAdd = g.of([1, flag('add', 'add')], [1, isSigned], [-1, takesOff]);
  const isSub = g.of([1, flag('sub', 'sub')], [1, takesOff]);
  const busy = g.of([1], [-1, ending.complete]);
  const sum = g.of([1, second.byte], [1, top.byte], [1, features.carry]);
  const difference = g.of([1, second.byte], [-1, top.byte], [-1, features.carry], [1, signBit]);
  const negative = g.of([-1, second.byte], [-1, features.carry]);
  const over = (is: LinearLike, c: number) => g.stepIf(g.of([1, is], [-1], [1, busy]), g.of([1, sum], [-256]), c);
  const under = (is: LinearLike, byte: LinearLike, c: number) =>
    g.stepIf(g.of([1, is], [-1], [1, busy]), g.of([-1, byte], [-1]), c);
  return {
    result: [
      g.neuron(isAdd, sum),
      ...over(isAdd, -256),
      g.neuron(isSub, difference),
      ...under(isSub, difference, 256),
      g.neuron(negates, negative),
      ...under(negates, negative, 256),
      g.neuron(g.of([1, turns], [-1, negates]), second.byte),
    ],
    carry: [...over(isAdd, 1), ...under(isSub, difference, 1), ...under(negates, negative, 1)],
  };
}

/**
 * Comparisons, and `eqz`: the sign of a difference.
 *
 * Operands: the values as words of four bytes (below 2^32) with their signs, of eight bytes the high and the low word.
 * Result: neurons of the first byte, 1 or 0. Range: the difference, with what the high words outweigh it by, stays below
 * 2^34. Depth: a layer of neurons behind the order, layer 5; for floats behind their classes, layer 7.
 */
export function comparison(context: FloatContext): Neuron[] {
  const { graph: g, line, dispatch, stack, floats } = context;
  const unordered = g.of([1, floats.top.isNoNumber], [1, floats.second.isNoNumber]);
  // Not the index itself: a condition is multiplied by BIG, and positions times BIG are beyond what is exact.
  const inFirst = (test: string) =>
    g.of([1, dispatch.is(test, (row) => row.circuit === 'compare' && row.variant === test)], [-1, line.atLeast[1]]);
  const first = (test: string) => g.of([1, inFirst(test)], [-1, unordered]);
  const x = floats.order;
  const less = g.of([-1, x], [-1]);
  const greater = g.of([1, x], [-1]);
  const tail = inFirst('tail');
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
    // Three times a flag outweigh the two operands that can be no number.
    ...g.step(g.of([3, inFirst('ne')], [1, unordered], [-4])),
    ...g.step(g.of([BIG, tail], [-BIG], ...stack.second.bytes.map((byte) => [1, byte] as const), [-1])),
    ...g.stepIf(tail, x),
    ...g.stepIf(tail, greater),
    g.neuron(g.of([1, isEqz], ...stack.top.bytes.map((byte) => [-1, byte] as const)), 1),
  ];
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
