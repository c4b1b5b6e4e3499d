/**
 * Functions of one integer that a layer makes of many neurons: a gate each, open at some integers only, and constants that
 * add up. A row of such neurons is a table of what they add up to, and a look into a table costs the same for a thousand
 * neurons as for two.
 *
 * A gate is linear in the integer and its square. So it changes its sign at most twice, and beyond that it is closed, or
 * grows as one polynomial; what is left of the polynomials of all neurons outside the table must be a constant. The
 * table is filled with the neurons' own sums, as integers that no double rounds: it is what they compute, at every integer.
 */
import { memo } from '../graph/memo.ts';
import type { Node, Tabulated } from '../graph/node.ts';
import type { Nodes } from '../graph/nodes.ts';

/** Fewer neurons than this are cheaper than a table, unless there are squares among their gates. */
const LEAST_NEURONS = 8;
/** Integers that are looked up: their distance to a table's first entry is an i32. */
const MOST = 2 ** 30;
/** Entries of a table. */
const MOST_ENTRIES = 2 ** 17;
/** Evaluations of neurons in making one: for rows of neurons that are open almost everywhere. */
const MOST_STEPS = 2 ** 22;

/** c0 + c1·x + c2·x² */
type Polynomial = readonly [c0: number, c1: number, c2: number];

/** A neuron relu(gate) whose gate is a function of one integer. */
interface Neuron {
  readonly gate: Node;
  /** The integer. */
  readonly x: Node;
  readonly polynomial: Polynomial;
  /** The gate is `openBelow` at `from` and everywhere below, `openAbove` at `to` and everywhere above. */
  readonly from: number;
  readonly to: number;
  readonly openBelow: boolean;
  readonly openAbove: boolean;
}

interface Weighted {
  readonly neuron: Neuron;
  readonly weight: number;
}

/** Finds rows of neurons in the sums of one layer. */
export class Tabulator {
  private readonly nodes: Nodes;
  private readonly neurons = new Map<Node, Neuron | null>();

  constructor(nodes: Nodes) {
    this.nodes = nodes;
  }

  /** The same sum, with tables in the place of neurons that make one up. */
  fold(terms: readonly Node[], weights: readonly number[]): [terms: readonly Node[], weights: readonly number[]] {
    const rows = new Map<Node, Weighted[]>();
    const rest: [Node, number][] = [];
    terms.forEach((term, i) => {
      const found = this.weighted(term, weights[i]);
      if (found) memo(rows, found.neuron.x, () => []).push(found);
      else rest.push([term, weights[i]]);
    });
    if (rows.size === 0) return [terms, weights];
    for (const [x, row] of rows) {
      const table = pays(row) ? tabulate(x, row) : undefined;
      if (table) rest.push([this.nodes.entry(table, x), 1]);
      else for (const { neuron, weight } of row) rest.push([this.nodes.product(neuron.gate, this.nodes.one), weight]);
    }
    return [rest.map(([term]) => term), rest.map(([, weight]) => weight)];
  }

  /** A term that is a neuron of the kind, times a whole number. */
  private weighted(term: Node, weight: number): Weighted | undefined {
    if (!Number.isInteger(weight)) return undefined;
    if (term.kind === 'lin') {
      if (term.constant !== 0 || term.terms.length !== 1 || term.terms[0].kind === 'lin') return undefined;
      return this.weighted(term.terms[0], weight * term.weights[0]);
    }
    if (term.kind !== 'product' || term.up !== this.nodes.one) return undefined;
    const neuron = memo(this.neurons, term.gate, () => this.neuron(term.gate) ?? null);
    return neuron ? { neuron, weight } : undefined;
  }

  private neuron(gate: Node): Neuron | undefined {
    const { nodes } = this;
    const [terms, weights] = gate.kind === 'lin' ? [gate.terms, gate.weights] : [[gate], [1]];
    if (terms.length > 2) return undefined;
    const polynomial: [number, number, number] = [gate.kind === 'lin' ? gate.constant : 0, 0, 0];
    let x: Node | undefined;
    for (let i = 0; i < terms.length; i++) {
      const root = rootOf(nodes, terms[i]);
      if (x && x !== (root ?? terms[i])) return undefined;
      x = root ?? terms[i];
      polynomial[root ? 2 : 1] = weights[i];
    }
    if (!x?.integer || x.lo < -MOST || x.hi > MOST || !polynomial.every(Number.isInteger)) return undefined;
    const outside = signsOutside(polynomial);
    return outside && { gate, x, polynomial, ...outside };
  }
}

/** What a node is the square of. */
function rootOf(nodes: Nodes, node: Node): Node | undefined {
  if (node.kind === 'square') return nodes.position;
  if (node.kind === 'value' && node.form === nodes.square) return nodes.value(node.at, nodes.position);
  return node.kind === 'mul' && node.a === node.b ? node.a : undefined;
}

const valueAt = ([c0, c1, c2]: Polynomial, x: number) => c0 + x * (c1 + x * c2);

/** Bounds what any sum on the way to a polynomial's value can reach, for |x| up to `most`. */
const sizeOf = ([c0, c1, c2]: Polynomial, most: number) => Math.abs(c0) + most * (Math.abs(c1) + most * Math.abs(c2));

