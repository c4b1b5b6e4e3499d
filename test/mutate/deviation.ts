/**
 * Proves for some mutants that they generate what the model does, for every program: a changed weight makes numbers of the
 * residual stream deviate, and where no deviation reaches what is generated, nothing shows.
 *
 * Noninterference by abstract interpretation: in each case of the analysis of exactness (machine/cases.ts), which knows
 * what every slot can hold there, an interval says how far each slot can be from what it holds without the change. A
 * neuron whose gate is closed with and without it passes nothing on. A head whose query deviates can bring what any token
 * has; what it brings may then end at closed gates. (Where keys deviate, no proof is tried.) Where a deviation stays away
 * from the logits in all cases, the next token is the same, and so, one after the other, are all.
 *
 * Deviating numbers need not be exact: what roundings can add is a part of the interval.
 */
import type { Linear, Variable } from '../../engine/graph/graph.ts';
import { NEXT_KIND } from '../../engine/machine/decision.ts';
import { machine } from '../../engine/machine/machine.ts';
import { type Layer, type Model, type SparseMatrix, workingHeads } from '../../engine/transformer/model.ts';
import { analyse, type Exactness } from '../../engine/weights/exactness/exactness.ts';
import { bitsOf, magnitude, product, unitOf, type Value } from '../../engine/weights/exactness/values.ts';
import { type Schedule, schedule } from '../../engine/weights/schedule.ts';
import { refine } from './deviation-cases.ts';
import { changed, type Mutant } from './mutants.ts';
import type { Meaning } from './reasons.ts';

/** What a number can be, and 2^unit of which it is a multiple. */
interface Range {
  readonly low: number;
  readonly high: number;
  readonly unit: number;
}

/** How far a slot is from what it holds in the model. */
interface Off extends Range {
  /** What it can hold then, where that is known better than from the two. */
  readonly to?: Range;
}

/** By case; undefined: no deviation. */
type Deviation = (Off | undefined)[];
type Slots = Map<number, Deviation>;
/** What is added to slots in a half-layer, by slot and case. */
type Added = Map<number, { readonly sum: Sum; to: Range | undefined; rest: Range }[]>;

const NOTHING: Range = { low: 0, high: 0, unit: Number.POSITIVE_INFINITY };
/** Of what has no unit, such as a mean. */
const NO_UNIT = Number.NEGATIVE_INFINITY;
/** Beyond what is exact, sums are off by less than this share of their terms' magnitudes. */
const ROUGH = 2 ** -45;
/** Kinds of tokens after this one have no byte. */
const LAST_KIND_WITH_BYTE = NEXT_KIND.out;

const NO_VARIABLES: ReadonlySet<Variable> = new Set();

const isNothing = (range: Range) => range.low === 0 && range.high === 0;

/** The sum of some terms. */
class Sum {
  low = 0;
  high = 0;
  private size = 0;
  private unit = Number.POSITIVE_INFINITY;
  private endUnit = Number.POSITIVE_INFINITY;

  add(range: Range | undefined, weight = 1): this {
    if (!range || weight === 0) return this;
    this.low += weight > 0 ? weight * range.low : weight * range.high;
    this.high += weight > 0 ? weight * range.high : weight * range.low;
    const most = magnitude(range);
    if (most === 0) return this;
    this.size += Math.abs(weight) * most;
    this.unit = Math.min(this.unit, unitOf(weight) + range.unit);
    this.endUnit = Math.min(this.endUnit, unitOf(weight) + Math.min(unitOf(range.low), unitOf(range.high)));
    return this;
  }

  /** By how much the sum can be off, in any order. */
  get rest(): Range {
    return bitsOf(this.size, this.unit) < 53 ? NOTHING : around(this.size * ROUGH);
  }

  /** The exact sum. */
  range(): Range {
    // The ends themselves are computed here.
    const rest = bitsOf(this.size, this.endUnit) < 53 ? 0 : this.size * ROUGH;
    return { low: this.low - rest, high: this.high + rest, unit: this.unit };
  }
}

