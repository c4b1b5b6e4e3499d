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
import { NEXT_KIND } from '../../engine/machine/decision.ts';
import { type SparseMatrix, workingHeads } from '../../engine/transformer/model.ts';
import { magnitude, unitOf } from '../../engine/weights/exactness/values.ts';
import { AnalysedModel } from './analysed-model.ts';
import { changed, type Mutant } from './mutants.ts';
import {
  both,
  hull,
  isNothing,
  moved,
  NO_UNIT,
  NO_VARIABLES,
  NOTHING,
  type Off,
  type Query,
  type Range,
  ranged,
  relu,
  Sum,
  times,
} from './ranges.ts';

/** By case; undefined: no deviation. */
type Deviation = (Off | undefined)[];
type Slots = Map<number, Deviation>;
/** What is added to slots in a half-layer, by slot and case. */
type Added = Map<number, { readonly sum: Sum; to: Range | undefined; rest: Range }[]>;

/** Kinds of tokens after this one have no byte. */
const LAST_KIND_WITH_BYTE = NEXT_KIND.out;

/** Why a mutant could not be proved to be equivalent. */
class Reaches extends Error {}

/** Follows deviations through the machine's model. */
export class Deviations extends AnalysedModel {
  /** Undefined when the mutant is equivalent; else where its deviation could show. */
  whyNot(mutant: Mutant): string | undefined {
    this.least = this.narrowed(mutant);
    const why = this.reached(mutant);
    if (!this.left) return why;
    this.least = NO_VARIABLES;
    return this.reached(mutant);
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
