/**
 * What a changed weight changes: only columns that read something changed are computed again, and only at the positions
 * where it changed.
 */
import type { SparseMatrix } from '../../engine/transformer/model.ts';
import { Columns, type Feeders, type HeadColumns } from './columns.ts';
import { type Column, findWinners, type Search, SHARED } from './search.ts';

/** A column that differs from the unchanged model's, and where. */
interface Change {
  readonly column: Column;
  readonly at: Int32Array;
}

/** The weight that differs from the files'. */
export interface Place {
  readonly part: 'embed' | 'unembed' | 'q' | 'k' | 'v' | 'o' | 'gate' | 'up' | 'down';
  /** -1 for embed and unembed. */
  readonly layer: number;
  readonly row: number;
  readonly column: number;
}

/** Keys changed at so few tokens are compared one by one with each winner. */
const FEW_KEYS = 48;

const NOWHERE = new Int32Array(0);

const isFeedForward = (place: Place | undefined) => place !== undefined && 'gate up down'.includes(place.part);

/** Columns that can be followed with a weight changed. */
export class ChangedColumns extends Columns {
  /** Whether the model, whose weight at `place` has been changed, generates something else than expected. */
  differs(place: Place): boolean {
    const last = this.stages.length - 1;
    if (place.part === 'unembed') return this.unembedDiffers(place.row);
    let changes = new Map<number, Change>();
    if (place.part === 'embed') {
      const at = Int32Array.from(this.positionsOf.get(place.row) ?? []);
      if (at.length === 0) return false;
      const base = this.stages[0][place.column];
      const column = base.slice();
      const x = new Float64Array(this.model.config.dModel);
      this.model.embed.addRow(place.row, 1, x);
      const { position } = this.model.config;
      for (const i of at) {
        const own = place.column === position.slot ? i : place.column === position.squareSlot ? i * i : 0;
        column[i] = x[place.column] + own;
      }
      changes.set(place.column, { column, at });
    }
    for (let l = Math.max(0, place.layer); l < this.layers.length; l++) {
      const here = place.layer === l ? place : undefined;
      changes = this.attention(l, changes, here);
      if (changes.size === 0 && !isFeedForward(here)) return false;
      changes = this.feedForward(l, changes, here);
      if (changes.size === 0) return false;
    }
    const stream = this.stream(last, changes);
    const touched = this.union([...new Set(this.model.unembed.columns)].map((slot) => changes.get(slot)?.at));
    for (const i of touched) {
      const expected = this.sequence.expected[i];
      if (expected >= 0 && this.argmax(stream, i) !== expected) return true;
    }
    return false;
  }

  private unembedDiffers(row: number): boolean {
    const last = this.stages[this.stages.length - 1];
    const { unembed } = this.model;
    const logit = (r: number, i: number) => {
      let sum = 0;
      for (let w = unembed.starts[r]; w < unembed.starts[r + 1]; w++) {
        sum += unembed.weights[w] * last[unembed.columns[w]][i];
      }
      return sum;
    };
    for (const i of this.checked) {
      const expected = this.sequence.expected[i];
      if (expected === row) {
        const own = logit(row, i);
        for (const other of this.candidates) {
          if (other === row) continue;
          const score = logit(other, i);
          if (score > own || (score === own && other < row)) return true;
        }
      } else {
        const score = logit(row, i);
        const best = logit(expected, i);
        if (score > best || (score === best && row < expected)) return true;
      }
    }
    return false;
  }

  /** The stream at a stage with changes. */
  private stream(stage: number, changes: ReadonlyMap<number, Change>): Column[] {
    if (changes.size === 0) return this.stages[stage];
    const result = this.stages[stage].slice();
    for (const [slot, { column }] of changes) result[slot] = column;
    return result;
  }

  /** Positions in any of the lists, ascending. */
  private union(lists: readonly (Int32Array | undefined)[]): Int32Array {
    const some = lists.filter((list) => list !== undefined);
    if (some.length === 0) return NOWHERE;
    if (some.length === 1 || some.includes(this.all)) return some.includes(this.all) ? this.all : some[0];
    const { mark } = this;
    let count = 0;
    for (const list of some) {
      for (const i of list) {
        if (mark[i] === 0) count++;
        mark[i] = 1;
      }
    }
    const result = new Int32Array(count);
    let next = 0;
    for (let i = 0; i < mark.length && next < count; i++) {
      if (mark[i] === 0) continue;
      mark[i] = 0;
      result[next++] = i;
    }
    return result;
  }