const around = (size: number): Range => ({ low: -size, high: size, unit: NO_UNIT });
const times = (a: Range, b: Range): Range => {
  const [low, high] = product(a, b);
  return { low, high, unit: low === 0 && high === 0 ? Number.POSITIVE_INFINITY : a.unit + b.unit };
};
const hull = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
  unit: Math.min(a.unit, b.unit),
});
const both = (a: Range, b: Range): Range => ({
  low: Math.max(a.low, b.low),
  high: Math.min(a.high, b.high),
  unit: Math.max(a.unit, b.unit),
});
const relu = ({ low, high, unit }: Range): Range => ({ low: Math.max(0, low), high: Math.max(0, high), unit });

/** What the analysis knows, with its rounding. */
const ranged = ({ low, high, unit, error }: Value): Range =>
  error === 0 ? { low, high, unit } : { low: low - error, high: high + error, unit: NO_UNIT };

/** What a slot can hold that deviates. */
function moved(held: Range, off: Off | undefined): Range {
  if (!off) return held;
  const sum = new Sum().add(held).add(off).range();
  return off.to ? both(sum, off.to) : sum;
}

/** A query that deviates: what it can be, by how much its first component is off, and whether the second is. */
interface Query {
  readonly x: Range;
  readonly y: Range;
  readonly by: Range | undefined;
  readonly y0: object | undefined;
}

/** Why a mutant could not be proved to be equivalent. */
class Reaches extends Error {}

/** The analysis of a machine's model. Making one takes seconds. */
export class Deviations {
  private readonly model: Model;
  private readonly exactness: Exactness;
  private readonly plan: Schedule;
  /** Variables that a slot holds, in order. */
  private readonly holders: Variable[][];
  private readonly cases: number;
  private readonly generates: boolean[];
  private readonly result: { slot: number; variable: Variable };
  private readonly kind: { slot: number; variable: Variable };
  private readonly wholes: Variable[][] = [];
  /** Variables that are 1 at least where the mutant at hand deviates, and whether it has left the token where that is so. */
  private least = NO_VARIABLES;
  private left = false;
  private readonly rows = new Map<SparseMatrix, { linear: Linear; ranges: Range[] }[]>();
  private readonly brought = new Map<string, Range>();
  private readonly puts = new Map<string, Range>();

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

