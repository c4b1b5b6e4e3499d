/** Counting bits: `clz`, `ctz`, `popcnt`, and the leading zeros by which floats are brought to their place. */
import type { LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { highestLine, tableAt } from '../graph/lookups.ts';
import type { CircuitContext } from './ending.ts';
import { BYTES } from './line.ts';

/** All that was there before circuits, and counted bits. */
export interface BitContext extends CircuitContext {
  readonly bits: ReturnType<typeof bits>;
}

/**
 * Counts of bits of the operands, without the sign where they are floats.
 *
 * Operands: the bytes of the two topmost values, as words, and their signs. Result: leading zeros of both, trailing zeros and
 * ones of the stack's top, 0 to 64. Depth: a head behind the bytes, layer 4, and a layer of neurons. Leading zeros are the
 * piece of an envelope of lines that the word lies under; the others are tables of bytes.
 */
export function bits(context: CircuitContext) {
  const { graph: g, features, stack } = context;
  const counts = BYTES.map((k) =>
    tableAt(g, `bits of byte ${k}`, features.table, stack.top.bytes[k], {
      ones: features.popcount,
      trailing: features.trailing,
    }),
  );
  return {
    leading: leadingZeros(context, 'top', ''),
    leadingOfSecond: leadingZeros(context, 'second', ' of the value below'),
    trailing: trailingZeros(
      context,
      counts.map((each) => each.trailing),
    ),
    ones: g.of(...counts.map((each) => [1, each.ones] as const)),
  };
}

function leadingZeros(
  { graph: g, features, dispatch, stack }: CircuitContext,
  which: 'top' | 'second',
  name: string,
): Variable {
  const value = stack[which];
  const isSingle = dispatch.is('f32 operands', (row) => row.float === true && row.operand !== 8);
  const isDouble = dispatch.is('f64 operands', (row) => row.float === true && row.operand === 8);
  const unsigned = (word: LinearLike, flag: LinearLike, half: string) => {
    const sign = g.sum(`sign in ${half} bytes${name}`, g.neuron(g.of([1, flag], [1, value.sign], [-1]), 1));
    return g.of([1, word], [-(2 ** 31), sign]);
  };
  const of = (half: string, word: LinearLike) =>
    highestLine(g, `leading zeros of ${half} bytes${name}`, features.envelope, word, { count: features.leading }).count;
  const high = of('high', unsigned(value.high, isDouble, 'high'));
  return g.sum(
    `leading zeros${name}`,
    g.neuron(stack.isWide, high),
    // All 32 of the high bytes: the low ones count.
    g.neuron(g.of([1, high], [-31]), of('low', unsigned(value.low, isSingle, 'low'))),
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
 * `clz`, `ctz` and `popcnt`.
 *
 * Operands: the counts. Result: neurons of the first byte, 0 to 64. Depth: a layer of neurons behind the counts.
 */
export function bitCounts({ graph: g, line, dispatch, bits: { leading, trailing, ones } }: BitContext): Neuron[] {
  const first = (circuit: string) =>
    g.of([1, dispatch.is(circuit, (row) => row.circuit === circuit)], [-1, line.index]);
  return [g.neuron(first('clz'), leading), g.neuron(first('popcnt'), ones), g.neuron(first('ctz'), trailing)];
}
