/**
 * The machine's model as the analysis of exactness sees it: which variable each slot holds at each stage, and what slots
 * and rows can be in each of its cases.
 */
import type { Linear, Variable } from '../../engine/graph/graph.ts';
import { machine } from '../../engine/machine/machine.ts';
import type { Layer, Model, SparseMatrix } from '../../engine/transformer/model.ts';
import { analyse, type Exactness } from '../../engine/weights/exactness/exactness.ts';
import { bitsOf, magnitude, unitOf } from '../../engine/weights/exactness/values.ts';
import { type Schedule, schedule } from '../../engine/weights/schedule.ts';
import { refine } from './deviation-cases.ts';
import type { Mutant } from './mutants.ts';
import { both, hull, NO_UNIT, NO_VARIABLES, type Query, type Range, ranged, relu, Sum, times } from './ranges.ts';
import type { Meaning } from './reasons.ts';

/** The analysis of a machine's model. Making one takes seconds. */
export class AnalysedModel {
  protected readonly model: Model;
  protected readonly exactness: Exactness;
  protected readonly plan: Schedule;
  /** Variables that a slot holds, in order. */
  protected readonly holders: Variable[][];
  protected readonly cases: number;
  protected readonly generates: boolean[];
  protected readonly result: { slot: number; variable: Variable };
  protected readonly kind: { slot: number; variable: Variable };
  protected readonly wholes: Variable[][] = [];
  /** Variables that are 1 at least where the mutant at hand deviates, and whether it has left the token where that is so. */
  protected least = NO_VARIABLES;
  protected left = false;
  protected readonly rows = new Map<SparseMatrix, { linear: Linear; ranges: Range[] }[]>();
  protected readonly brought = new Map<string, Range>();
  protected readonly puts = new Map<string, Range>();

  /** @throws RangeError when the model is not that of the machine */
  constructor(model: Model) {
    const graph = machine();
    const generates = refine(graph, model.config.eos);
    this.model = model;
    this.plan = schedule(graph);
    if (this.plan.slotNames.join() !== model.config.names.slots.join()) {
      throw new RangeError('deviations are followed in the machine’s own model only');
    }
    this.exactness = analyse(graph, this.plan);
    this.cases = this.exactness.cases.length;
    this.generates = this.exactness.cases.map(generates);
    this.holders = this.plan.slotNames.map(() => []);
    for (const [variable, slot] of this.plan.slotOf) this.holders[slot].push(variable);
    const { readyAt } = this.plan;
    for (const list of this.holders) list.sort((a, b) => readyAt.get(a)! - readyAt.get(b)!);
    const named = (name: string) => {
      const variable = graph.variables.find((each) => each.name === name)!;
      return { variable, slot: this.plan.slotOf.get(variable)! };
    };
    this.result = named('next byte');
    this.kind = named('kind of next token');
  }

  /** What a weight of a head or a neuron is for. */
  meaning({ place }: Mutant): Meaning {
    const { part, layer: l, row, column } = place;
    const { o, down, up } = this.model.layers[l];
    if (part === 'gate' || part === 'up' || part === 'down') {
      const slot = this.erasedBy(this.model.layers[l], row);
      const slots = down.columns.subarray(down.starts[row], down.starts[row + 1]);
      const makes =
        slot === undefined
          ? Array.from(part === 'down' ? [column] : slots, (to) => this.building(to, 2 * l + 2).name)
          : [this.next(slot, 2 * l + 1).name];
      const reads = this.holder(part === 'down' ? up.columns[up.starts[row]] : column, 2 * l + 1).name;
      return { reads, makes, erases: slot === undefined ? undefined : this.holder(slot, 2 * l + 1).name };
    }
    const rows = part === 'v' || part === 'o' ? [row] : [row & ~1, row | 1];
    const slots = rows.flatMap((each) => [...o.columns.subarray(o.starts[each], o.starts[each + 1])]);
    const { v } = this.model.layers[l];
    const reads = this.holder(part === 'o' ? v.columns[v.starts[row]] : column, 2 * l).name;
    return { reads, makes: slots.map((slot) => this.building(slot, 2 * l + 1).name) };
  }

  /** The variable that comes into a slot behind the one that it holds at a stage. */
  protected next(slot: number, stage: number): Variable {
    const list = this.holders[slot];
    return list[list.indexOf(this.holder(slot, stage)) + 1];
  }