  /** Those of the positions where two columns differ; undefined for none. */
  private difference(column: Column, base: Column, at: Int32Array): Change | undefined {
    let count = 0;
    for (const i of at) if (column[i] !== base[i]) count++;
    if (count === 0) return undefined;
    if (count === this.n) return { column, at: this.all };
    const differing = new Int32Array(count);
    let next = 0;
    for (const i of at) if (column[i] !== base[i]) differing[next++] = i;
    const whole = base.slice();
    for (const i of differing) whole[i] = column[i];
    return { column: whole, at: differing };
  }

  /** Positions at which a row must be computed again. */
  private affected(
    matrix: SparseMatrix,
    row: number,
    changes: ReadonlyMap<number, Change>,
    mutated: boolean,
  ): Int32Array {
    if (mutated) return this.all;
    const lists: Int32Array[] = [];
    for (let w = matrix.starts[row]; w < matrix.starts[row + 1]; w++) {
      const change = changes.get(matrix.columns[w]);
      if (change) lists.push(change.at);
    }
    return this.union(lists);
  }

  private attention(l: number, changes: Map<number, Change>, place: Place | undefined): Map<number, Change> {
    const { layer, heads, o, headsOf } = this.layers[l];
    const stream = this.stream(2 * l, changes);
    const outputs = new Map<number, Change>();
    const known = new Map<string, Int32Array>();
    const touched = readersOf(headsOf, changes);
    if (place && 'qkv'.includes(place.part)) touched.add(heads.findIndex(({ head }) => head === place.row >> 1));
    for (const h of touched) {
      if (h < 0) continue;
      const head = heads[h];
      const rows = [2 * head.head, 2 * head.head + 1];
      const part = (name: 'q' | 'k' | 'v') =>
        rows.map((row, i) => {
          const matrix = layer[name];
          const at = this.affected(matrix, row, changes, place?.part === name && place.row === row);
          return at.length === 0 ? undefined : this.difference(this.times(matrix, row, stream, at), head[name][i], at);
        });
      const [q, k, v] = [part('q'), part('k'), part('v')];
      if ([...q, ...k, ...v].every((change) => change === undefined)) continue;
      const own = place && 'qk'.includes(place.part) && rows.includes(place.row);
      const moved = this.moved(head, q, k, own ? undefined : known, l);
      rows.forEach((row, i) => {
        const value = v[i]?.column ?? head.v[i];
        const isMean = head.isMean && moved.winners === head.winners;
        const at = isMean ? this.all : this.union([moved.at, this.winnersAmong(moved.winners, v[i]?.at)]);
        if (at.length === 0 || (isMean && !v[i])) return;
        const brought = this.brought(
          isMean ? head : { ...head, isMean: false },
          moved.search,
          moved.winners,
          value,
          at,
        );
        const change = this.difference(brought, head.out[i], at);
        if (change) outputs.set(row, change);
      });
    }
    const mutated = place?.part === 'o' ? place.column : -1;
    const base = (input: number) => heads.find(({ head }) => head === input >> 1)?.out[input & 1];
    return this.written(2 * l, changes, o, outputs, base, mutated);
  }

  /** Positions whose winner is among the tokens `at` (or shared, which reads many). */
  private winnersAmong(winners: Int32Array, at: Int32Array | undefined): Int32Array {
    if (!at) return NOWHERE;
    const { mark } = this;
    for (const j of at) mark[j] = 1;
    const found: number[] = [];
    for (let i = 0; i < winners.length; i++) {
      if (winners[i] === SHARED || mark[winners[i]] === 1) found.push(i);
    }
    for (const j of at) mark[j] = 0;
    return Int32Array.from(found);
  }

