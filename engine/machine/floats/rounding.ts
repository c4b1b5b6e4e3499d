/** Rounding: the bytes of what was shifted, the first of which says what becomes of the rest. */
import type { Linear, Neuron, Variable } from '../../graph/graph.ts';
import type { Contributions } from '../ending.ts';
import type { FloatContext } from './fields.ts';
import type { FloatShift } from './shift.ts';

/**
 * The bytes of what is shifted and rounded.
 *
 * Operands: the shifted byte; in the second byte of a line the first, whose highest bit is the lowest of the result, and what was
 * lost below it. Result: neurons of the next byte, and of the carry that rides on it. Depth: behind the shifter, layer 10.
 *
 * Of a `lesser` the six bytes before its value are put out for the byte behind them to see whether they are zero.
 */
export function rounding(
  context: FloatContext,
  { byte, float }: { readonly byte: Linear; readonly float: FloatShift },
): Contributions {
  const { graph: g, features, line, dispatch, floats, ending } = context;
  const isLast = dispatch.is('rounding', (row) => ['round', 'pack'].includes(row.circuit));
  const isSignificand = dispatch.is('significand', (row) => row.circuit === 'significand');
  const isLesser = dispatch.is(
    'significand of lesser',
    (row) => row.circuit === 'significand' && row.variant === 'lesser',
  );
  const behindFirst = g.of([1, isLast], [1, line.atLeast[1]], [-1]);
  const increment = roundingUp(context, float.lost);
  const total = g.of([1, byte], [1, features.carry], [1, float.packing.upper], [1, increment]);
  const carried = (c: number) => g.stepIf(g.of([1, behindFirst], [-1, ending.complete]), g.of([1, total], [-256]), c);
  return {
    result: [
      g.neuron(isSignificand, byte),
      ...sticky(context, isLesser, byte),
      g.neuron(g.of([1, isLesser], [1, line.at[13]], [-1]), g.of([128, floats.signsDiffer])),
      g.neuron(g.of([1, isLast], [-1, line.atLeast[1]]), byte),
      g.neuron(behindFirst, total),
      ...carried(-256),
    ],
    carry: carried(1),
  };
}

/** 1 in the second byte of a line whose result is rounded up. */
function roundingUp({ graph: g, features, line, dispatch, stack }: FloatContext, lost: Variable): Variable {
  const is = (name: string, ...variants: string[]) =>
    dispatch.is(name, (row) => row.circuit === 'round' && variants.includes(row.variant ?? ''));
  const toNearest = dispatch.is(
    'rounding to nearest',
    (row) => row.circuit === 'pack' || (row.circuit === 'round' && row.variant === 'nearest'),
  );
  const away = g.sum(
    'rounds away from zero',
    g.neuron(g.of([1, is('rounding up', 'ceil')], [-1, stack.top.sign]), 1),
    g.neuron(g.of([1, is('rounding down', 'floor')], [1, stack.top.sign], [-1]), 1),
  );
  const second = line.at[1];
  return g.sum(
    'rounds up',
    g.neuron(g.of([1, toNearest], [1, second], [-1]), features.roundsUp),
    g.neuron(g.of([1, toNearest], [1, second], [1, features.tie], [1, lost], [-3]), 1),
    g.stepIf(g.of([1, away], [1, second], [-1]), g.of([1, features.fraction], [1, lost], [-1])),
  );
}

/**
 * In the first byte of a value that has six lower ones before it in its line: makes it 1 where it is 0 and they are not. So
 * nothing of a number is lost for good that rounding has to know of.
 *
 * Operands: the byte, which may be off by less than a half. Depth: a layer of neurons behind it.
 */
export function sticky({ graph: g, features, line }: FloatContext, flag: Variable, byte: Linear): Neuron[] {
  const before = g.of([1, features.byte], ...[0, 1, 2, 3, 4].map((k) => [1, line.back[k]] as const));
  const isBehind = g.of([1, flag], [1, line.at[6]], [-1]);
  const isLost = g.sum('lower bytes are not zero', g.stepIf(isBehind, g.of([1, before], [-1])));
  return [g.reluIf(isLost, g.of([1], [-1, byte]))];
}
