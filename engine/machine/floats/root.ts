/** A square root to begin with: a table of roots, and between its entries the lines that join them. */
import type { Neuron, Variable } from '../../graph/graph.ts';
import { floorDivide, tableAt } from '../../graph/lookups.ts';
import type { FloatContext } from './fields.ts';

/**
 * The root of a radicand, right to twenty bits.
 *
 * Operands: the three highest bytes of a number from 2^60 to 2^62. Result: neurons of a number from 2^31 to 2^32, four times an
 * integer. Depth: one division in layer 4, the table in layer 5, and a layer of neurons.
 *
 * A piece of a root's curve that is 2^-9 of the way to it is straight but for 2^-23 (Heron's method then makes twice as many bits).
 */
export function nearRoot({ graph: g, features, dispatch, stack }: FloatContext): {
  number: Neuron[];
  isRoot: Variable;
} {
  const isRoot = dispatch.is('near root', (row) => row.circuit === 'root');
  const [byte5, byte6, byte7] = stack.top.narrow.slice(1);
  const high = floorDivide(g, 'high bits of second byte', features.table, byte6, 8);
  const index = g.of([32, byte7], [1, high]);
  const { root, slope } = tableAt(g, 'root', features.table, index, { root: features.root, slope: features.rootSlope });
  const isThere = g.sum('slope of root', g.neuron(isRoot, slope));
  const number = [g.neuron(isRoot, root), g.neuron(isThere, g.of([256, byte6], [-8 * 256, high], [1, byte5]))];
  return { number, isRoot };
}
