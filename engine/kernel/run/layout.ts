/** Where the generated code finds things: tables of features, cells, streams; and what it may call. */

import { valuesById } from '../analysis/classify.ts';
import type { Classes } from '../analysis/pivots.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Unembedding } from '../analysis/unembed.ts';
import { type Field, STREAM, TOKENS } from '../code/memory-map.ts';
import type { Layout, TableAt } from '../code/surroundings.ts';
import { MEMORY } from '../code/wasm.ts';
import { isInt } from '../graph/integers.ts';
import type { Lookup, LookupOf } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import type { LookupNode, Node, NodeOf, Tabulated } from '../graph/node.ts';
import type { Heap } from './heap.ts';
import type { Store } from './store.ts';

type Few = LookupOf<'few'>;

/** Integer types by range, smallest first; then float64. */
const ELEMENTS = [
  { load: MEMORY.i32_load8_u, shift: 0, lo: 0, hi: 2 ** 8 - 1 },
  { load: MEMORY.i32_load8_s, shift: 0, lo: -(2 ** 7), hi: 2 ** 7 - 1 },
  { load: MEMORY.i32_load16_s, shift: 1, lo: -(2 ** 15), hi: 2 ** 15 - 1 },
  { load: MEMORY.i32_load, shift: 2, lo: -(2 ** 31), hi: 2 ** 31 - 1 },
] as const;
/** For numbers that are known to be i32 as unsigned ones. */
const UNSIGNED = { load: MEMORY.i32_load, shift: 2, lo: 0, hi: 2 ** 32 - 1 } as const;

type Element = (typeof ELEMENTS)[number] | typeof UNSIGNED;

export class KernelLayout implements Layout {
  readonly tokensCell = TOKENS;
  readonly unembedTable: number;
  private readonly plan: Plan;
  private readonly store: Store;
  private readonly heap: Heap;
  private readonly features = new Map<number, TableAt>();
  private readonly keyTables = new Map<string, TableAt | { factor: number }>();
  private readonly entryTables = new Map<Tabulated, TableAt>();
  private readonly classTables = new Map<Classes, number>();
  private readonly flags = new Map<Lookup, number>();
  private readonly sums = new Map<Node, number>();
  private readonly streams = new Map<Node, { cell: number; field: Field; chunks: number }>();
  private readonly needed = new Set<number>();
  /** Number of tokens after which every key of every table has occurred. */
  readyAt = Number.POSITIVE_INFINITY;
  private readonly fews = new Map<number, Few>();
  private readonly scratches = new Map<Node, number>();
  private readonly finalRead = new Set<number>();
  private readonly seen: Uint8Array;
  private seenUntil = 0;
  /** Keys of tables that have not occurred. */
  private missing = 0;

  constructor(plan: Plan, store: Store, heap: Heap, unembedding: Unembedding | undefined) {
    this.plan = plan;
    this.store = store;
    this.heap = heap;
    this.seen = new Uint8Array(plan.nodes.columns[0].values.length);
    plan.final.forEach((node, slot) => {
      if (plan.logits.includes(node)) this.finalRead.add(slot);
    });
    for (const { at } of plan.heads.flat()) {
      if (at?.lookup.kind !== 'table' && at?.lookup.kind !== 'few') continue;
      for (const id of at.lookup.ids) this.needed.add(id);
    }
    this.missing = this.needed.size;
    if (this.missing === 0) this.readyAt = 0;
    this.unembedTable = store.allocate(2 * (unembedding?.ids.length ?? 0));
    if (unembedding) store.u16.set(unembedding.ids, this.unembedTable >> 1);
    for (const lookup of plan.flags) {
      const cell = store.allocate(8);
      store.i32[cell >> 2] = -1;
      this.flags.set(lookup, cell);
    }
    for (const form of plan.sums) this.sums.set(form, store.allocate(16));
    for (const form of plan.streams) {
      const field = { offset: 0, int: isInt(form), unsigned: form.lo >= 0 };
      this.streams.set(form, { cell: store.allocate(4 * STREAM.chunks), field, chunks: 0 });
    }
  }

  /** Writes a table of numbers in the smallest type that holds them all. */
  private table(values: Float64Array, elements: readonly Element[] = ELEMENTS): TableAt {
    let [least, most, whole] = [values[0], values[0], true];
    for (const value of values) {
      if (value < least) least = value;
      if (value > most) most = value;
      whole &&= Number.isInteger(value);
    }
    const fits = whole ? elements.find(({ lo, hi }) => least >= lo && most <= hi) : undefined;
    const shift = fits?.shift ?? 3;
    const address = this.store.allocate(values.length << shift);
    if (!fits) this.store.f64.set(values, address >> 3);
    else if (shift === 0) this.store.u8.set(Uint8Array.from(values), address);
    else if (shift === 1) this.store.u16.set(Uint16Array.from(values), address >> 1);
    else this.store.i32.set(Int32Array.from(values), address >> 2);
    return { address, load: fits?.load ?? MEMORY.f64_load, shift, float: !fits };
  }