/** Where a gate's sign no longer changes; undefined where that cannot be shown. */
function signsOutside(polynomial: Polynomial): Pick<Neuron, 'from' | 'to' | 'openBelow' | 'openAbove'> | undefined {
  const [c0, c1, c2] = polynomial;
  let roots: number[];
  if (c2 === 0) roots = [-c0 / c1];
  else {
    const middle = -c1 / (2 * c2);
    const apart = Math.sqrt(Math.max(0, middle * middle - c0 / c2));
    roots = [middle - apart, middle + apart];
  }
  // A step further than the roots say: they are rounded.
  const from = Math.floor(roots[0]) - 1;
  const to = Math.ceil(roots[roots.length - 1]) + 1;
  if (!(sizeOf(polynomial, Math.max(Math.abs(from), Math.abs(to))) < 2 ** 53)) return undefined;
  const openBelow = valueAt(polynomial, from) > 0;
  const openAbove = valueAt(polynomial, to) > 0;
  // An open gate opens further outwards, a closed one closes: at the end by its slope, beyond by its curvature.
  const outwards = (open: boolean, slope: number) => (open ? slope >= 0 && c2 >= 0 : slope <= 0 && c2 <= 0);
  const shown = outwards(openBelow, -(c1 + 2 * c2 * from)) && outwards(openAbove, c1 + 2 * c2 * to);
  return shown ? { from, to, openBelow, openAbove } : undefined;
}

function pays(row: readonly Weighted[]): boolean {
  return row.length >= LEAST_NEURONS || row.some(({ neuron }) => neuron.polynomial[2] !== 0);
}

/** The table of a row; undefined where it would be no constant outside, too large, or rounded. */
function tabulate(x: Node, row: readonly Weighted[]): Tabulated | undefined {
  const least = row.reduce((from, { neuron }) => Math.min(from, neuron.from), Number.POSITIVE_INFINITY);
  const most = row.reduce((to, { neuron }) => Math.max(to, neuron.to), Number.NEGATIVE_INFINITY);
  const first = Math.max(least, x.lo);
  const last = Math.min(most, x.hi);
  if (!(last >= first && last - first < MOST_ENTRIES)) return undefined;
  const values = new Float64Array(last - first + 1);
  const [below, above] = [new Tails(values.length), new Tails(values.length)];
  let steps = 0;
  let size = 0;
  for (const { neuron, weight } of row) {
    const { polynomial, from, to, openBelow, openAbove } = neuron;
    const [a, b] = [Math.max(0, from - first), Math.min(last, to) - first];
    steps += Math.max(0, b - a);
    if (steps > MOST_STEPS) return undefined;
    let largest = 0;
    for (let k = a; k <= b; k++) {
      const value = Math.max(0, valueAt(polynomial, first + k));
      values[k] += weight * value;
      largest = Math.max(largest, value);
    }
    size += Math.abs(weight) * largest;
    if (openBelow) below.add(polynomial, weight, 0, Math.min(a, values.length));
    if (openAbove) above.add(polynomial, weight, Math.max(0, b + 1), values.length);
  }
  const reach = Math.max(Math.abs(first), Math.abs(last));
  if (size + below.size(reach) + above.size(reach) >= 2 ** 53) return undefined;
  if ((first > x.lo && !below.isConstant()) || (last < x.hi && !above.isConstant())) return undefined;
  below.addTo(values, first);
  above.addTo(values, first);
  return { first, values, neurons: row.map(({ neuron: { gate }, weight }) => ({ gate, weight })) };
}

/** Polynomials that neurons are where they stay open, each over a range of a table. */
class Tails {
  /** By power: by how much the sum's coefficient changes at an entry. */
  private readonly changes: readonly Float64Array[];
  private readonly sums: [number, number, number] = [0, 0, 0];
  private readonly sizes: [number, number, number] = [0, 0, 0];

  constructor(entries: number) {
    this.changes = [0, 1, 2].map(() => new Float64Array(entries + 1));
  }

  /** Adds a neuron over entries from `start` to before `end`. */
  add(polynomial: Polynomial, weight: number, start: number, end: number): void {
    polynomial.forEach((coefficient, power) => {
      this.sums[power] += weight * coefficient;
      this.sizes[power] += Math.abs(weight * coefficient);
      this.changes[power][start] += weight * coefficient;
      this.changes[power][end] -= weight * coefficient;
    });
  }

  /** Bounds every number on the way to the sums, for integers up to `reach` on both sides of 0. */
  size(reach: number): number {
    return 2 * sizeOf(this.sizes, reach);
  }

  /** True when all neurons together are a constant. */
  isConstant(): boolean {
    return this.sums[1] === 0 && this.sums[2] === 0;
  }

  /** Adds the sums to a table that starts at `first`. */
  addTo(values: Float64Array, first: number): void {
    const current: [number, number, number] = [0, 0, 0];
    for (let k = 0; k < values.length; k++) {
      for (const power of [0, 1, 2] as const) current[power] += this.changes[power][k];
      values[k] += valueAt(current, first + k);
    }
  }
}