  /** Undefined when the mutant is equivalent; else where its deviation could show. */
  whyNot(mutant: Mutant): string | undefined {
    this.least = this.narrowed(mutant);
    const why = this.reached(mutant);
    if (!this.left) return why;
    this.least = NO_VARIABLES;
    return this.reached(mutant);
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
  private next(slot: number, stage: number): Variable {
    const list = this.holders[slot];
    return list[list.indexOf(this.holder(slot, stage)) + 1];
  }

  private reached(mutant: Mutant): string | undefined {
    this.left = false;
    try {
      this.follow(mutant);
      return undefined;
    } catch (error) {
      if (error instanceof Reaches) return error.message;
      throw error;
    }
  }

  /**
   * Variables that are not 0, but 1 at least, in a token whose numbers deviate: what a changed weight multiplies, and what
   * the neuron behind it adds to. That is so in the token itself alone.
   */
  private narrowed({ place, index }: Mutant): ReadonlySet<Variable> {
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
  private isCount(variable: Variable): boolean {
    return Array.from({ length: this.cases }, (_, c) => this.exactness.valueOf(variable, c)).every(
      ({ low, unit, error }) => low >= 0 && unit >= 0 && error === 0,
    );
  }

  /** Whether all that a variable is made of is never negative. */
  private addsUp({ source }: Variable): boolean {
    if (source.kind !== 'sum') return false;
    return source.neurons.every(
      ({ coefficient, up }) =>
        coefficient > 0 &&
        Array.from({ length: this.cases }, (_, c) => this.exactness.bound(up, c).low).every((low) => low >= 0),
    );
  }

  private follow(mutant: Mutant): void {
    const { model } = this;
    const { part, row, column, layer: first } = mutant.place;
    if (part === 'unembed') throw new Reaches('a row of the unembedding');
    const slots: Slots = new Map();
    if (part === 'embed') {
      const weight = mutant.matrix.weights[mutant.index];
      const by = changed(weight, mutant.change) - weight;
      const own = { low: Math.min(0, by), high: Math.max(0, by), unit: unitOf(by) };
      slots.set(
        column,
        this.exactness.cases.map(({ tokens }) => (tokens[row] === 1 ? own : undefined)),
      );
    }
    for (let l = Math.max(0, first); l < model.layers.length; l++) {
      this.attention(l, slots, mutant);
      this.feedForward(l, slots, mutant);
      if (slots.size === 0) return;
    }
    this.logits(slots);
  }

  /** The variable that a slot holds whole at a stage: after so many half-layers. */
  private holder(slot: number, stage: number): Variable {
    this.wholes[stage] ??= this.holders.map((list) => latest(list, this.plan.readyAt, stage));
    return this.wholes[stage][slot];
  }

  /** The variable that a slot holds at a stage, in part at least. */
  private building(slot: number, stage: number): Variable {
    return latest(this.holders[slot], this.plan.bornAt, stage);
  }

  /** What a slot can hold at a stage where it is read. */
  private held(slot: number, stage: number, c: number): Range {
    const variable = this.holder(slot, stage);
    const range = ranged(this.exactness.valueOf(variable, c));
    return this.least.has(variable) && range.high >= 1 ? { ...range, low: Math.max(1, range.low) } : range;
  }

  /** What a row of a matrix that reads the stream at a stage can be. */
  private row(matrix: SparseMatrix, row: number, stage: number, c: number): Range {
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

  private linear(matrix: SparseMatrix, row: number, stage: number): Linear {
    const linear = new Map<Variable, number>();
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      linear.set(this.holder(matrix.columns[w], stage), matrix.weights[w]);
    }
    return linear;
  }

  /** By how much a row deviates, because what it reads does or one of its weights, and what it can be then. */
  private deviates(
    matrix: SparseMatrix,
    row: number,
    stage: number,
    slots: Slots,
    mutant: Mutant,
    c: number,
  ): { by: Range; to: Range } | undefined {
    const by = new Sum();
    const to = new Sum();
    let any = false;
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      const slot = matrix.columns[w];
      const weight = matrix.weights[w];
      const own = mutant.matrix === matrix && mutant.index === w;
      const now = own ? changed(weight, mutant.change) : weight;
      const off = slots.get(slot)?.[c];
      const held = this.held(slot, stage, c);
      to.add(moved(held, off), now);
      if (off) by.add(off, now);
      if (own) by.add(held, now - weight);
      any ||= own || off !== undefined;
    }
    if (!any) return undefined;
    const { rest } = to;
    const range = by.add(rest).range();
    if (isNothing(range)) return undefined;
    // Rounding is monotonic: a sum that is computed lies between the computed sums of the ends, which are exact or wider.
    const before = this.row(matrix, row, stage, c);
    return { by: range, to: both(to.range(), new Sum().add(before).add(range).range()) };
  }

  private reads(matrix: SparseMatrix, row: number, slots: Slots, mutant: Mutant): boolean {
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      if (slots.has(matrix.columns[w]) || (mutant.matrix === matrix && mutant.index === w)) return true;
    }
    return false;
  }

