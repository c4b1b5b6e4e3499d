/** Which of two operands is greater: integers with or without a sign, floats, and their magnitudes. */
import type { Linear, LinearLike, Neuron } from '../graph/graph.ts';
import type { Opcode } from '../isa/opcodes.ts';
import type { StackContext } from './stack.ts';

/** Floats that are ordered with their signs; their magnitudes; integers. */
const isOrdered = (row: Opcode) => row.float === true && ['compare', 'extremum'].includes(row.circuit);
const byMagnitude = (row: Opcode) => row.float === true && ['sum', 'greater', 'lesser'].includes(row.variant ?? '');

/**
 * A number with the sign of second − top, as the instruction orders them.
 *
 * Operands: the values as words of four bytes (below 2^32) with their signs, of eight bytes the high and the low word. Result:
 * an integer, of a magnitude below 2^34. Depth: two layers of neurons behind the stack's heads, layers 3 and 4.
 *
 * A float is a sign and a magnitude, and magnitudes order as integers do: below zero, the number for both words is minus the
 * magnitude's. Where the high words differ, the low ones of two signs point the same way.
 */
export function order({ graph: g, dispatch, stack }: StackContext): Linear {
  const { top, second, isWide } = stack;
  const signed = dispatch.is('signed comparison', (row) => row.circuit === 'compare' && row.signed === true);
  const ordered = dispatch.is('comparison of floats', isOrdered);
  const magnitudes = dispatch.is('comparison of magnitudes', byMagnitude);
  const negative = (name: string, sign: LinearLike) => g.sum(name, g.neuron(g.of([1, signed], [1, sign], [-1]), 1));
  const below = (sign: LinearLike, up: LinearLike, coefficient: number): Neuron =>
    g.neuron(g.of([1, ordered], [1, sign], [-1]), up, coefficient);
  const turned = g.sum(
    'high bytes of floats, turned',
    below(second.sign, g.of([2 ** 31], [-2, second.word]), 1),
    below(top.sign, g.of([2 ** 31], [-2, top.word]), -1),
    g.neuron(magnitudes, g.of([2 ** 31, top.sign], [-(2 ** 31), second.sign])),
  );
  // The last four bytes are all there is of four, and the high ones of eight: those decide first.
  const last = g.of(
    [1, second.word],
    [-1, top.word],
    [-(2 ** 32), negative('first is negative', second.sign)],
    [2 ** 32, negative('second is negative', top.sign)],
    [1, turned],
  );
  const highDecides = g.sum(
    'high bytes differ',
    g.stepIf(isWide, g.of([1, last], [-1])),
    g.stepIf(isWide, g.of([-1, last], [-1]), -1),
  );
  const lowTurned = g.sum(
    'low bytes of floats, turned',
    below(second.sign, second.before, -2),
    below(top.sign, top.before, 2),
  );
  const difference = g.sum(
    'difference',
    g.neuron(g.of([1], [-1, isWide]), last),
    g.neuron(isWide, g.of([1, second.before], [-1, top.before], [1, lowTurned])),
  );
  return g.of([1, difference], [2 ** 32, highDecides]);
}
