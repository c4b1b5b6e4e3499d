/**
 * Sums of neurons, abstractly. Where a case makes a gate constant, or the gate is never negative and its input constant,
 * the neuron is linear. Two neurons that differ by a constant in their gates are a step, bounded whatever the gates are.
 */
import type { Graph, Neuron, Variable } from '../../graph/graph.ts';
import type { Domain } from './domain.ts';
import type { Rows } from './rows.ts';
import { bitsOf, constant, magnitude, PartialSum, product, unitOf, type Value } from './values.ts';

/** d > 0 at n where neuron n and the next are `c · relu(x + d) · u − c · relu(x) · u`. */
export function stepWidths(graph: Graph, neurons: readonly Neuron[]): Float64Array {
  return Float64Array.from(neurons, (a, n) => {
    const b = neurons[n + 1];
    if (!b || a.coefficient !== -b.coefficient || graph.of([1, a.up], [-1, b.up]).size > 0) return 0;
    const difference = graph.of([1, a.gate], [-1, b.gate]);
    return difference.size === 1 ? Math.max(0, difference.get(graph.one) ?? 0) : 0;
  });
}

/** The sum of a variable's neurons in case c; notes its rows. `widths`: those of its steps. */
export function sumOfNeurons(
  domain: Domain,
  rows: Rows,
  variable: Variable,
  neurons: readonly Neuron[],
  widths: Float64Array,
  c: number,
): Value {
  const { name } = variable;
  const gateRow = rows.row('gate', name);
  const upRow = rows.row('up', name);
  const bounds = neurons.map(({ gate, up }) => {
    const g = domain.bound(gate, c);
    const u = domain.bound(up, c);
    if (g.error > 0) rows.problem(`a gate of "${name}" reads a rounded value`);
    rows.note(gateRow, c, bitsOf(g.partial, g.finest));
    if (u.error === 0) rows.note(upRow, c, bitsOf(u.partial, u.finest));
    else if (neurons.length > 1) rows.problem(`"${name}" adds to a rounded value`);
    return { gate: g, up: u };
  });
  let [low, high, start, error] = [0, 0, 0, 0];
  const partial = new PartialSum();
  let finest = Number.POSITIVE_INFINITY;
  let linear = true;
  const add = (interval: readonly [number, number]) => {
    low += interval[0];
    high += interval[1];
  };
  for (let n = 0; n < neurons.length; n++) {
    const { coefficient } = neurons[n];
    const { gate, up } = bounds[n];
    const open = { low: Math.max(0, gate.low), high: Math.max(0, gate.high) };
    if (open.high === 0 || magnitude(up) === 0) continue;
    const scaled = product(constant(coefficient), up);
    const scaledUp = { low: scaled[0], high: scaled[1] };
    partial.add(...product(open, scaledUp));
    finest = Math.min(finest, unitOf(coefficient) + gate.unit + up.unit);
    error += Math.abs(coefficient) * open.high * up.error;
    const isStep = widths[n] > 0 && bounds[n + 1].gate.low < 0;
    if (!isStep && gate.low === gate.high) {
      const weight = coefficient * gate.low;
      start += domain.addForm(up, -1, weight);
      add(product(constant(weight), up));
    } else if (!isStep && gate.low >= 0 && up.low === up.high && up.error === 0) {
      const weight = coefficient * up.low;
      start += domain.addForm(gate, -1, weight);
      add(product(constant(weight), gate));
    } else {
      linear = false;
      if (isStep) {
        // The term to take off, which is 0 for some.
        partial.add(
          ...product({ low: 0, high: Math.max(0, bounds[n + 1].gate.high) }, { low: -scaled[1], high: -scaled[0] }),
        );
        open.low = Math.min(open.low, widths[n]);
        open.high = Math.min(open.high, widths[n]);
        n++;
      }
      add(product(open, scaledUp));
    }
  }
  if (error === 0) rows.note(rows.row('down', name), c, bitsOf(partial.magnitude, finest));
  domain.noteTerms(variable, partial.magnitude, finest);
  const form = domain.takeForm(start);
  if (!linear || error > 0) return { low, high, unit: finest, error };
  [low, high] = domain.within(form, c, low, high);
  return low === high ? constant(low) : { low, high, unit: finest, error, form };
}