  private attention(l: number, slots: Slots, mutant: Mutant): void {
    const layer = this.model.layers[l];
    const stage = 2 * l;
    const added: Added = new Map();
    for (const head of workingHeads(layer)) {
      const rows = [2 * head, 2 * head + 1];
      const asks = this.asks(l, head, slots, mutant);
      if (this.byCase(layer.k, rows, stage, slots, mutant).some(Boolean)) throw new Reaches(`keys in layer ${l}`);
      const isMean = rows.every((row) => layer.q.isZero(row) && layer.k.isZero(row));
      for (const row of rows) {
        let value = NOTHING;
        if (this.reads(layer.v, row, slots, mutant)) {
          for (let c = 0; c < this.cases; c++) {
            value = hull(value, this.deviates(layer.v, row, stage, slots, mutant, c)?.by ?? NOTHING);
          }
        }
        if (!isNothing(value)) this.leave();
        if (isMean && !isNothing(value)) throw new Reaches(`a mean, layer ${l}`);
        const { o } = layer;
        for (let w = o.starts[row]; w < o.starts[row + 1]; w++) {
          const own = mutant.matrix === o && mutant.index === w;
          const weight = own ? changed(o.weights[w], mutant.change) : o.weights[w];
          if (isNothing(value) && !own && asks.every((asked) => !asked)) continue;
          const all = this.bring(l, row);
          const variable = this.building(o.columns[w], stage + 1);
          for (let c = 0; c < this.cases; c++) {
            const asked = asks[c];
            const near = asked && this.nearest(l, row, asked);
            const brings = near ? both(all, near) : all;
            const to = new Sum().add(brings, weight).add(value, weight).range();
            const sum = new Sum();
            if (asked || own) sum.add(to).add(ranged(this.exactness.valueOf(variable, c)), -1);
            else sum.add(value, weight);
            // Where several share the attention, a mean comes out.
            const by = sum.range();
            this.note(added, o.columns[w], c, isNothing(by) ? by : { ...by, unit: NO_UNIT }, to);
          }
        }
      }
    }
    this.addAll(slots, added, stage + 1);
  }

  /** Other tokens may read what deviates in this one. */
  private leave(): void {
    if (this.least.size === 0) return;
    this.left = true;
    throw new Reaches('other tokens');
  }

  /** By case: what a query can be that deviates; undefined if it does not, or finds the same. */
  private asks(l: number, head: number, slots: Slots, mutant: Mutant): (Query | undefined)[] {
    const { q } = this.model.layers[l];
    const rows = [2 * head, 2 * head + 1];
    const deviating = this.byCase(q, rows, 2 * l, slots, mutant);
    return deviating.map((query, c) => (query && this.snaps(l, head, query, c) ? undefined : query));
  }

  /** By case: what a pair of rows can be, where one of them deviates. */
  private byCase(
    matrix: SparseMatrix,
    [first, second]: readonly number[],
    stage: number,
    slots: Slots,
    mutant: Mutant,
  ): (Query | undefined)[] {
    if (![first, second].some((row) => this.reads(matrix, row, slots, mutant))) return new Array(this.cases);
    return Array.from({ length: this.cases }, (_, c) => {
      const x = this.deviates(matrix, first, stage, slots, mutant, c);
      const y = this.deviates(matrix, second, stage, slots, mutant, c);
      if (!x && !y) return undefined;
      return {
        x: x?.to ?? this.row(matrix, first, stage, c),
        y: y?.to ?? this.row(matrix, second, stage, c),
        by: x?.by,
        y0: y,
      };
    });
  }