  featureTable(column: number): TableAt {
    return memo(this.features, column, () => this.table(this.plan.nodes.columns[column].values));
  }

  keyTable({ lookup }: LookupNode, form: Node): TableAt | { readonly factor: number } {
    if (lookup.kind !== 'table') throw new RangeError('no table look-up');
    const key = `${lookup.id},${form.id}`;
    let table = this.keyTables.get(key);
    if (!table) {
      const byId = valuesById(this.plan.nodes, form);
      const values = new Float64Array(lookup.ids.length);
      for (let k = 0; k < values.length; k++) values[k] = byId[lookup.ids[k]];
      const factor = values[1];
      let linear = true;
      for (let k = 0; k < values.length && linear; k++) linear = values[k] === factor * k;
      table = linear ? { factor } : this.table(values);
      this.keyTables.set(key, table);
    }
    return table;
  }

  entryTable(entry: NodeOf<'entry'>): TableAt {
    const elements = isInt(entry) ? [...ELEMENTS, UNSIGNED] : [];
    return memo(this.entryTables, entry.table, () => this.table(entry.table.values, elements));
  }

  classTable(classes: Classes): number {
    let address = this.classTables.get(classes);
    if (address === undefined) {
      address = this.store.allocate(2 * classes.of.length);
      this.store.u16.set(classes.of, address >> 1);
      this.classTables.set(classes, address);
    }
    return address;
  }

  groupCell(group: number): number {
    return this.heap.addresses.get(group)!.cell;
  }

  directory(group: number): number {
    return this.heap.addresses.get(group)!.directory;
  }

  recordField(group: number, index: number): Field {
    return this.heap.addresses.get(group)!.fields[index];
  }

  storedIndex(group: number, form: Node): number {
    return this.plan.stored[group].indexOf(form);
  }

  flagCell(lookup: Lookup): number {
    return this.flags.get(lookup)!;
  }

  sumCell(form: Node): number {
    return this.sums.get(form)!;
  }

  stream(form: Node): { readonly cell: number; readonly field: Field } {
    return this.streams.get(form)!;
  }

  private streamAt(form: Node, position: number): number {
    const { cell, field } = this.streams.get(form)!;
    const chunk = this.store.i32[(cell >> 2) + (position >> STREAM.bits)];
    return chunk + ((position & (2 ** STREAM.bits - 1)) << (field.int ? 2 : 3));
  }

  streamed(form: Node, position: number): number {
    return this.heap.read(this.stream(form).field, this.streamAt(form, position));
  }

  setStream(form: Node, position: number, value: number): void {
    this.heap.write(this.stream(form).field, this.streamAt(form, position), value);
  }

  /** Makes room in every stream for the tokens before `tokens`. */
  reserveStreams(tokens: number): void {
    for (const stream of this.streams.values()) {
      while (stream.chunks << STREAM.bits < tokens) {
        const address = this.store.allocate((stream.field.int ? 4 : 8) << STREAM.bits);
        this.store.i32[(stream.cell >> 2) + stream.chunks++] = address;
      }
    }
  }

  /** True when every key of a table has occurred. */
  seenAll({ ids }: { readonly ids: readonly number[] }): boolean {
    return ids.every((id) => this.seen[id] === 1);
  }

  /** Takes note of the tokens before `length`. */
  see(length: number): void {
    const { store, seen } = this;
    if (this.missing === 0) return;
    const first = store.firstToken;
    for (; this.seenUntil < length; this.seenUntil++) {
      const id = store.u16[first + this.seenUntil];
      if (seen[id] !== 0) continue;
      seen[id] = 1;
      if (this.needed.has(id) && --this.missing === 0) this.readyAt = this.seenUntil + 1;
    }
  }

  few(id: number): Few {
    let lookup = this.fews.get(id);
    if (!lookup) {
      lookup = this.plan.heads.flat().find(({ at }) => at?.lookup.id === id)!.at!.lookup as Few;
      this.fews.set(id, lookup);
    }
    return lookup;
  }

  scratch(node: Node): number {
    return memo(this.scratches, node, () => this.store.allocate(8));
  }

  /** True when the logits read this slot of the final residual stream. */
  readsFinal(slot: number): boolean {
    return this.finalRead.has(slot);
  }
}