  /**
   * Variables that are not 0, but 1 at least, in a token whose numbers deviate: what a changed weight multiplies, and what
   * the neuron behind it adds to. That is so in the token itself alone.
   */
  protected narrowed({ place, index }: Mutant): ReadonlySet<Variable> {
    const { part, layer: l, row, column } = place;
    if (part === 'gate' || part === 'q') {
      const input = this.holder(column, part === 'q' ? 2 * l : 2 * l + 1);
      return new Set(this.isCount(input) ? [input] : []);
    }
    if (part !== 'up' && part !== 'down') return NO_VARIABLES;
    const { gate, up, down } = this.model.layers[l];
    const single =
      up.starts[row + 1] - up.starts[row] === 1 && this.holder(up.columns[up.starts[row]], 0).name === 'one';
    const gateOf = this.linear(gate, row, 2 * l + 1);
    const whole = this.exactness.cases.every((_, c) => {
      const { unit, error } = this.exactness.bound(gateOf, c);
      return unit >= 0 && error === 0;
    });
    if (!single || !whole || up.weights[up.starts[row]] < 1) return NO_VARIABLES;
    const found = new Set<Variable>();
    for (let w = down.starts[row]; w < down.starts[row + 1]; w++) {
      const variable = this.building(down.columns[w], 2 * l + 2);
      const isOther = part === 'down' && w !== index;
      if (!isOther && down.weights[w] >= 1 && this.isCount(variable) && this.addsUp(variable)) found.add(variable);
    }
    return found;
  }

  /** Whether a variable is a whole number and never negative. */
  protected isCount(variable: Variable): boolean {
    return Array.from({ length: this.cases }, (_, c) => this.exactness.valueOf(variable, c)).every(
      ({ low, unit, error }) => low >= 0 && unit >= 0 && error === 0,
    );
  }

  /** Whether all that a variable is made of is never negative. */
  protected addsUp({ source }: Variable): boolean {
    if (source.kind !== 'sum') return false;
    return source.neurons.every(
      ({ coefficient, up }) =>
        coefficient > 0 &&
        Array.from({ length: this.cases }, (_, c) => this.exactness.bound(up, c).low).every((low) => low >= 0),
    );
  }

  /** The variable that a slot holds whole at a stage: after so many half-layers. */
  protected holder(slot: number, stage: number): Variable {
    this.wholes[stage] ??= this.holders.map((list) => latest(list, this.plan.readyAt, stage));
    return this.wholes[stage][slot];
  }

  /** The variable that a slot holds at a stage, in part at least. */
  protected building(slot: number, stage: number): Variable {
    return latest(this.holders[slot], this.plan.bornAt, stage);
  }

  /** What a slot can hold at a stage where it is read. */
  protected held(slot: number, stage: number, c: number): Range {
    const variable = this.holder(slot, stage);
    const range = ranged(this.exactness.valueOf(variable, c));
    return this.least.has(variable) && range.high >= 1 ? { ...range, low: Math.max(1, range.low) } : range;
  }