  /** Whether keys are (2j, -j²) at position j, and the query is off by so little that the nearest is the same. */
  private snaps(l: number, head: number, { x, by, y, y0 }: Query, c: number): boolean {
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
  private nearest(l: number, row: number, { x, y }: Query): Range | undefined {
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

  private scoresExact(x: Range, y: Range, most: number): boolean {
    return bitsOf(2 * most * magnitude(x) + most * most * y.low, Math.min(x.unit + 1, unitOf(y.low))) < 53;
  }

  /** What a head can bring: the values of any token, or a mean of them. */
  private bring(l: number, row: number): Range {
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

  private feedForward(l: number, slots: Slots, mutant: Mutant): void {
    const layer = this.model.layers[l];
    const stage = 2 * l + 1;
    const { gate, up, down } = layer;
    const added: Added = new Map();
    const erased = new Set<number>();
    /** What deviating neurons put out, by neuron and case. */
    const outputs = new Map<number, Range[]>();
    for (let n = 0; n < gate.rows; n++) {
      const ownDown = mutant.matrix === down && down.starts[n] <= mutant.index && mutant.index < down.starts[n + 1];
      if (!ownDown && !this.reads(gate, n, slots, mutant) && !this.reads(up, n, slots, mutant)) continue;
      const isMutant = ownDown || (mutant.place.row === n && (mutant.matrix === gate || mutant.matrix === up));
      const slot = isMutant ? undefined : this.erasedBy(layer, n);
      if (slot !== undefined && slots.has(slot)) {
        erased.add(slot);
        continue;
      }
      for (let c = 0; c < this.cases; c++) {
        const g = this.deviates(gate, n, stage, slots, mutant, c);
        const u = this.deviates(up, n, stage, slots, mutant, c);
        if (!g && !u && !ownDown) continue;
        const before = this.row(gate, n, stage, c);
        const after = g?.to ?? before;
        if (before.high <= 0 && after.high <= 0) continue;
        const input = this.row(up, n, stage, c);
        const sum = new Sum();
        if (g) {
          const less = Math.max(Math.min(0, g.by.low), -Math.max(0, before.high));
          const more = Math.min(Math.max(0, g.by.high), Math.max(0, after.high));
          sum.add(times({ low: less, high: more, unit: Math.min(g.by.unit, before.unit) }, input));
        }
        if (u) sum.add(times(relu(after), u.by));
        const output = times(relu(after), u?.to ?? input);
        const was = times(relu(before), input);
        const apart = new Sum().add(output).add(was, -1).range();
        const by = both(sum.add(new Sum().add(output).rest).range(), apart);
        let list = outputs.get(n);
        if (!list) {
          list = [];
          outputs.set(n, list);
        }
        list[c] = output;
        for (let w = down.starts[n]; w < down.starts[n + 1]; w++) {
          const own = mutant.matrix === down && mutant.index === w;
          const weight = own ? changed(down.weights[w], mutant.change) : down.weights[w];
          const total = new Sum().add(by, weight);
          if (own) total.add(was, weight - down.weights[w]);
          this.note(added, down.columns[w], c, total.range());
        }
      }
    }
    for (const slot of erased) {
      this.erase(slot, l, slots, added);
      slots.delete(slot);
    }
    const { place } = mutant;
    const isHere = mutant.matrix === gate || mutant.matrix === up;
    // An eraser that is changed leaves something of the variable before.
    const unclean = isHere ? this.erasedBy(layer, place.row) : undefined;
    if (mutant.matrix !== down) this.sumsOf(l, slots, added, outputs, unclean);
    this.addAll(slots, added, stage + 1);
  }

  /** What slots can hold that are filled in this layer alone: the sum of what its neurons put out. */
  private sumsOf(
    l: number,
    slots: Slots,
    added: Added,
    outputs: ReadonlyMap<number, Range[]>,
    unclean: number | undefined,
  ): void {
    const layer = this.model.layers[l];
    const { gate, up, down } = layer;
    const { bornAt, readyAt } = this.plan;
    for (const [slot, sums] of added) {
      const variable = this.building(slot, 2 * l + 2);
      if (
        slots.has(slot) ||
        slot === unclean ||
        bornAt.get(variable) !== readyAt.get(variable) ||
        readyAt.get(variable) !== 2 * l + 2
      )
        continue;
      const writers = Array.from(down.starts.subarray(0, down.rows), (_, n) => n).filter(
        (n) => down.weight(n, slot) !== 0 && this.erasedBy(layer, n) !== slot,
      );
      sums.forEach((entry, c) => {
        const sum = new Sum();
        for (const n of writers) {
          const was = () => times(relu(this.row(gate, n, 2 * l + 1, c)), this.row(up, n, 2 * l + 1, c));
          sum.add(outputs.get(n)?.[c] ?? was(), down.weight(n, slot));
        }
        entry.to = sum.add(entry.rest).range();
      });
    }
  }

  /** The slot that a neuron takes from itself. */
  private erasedBy({ gate, up, down }: Layer, n: number): number | undefined {
    const single = ({ starts, columns, weights }: SparseMatrix, weight: number) => {
      const from = starts[n];
      return starts[n + 1] - from === 1 && weights[from] === weight ? columns[from] : undefined;
    };
    const slot = single(up, 1);
    if (slot === undefined || single(down, -1) !== slot) return undefined;
    const open = single(gate, 1);
    return open !== undefined && this.holder(open, 0).name === 'one' ? slot : undefined;
  }

  /** What is left of a deviation, by rounding, when its slot is erased and the next variable comes. */
  private erase(slot: number, l: number, slots: Slots, added: Added): void {
    const deviation = slots.get(slot)!;
    const next = this.building(slot, 2 * l + 2);
    // Alone in its sum, x - x is 0 whatever x is.
    if (next === this.holder(slot, 2 * l + 1)) return;
    for (let c = 0; c < this.cases; c++) {
      const off = deviation[c];
      if (!off) continue;
      const old = moved(this.held(slot, 2 * l + 1, c), off);
      const unit = Math.min(old.unit, off.unit);
      const sum = new Sum().add({ ...old, unit }, 2).add(this.put(slot, 2 * l + 2, c));
      const { rest } = sum.add(added.get(slot)?.[c]?.sum.range());
      this.note(added, slot, c, rest);
      const entry = added.get(slot)?.[c];
      if (entry) entry.rest = rest;
    }
  }

  /** Sum of the magnitudes of what has been put into a slot, up to a stage, to make the variable that it holds then. */
  private put(slot: number, stage: number, c: number): Range {
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

  private note(added: Added, slot: number, c: number, range: Range, to?: Range): void {
    if (isNothing(range)) return;
    let list = added.get(slot);
    if (!list) {
      list = [];
      added.set(slot, list);
    }
    if (list[c]) list[c].to = undefined;
    else list[c] = { sum: new Sum(), to, rest: NOTHING };
    list[c].sum.add(range);
  }

  private addAll(slots: Slots, added: Added, stage: number): void {
    for (const [slot, sums] of added) {
      const before = slots.get(slot) ?? [];
      const after: Deviation = [...before];
      sums.forEach(({ sum, to }, c) => {
        const by = sum.add(before[c]).range();
        const { rest } = new Sum().add(by).add(this.put(slot, stage, c));
        const range = to && !before[c] ? by : new Sum().add(by).add(rest).range();
        after[c] = isNothing(range) ? undefined : { ...range, to: before[c] ? undefined : to };
      });
      if (after.some((range) => range !== undefined)) slots.set(slot, after);
      else slots.delete(slot);
    }
  }

  /** What is generated stays the same. */
  private logits(slots: Slots): void {
    const { result, kind } = this;
    for (let c = 0; c < this.cases; c++) {
      if (!this.generates[c]) continue;
      const { name } = this.exactness.cases[c];
      if (slots.get(kind.slot)?.[c]) throw new Reaches(`the kind of the next token, case "${name}"`);
      const off = slots.get(result.slot)?.[c];
      if (!off) continue;
      const byte = this.exactness.valueOf(result.variable, c);
      const now = new Sum().add(byte).add(off).range();
      if (byte.high <= 0 && now.high <= 0) continue;
      if (byte.low >= 255 && now.low >= 255) continue;
      if (byte.unit >= 0 && off.low > -0.5 && off.high < 0.5) continue;
      // A byte's logit is at most 2 · 255 · result, and below that of another kind by 2^30 times the square of their distance.
      const distance = this.exactness.valueOf(kind.variable, c).low - LAST_KIND_WITH_BYTE;
      if (distance >= 1 && 510 * magnitude(now) + 255 ** 2 < 2 ** 30 * distance ** 2) continue;
      throw new Reaches(`the next byte, case "${name}"`);
    }
  }
}

/** The last of the variables (in order) whose stage is not after this one. */
function latest(list: readonly Variable[], stages: ReadonlyMap<Variable, number>, stage: number): Variable {
  let found = list[0];
  for (const variable of list) if (stages.get(variable)! <= stage) found = variable;
  return found;
}