  /** The winners of a head with changed queries and keys, and where they were searched again. */
  private moved(
    head: HeadColumns,
    q: readonly (Change | undefined)[],
    k: readonly (Change | undefined)[],
    known: Map<string, Int32Array> | undefined,
    l: number,
  ): { winners: Int32Array; at: Int32Array; search: Search } {
    const search: Search = {
      kx: k[0]?.column ?? head.k[0],
      ky: k[1]?.column ?? head.k[1],
      qx: q[0]?.column ?? head.q[0],
      qy: q[1]?.column ?? head.q[1],
      latest: head.latest,
    };
    const asked = this.union([q[0]?.at, q[1]?.at]);
    const keys = this.union([k[0]?.at, k[1]?.at]);
    const at = keys.length === 0 ? asked : this.union([asked, this.unsettled(head, search, keys)]);
    if (at.length === 0) return { winners: head.winners, at, search };
    const { layer } = this.layers[l];
    const rows = [2 * head.head, 2 * head.head + 1];
    const name = rows.map((row) => `${layer.q.text(row)}|${layer.k.text(row)}`).join('|') + head.latest;
    let winners = known?.get(name);
    if (!winners) {
      winners = head.winners.slice();
      findWinners(search, at, head.parabola && keys.length === 0, winners);
      known?.set(name, winners);
    }
    return { winners, at, search };
  }

  /** Positions whose winner may be another since the keys of these tokens changed. */
  private unsettled(head: HeadColumns, { kx, ky, qx, qy, latest }: Search, keys: Int32Array): Int32Array {
    if (keys.length > FEW_KEYS) return this.all.subarray(keys[0]);
    const { mark } = this;
    const { winners } = head;
    const found: number[] = [];
    for (const j of keys) mark[j] = 1;
    for (let i = keys[0]; i < winners.length; i++) {
      const winner = winners[i];
      let open = winner === SHARED || mark[winner] === 1;
      if (!open) {
        const best = qx[i] * kx[winner] + qy[i] * ky[winner];
        for (const j of keys) {
          if (j > i) break;
          const score = qx[i] * kx[j] + qy[i] * ky[j];
          if (score < best || (score === best && latest && j < winner)) continue;
          open = true;
          break;
        }
      }
      if (open) found.push(i);
    }
    for (const j of keys) mark[j] = 0;
    return Int32Array.from(found);
  }

  private feedForward(l: number, changes: Map<number, Change>, place: Place | undefined): Map<number, Change> {
    const { layer, neurons, down, neuronsOf } = this.layers[l];
    const stream = this.stream(2 * l + 1, changes);
    const activations = new Map<number, Change>();
    const touched = readersOf(neuronsOf, changes);
    if (place && (place.part === 'gate' || place.part === 'up')) touched.add(place.row);
    for (const n of touched) {
      const base = neurons[n];
      if (!base) continue;
      const own = place?.row === n ? place.part : undefined;
      const at = this.union([
        this.affected(layer.gate, n, changes, own === 'gate'),
        this.affected(layer.up, n, changes, own === 'up'),
      ]);
      if (at.length === 0) continue;
      const change = this.difference(this.neuron(layer, n, stream, at), base, at);
      if (change) activations.set(n, change);
    }
    const mutated = place?.part === 'down' ? place.column : -1;
    return this.written(2 * l + 1, changes, down, activations, (n) => neurons[n], mutated);
  }

  /** The slots that differ after a half-layer: what went in, plus what it writes. */
  private written(
    stage: number,
    changes: ReadonlyMap<number, Change>,
    feeders: Feeders,
    inputs: ReadonlyMap<number, Change>,
    baseOf: (input: number) => Column | undefined,
    mutatedSlot: number,
  ): Map<number, Change> {
    const result = new Map<number, Change>();
    const slots = new Set(changes.keys());
    if (mutatedSlot >= 0) slots.add(mutatedSlot);
    const { matrix, bySlot } = feeders;
    for (const input of inputs.keys()) {
      for (let w = matrix.starts[input]; w < matrix.starts[input + 1]; w++) slots.add(matrix.columns[w]);
    }
    for (const slot of slots) {
      const before = changes.get(slot);
      const from = bySlot.get(slot);
      if (!from) {
        if (before) result.set(slot, before);
        continue;
      }
      const at =
        slot === mutatedSlot ? this.all : this.union([before?.at, ...from.map(({ input }) => inputs.get(input)?.at)]);
      const column = before?.column ?? this.stages[stage][slot];
      const made = this.added(column, feeders, slot, (input) => inputs.get(input)?.column ?? baseOf(input), at);
      const change = this.difference(made, this.stages[stage + 1][slot], at);
      if (change) result.set(slot, change);
    }
    return result;
  }
}

/** Readers of any slot that changed. */
function readersOf(bySlot: ReadonlyMap<number, readonly number[]>, changes: ReadonlyMap<number, Change>): Set<number> {
  const found = new Set<number>();
  for (const slot of changes.keys()) for (const reader of bySlot.get(slot) ?? []) found.add(reader);
  return found;
}