  /** What a row of a matrix that reads the stream at a stage can be. */
  protected row(matrix: SparseMatrix, row: number, stage: number, c: number): Range {
    let rows = this.rows.get(matrix);
    if (!rows) {
      rows = [];
      this.rows.set(matrix, rows);
    }
    rows[row] ??= { linear: this.linear(matrix, row, stage), ranges: [] };
    const { linear, ranges } = rows[row];
    ranges[c] ??= ranged(this.exactness.bound(linear, c));
    if (![...linear.keys()].some((variable) => this.least.has(variable))) return ranges[c];
    const sum = new Sum();
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      sum.add(this.held(matrix.columns[w], stage, c), matrix.weights[w]);
    }
    return both(ranges[c], sum.range());
  }

  protected linear(matrix: SparseMatrix, row: number, stage: number): Linear {
    const linear = new Map<Variable, number>();
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      linear.set(this.holder(matrix.columns[w], stage), matrix.weights[w]);
    }
    return linear;
  }

  /** Whether keys are (2j, -j²) at position j, and the query is off by so little that the nearest is the same. */
  protected snaps(l: number, head: number, { x, by, y, y0 }: Query, c: number): boolean {
    const { q, k } = this.model.layers[l];
    const { slot, squareSlot } = this.model.config.position;
    const is = (row: number, column: number, weight: number) =>
      k.starts[row + 1] - k.starts[row] === 1 && k.weight(row, column) === weight;
    if (!by || y0 || y.low !== 1 || y.high !== 1 || !is(2 * head, slot, 2) || !is(2 * head + 1, squareSlot, -1))
      return false;
    // Before, it was an integer, but for the rounding of a running sum.
    const { unit, error } = this.exactness.bound(this.linear(q, 2 * head, 2 * l), c);
    if (error === 0 && unit < 0) return false;
    const most = magnitude(x) + 1;
    return 2 * (magnitude(by) + error) + 6 * most * most * 2 ** -53 < 1;
  }

  /**
   * What a table's head brings of half its key, for keys (2k, -k²): the k that is nearest to x / y. Tokens beside the table
   * have the key (0, -1), which is below that of k = 0.
   */
  protected nearest(l: number, row: number, { x, y }: Query): Range | undefined {
    if (y.low !== y.high || y.low <= 0) return undefined;
    const { k, v } = this.model.layers[l];
    const [first, second] = [row & ~1, row | 1];
    const single = (matrix: SparseMatrix, r: number) =>
      matrix.starts[r + 1] - matrix.starts[r] === 1
        ? {
            variable: this.holder(matrix.columns[matrix.starts[r]], 2 * l).name,
            weight: matrix.weights[matrix.starts[r]],
          }
        : undefined;
    const [doubled, square, value] = [single(k, first), single(k, second), single(v, row)];
    if (doubled?.weight !== 1 || square?.weight !== 1 || value?.weight !== 0.5) return undefined;
    if (doubled.variable !== value.variable || !/^table( of bytes)?: 2k$/.test(doubled.variable)) return undefined;
    if (square.variable !== doubled.variable.replace('2k', '-k²')) return undefined;
    const most = doubled.variable === 'table: 2k' ? 2047 : 255;
    const clamp = (n: number) => Math.min(most, Math.max(0, n));
    // One more on either side, where scores that are not exact could tie.
    const spare = this.scoresExact(x, y, most) ? 0 : 1;
    return {
      low: clamp(Math.ceil(x.low / y.low - 0.5) - spare),
      high: clamp(Math.floor(x.high / y.low + 0.5) + spare),
      unit: NO_UNIT,
    };
  }

  protected scoresExact(x: Range, y: Range, most: number): boolean {
    return bitsOf(2 * most * magnitude(x) + most * most * y.low, Math.min(x.unit + 1, unitOf(y.low))) < 53;
  }

  /** What a head can bring: the values of any token, or a mean of them. */
  protected bring(l: number, row: number): Range {
    const key = `${l}.${row}`;
    let known = this.brought.get(key);
    if (!known) {
      const { v } = this.model.layers[l];
      known = Array.from({ length: this.cases }, (_, c) => this.row(v, row, 2 * l, c)).reduce(hull);
      known = { ...known, unit: NO_UNIT };
      this.brought.set(key, known);
    }
    return known;
  }

  /** The slot that a neuron takes from itself. */
  protected erasedBy({ gate, up, down }: Layer, n: number): number | undefined {
    const single = ({ starts, columns, weights }: SparseMatrix, weight: number) => {
      const from = starts[n];
      return starts[n + 1] - from === 1 && weights[from] === weight ? columns[from] : undefined;
    };
    const slot = single(up, 1);
    if (slot === undefined || single(down, -1) !== slot) return undefined;
    const open = single(gate, 1);
    return open !== undefined && this.holder(open, 0).name === 'one' ? slot : undefined;
  }

  /** Sum of the magnitudes of what has been put into a slot, up to a stage, to make the variable that it holds then. */
  protected put(slot: number, stage: number, c: number): Range {
    const variable = this.building(slot, stage);
    const { source } = variable;
    const size = (range: Range): Range => ({ low: 0, high: magnitude(range), unit: range.unit });
    if (source.kind !== 'sum') return size(this.exactness.valueOf(variable, c));
    const key = `${slot}.${stage}.${c}`;
    let known = this.puts.get(key);
    if (known) return known;
    const sum = new Sum();
    for (let l = this.plan.bornAt.get(variable)! / 2 - 1; 2 * l + 2 <= stage; l++) {
      const { gate, up, down } = this.model.layers[l];
      for (let n = 0; n < down.rows; n++) {
        const weight = down.weight(n, slot);
        if (weight === 0 || this.erasedBy(this.model.layers[l], n) === slot) continue;
        const open = relu(this.row(gate, n, 2 * l + 1, c));
        if (open.high > 0) sum.add(size(times(open, this.row(up, n, 2 * l + 1, c))), Math.abs(weight));
      }
    }
    known = sum.range();
    this.puts.set(key, known);
    return known;
  }
}

/** The last of the variables (in order) whose stage is not after this one. */
function latest(list: readonly Variable[], stages: ReadonlyMap<Variable, number>, stage: number): Variable {
  let found = list[0];
  for (const variable of list) if (stages.get(variable)! <= stage) found = variable;
  return found;
}
