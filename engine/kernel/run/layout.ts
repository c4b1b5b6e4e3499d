/** Where the generated code finds things: tables of features, cells, streams. */

import { valuesById } from '../analysis/classify.ts';
import type { Classes } from '../analysis/pivots.ts';
import type { Plan } from '../analysis/plan.ts';
import { type Field, STREAM, TOKENS } from '../code/memory-map.ts';
import type { Layout, TableAt } from '../code/surroundings.ts';
import { MEMORY } from '../code/wasm.ts';
import { isInt } from '../graph/integers.ts';
import type { Lookup } from '../graph/lookup.ts';
import { memo } from '../graph/memo.ts';
import type { LookupNode, Node, NodeOf, Tabulated } from '../graph/node.ts';
import type { Cells, StreamPlace } from './cells.ts';
import type { Heap } from './heap.ts';
import type { Store } from './store.ts';

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

/** Writes a table of classes, two bytes each; returns its address. */
export function writeClasses(store: Store, { of }: Classes): number {
  const address = store.allocate(2 * of.length);
  store.u16.set(of, address >> 1);
  return address;
}

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
  private readonly flags: ReadonlyMap<Lookup, number>;
  private readonly sums: ReadonlyMap<Node, number>;
  private readonly streams: ReadonlyMap<Node, StreamPlace>;
  private readonly scratches = new Map<Node, number>();
  private readonly finalRead = new Set<number>();

  constructor(plan: Plan, store: Store, heap: Heap, cells: Cells) {
    this.plan = plan;
    this.store = store;
    this.heap = heap;
    plan.final.forEach((node, slot) => {
      if (plan.logits.includes(node)) this.finalRead.add(slot);
    });
    this.unembedTable = cells.unembedTable;
    this.flags = new Map(plan.flags.map((lookup, i) => [lookup, cells.flags[i]]));
    this.sums = new Map(plan.sums.map((form, i) => [form, cells.sums[i]]));
    this.streams = new Map(plan.streams.map((form, i) => [form, cells.streams[i]]));
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
    return memo(this.classTables, classes, () => writeClasses(this.store, classes));
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

  stream(form: Node): StreamPlace {
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

  scratch(node: Node): number {
    return memo(this.scratches, node, () => this.store.allocate(8));
  }

  /** True when the logits read this slot of the final residual stream. */
  readsFinal(slot: number): boolean {
    return this.finalRead.has(slot);
  }
}
