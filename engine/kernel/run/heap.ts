/**
 * What tokens left for later look-ups, as JavaScript sees it: records of address groups and the directory that finds
 * them by key, keys of general groups, tokens themselves. The generated code shares the same memory.
 */

import { KeyValueStore } from '../../transformer/attention.ts';
import { HullCache } from '../../transformer/hull.ts';
import type { Plan } from '../analysis/plan.ts';
import { DIRECTORY, type Field, GROUP, RECORD } from '../code/memory-map.ts';
import { isInt } from '../graph/integers.ts';
import type { Node } from '../graph/node.ts';
import type { Store } from './store.ts';

/** Where an address group lies in memory, and what its records hold. */
export interface GroupPlace {
  readonly group: number;
  readonly cell: number;
  readonly directory: number;
  readonly stride: number;
  readonly fields: readonly Field[];
  /** The score of tokens that left no record. */
  readonly low: number;
}

/** An address group in memory. */
interface AddressGroup extends GroupPlace {
  /** Chunks of records in the order of their positions. */
  readonly chunks: number[];
  /** Directory pages outside of these have no keys. */
  firstPage: number;
  lastPage: number;
}

/** A general group: its keys, and their hull. */
interface GeneralGroup {
  readonly store: KeyValueStore;
  readonly hull: HullCache;
}

/** Bytes of a group's chunk number `index`: whole records, in 4 KiB at first, doubled up to 256 KiB. */
function chunkBytes(index: number, stride: number): number {
  const bytes = 2 ** Math.min(18, 12 + index);
  return bytes - (bytes % stride);
}

export class Heap {
  readonly store: Store;
  readonly addresses = new Map<number, AddressGroup>();
  readonly general = new Map<number, GeneralGroup>();

  /** @param general groups without places: the numbers of those whose keys are found by a hull, and who wins a tie */
  constructor(
    store: Store,
    places: readonly GroupPlace[],
    general: readonly { readonly index: number; readonly latest: boolean }[],
  ) {
    this.store = store;
    for (const { index, latest } of general) {
      const keys = new KeyValueStore(0);
      this.general.set(index, { store: keys, hull: new HullCache(keys, latest) });
    }
    for (const place of places) {
      this.addresses.set(place.group, { ...place, chunks: [], firstPage: DIRECTORY.pages, lastPage: -1 });
    }
  }

  /** Another chunk for a group's records; its cell then says where. */
  newChunk(index: number): void {
    const { cell, stride, chunks } = this.addresses.get(index)!;
    const bytes = chunkBytes(chunks.length, stride);
    const address = this.store.allocate(bytes);
    chunks.push(address);
    this.store.i32[(cell + GROUP.next) >> 2] = address;
    this.store.i32[(cell + GROUP.end) >> 2] = address + bytes;
  }

  get bytes(): number {
    let bytes = this.store.bytes;
    for (const { store, hull } of this.general.values()) bytes += store.bytes + hull.bytes;
    return bytes;
  }

  token(position: number): number {
    return this.store.u16[this.store.firstToken + position];
  }

  tokens(from: number, to: number): Uint16Array {
    const { u16, firstToken } = this.store;
    return u16.slice(firstToken + from, firstToken + to);
  }

  /** One of the fields before a record's values. */
  field(record: number, field: number): number {
    return this.store.i32[(record + field) >> 2];
  }

  storedValue(group: number, record: number, index: number): number {
    return this.read(this.addresses.get(group)!.fields[index], record);
  }

  setStored(group: number, record: number, index: number, value: number): void {
    this.write(this.addresses.get(group)!.fields[index], record, value);
  }

  read({ offset, int, unsigned }: Field, base: number): number {
    if (!int) return this.store.f64[(base + offset) >> 3];
    const value = this.store.i32[(base + offset) >> 2];
    return unsigned ? value >>> 0 : value;
  }

  write({ offset, int }: Field, base: number, value: number): void {
    if (int) this.store.i32[(base + offset) >> 2] = value | 0;
    else this.store.f64[(base + offset) >> 3] = value;
  }

  /** Gives a directory page to the keys that share `page`; returns its address. */
  newPage(group: number, page: number): number {
    const address = this.store.allocate(DIRECTORY.bytes);
    const place = this.addresses.get(group)!;
    this.store.i32[(place.directory >> 2) + page] = address;
    place.firstPage = Math.min(place.firstPage, page);
    place.lastPage = Math.max(place.lastPage, page);
    return address;
  }

  private page(group: number, key: number): number {
    return this.store.i32[(this.addresses.get(group)!.directory >> 2) + (key >> DIRECTORY.bits)];
  }

  /**
   * The latest record of a key that is not younger than token t; 0 for none. Looks for it from both ends at once, so
   * that it is found soon for keys that are written often and for those that are written rarely: along the key's own
   * links from its latest record back, and from token t back through the group's records.
   */
  recordBefore(group: number, key: number, t: number): number {
    let linked = this.store.i32[(this.page(group, key) >> 2) + 2 * (key & (DIRECTORY.entries - 1))];
    if (linked === 0 || this.field(linked, RECORD.position) <= t) return linked;
    const { i32 } = this.store;
    const { chunks, stride } = this.addresses.get(group)!;
    const place = this.lastBefore(group, t);
    // Two fields per step, of hundreds of thousands at worst: read without detours.
    while (place.record > 0) {
      const first = chunks[place.chunk];
      for (let record = place.record; record >= first; record -= stride) {
        linked = i32[(linked + RECORD.previous) >> 2];
        if (linked === 0 || i32[(linked + RECORD.position) >> 2] <= t) return linked;
        if (i32[(record + RECORD.key) >> 2] === key) return record;
      }
      place.record = first;
      this.back(group, place);
    }
    return 0;
  }

  /** The greatest key not above `key` that was written by token t; -1 for none. */
  keyBelow(group: number, key: number, t: number): number {
    const { firstPage, lastPage } = this.addresses.get(group)!;
    let k = Math.min(key, (lastPage + 1) * DIRECTORY.entries - 1);
    while (k >= firstPage * DIRECTORY.entries) {
      const page = this.page(group, k);
      const inPage = k & (DIRECTORY.entries - 1);
      if (page === this.store.emptyPage) k -= inPage + 1;
      else {
        const word = this.store.i32[((page + DIRECTORY.bitmap) >> 2) + (inPage >> 5)] & (-1 >>> (31 - (inPage & 31)));
        if (word === 0) k -= (inPage & 31) + 1;
        else {
          k += 31 - Math.clz32(word) - (inPage & 31);
          if (this.first(page, k) <= t) return k;
          k--;
        }
      }
    }
    return -1;
  }

  /** The least key not below `key` that was written by token t; -1 for none. */
  keyAbove(group: number, key: number, t: number): number {
    const { firstPage, lastPage } = this.addresses.get(group)!;
    let k = Math.max(firstPage * DIRECTORY.entries, key);
    while (k < (lastPage + 1) * DIRECTORY.entries) {
      const page = this.page(group, k);
      const inPage = k & (DIRECTORY.entries - 1);
      if (page === this.store.emptyPage) k += DIRECTORY.entries - inPage;
      else {
        const word = this.store.i32[((page + DIRECTORY.bitmap) >> 2) + (inPage >> 5)] & (-1 << (inPage & 31));
        if (word === 0) k += 32 - (inPage & 31);
        else {
          k += 31 - Math.clz32(word & -word) - (inPage & 31);
          if (this.first(page, k) <= t) return k;
          k++;
        }
      }
    }
    return -1;
  }

  private first(page: number, key: number): number {
    return this.store.i32[(page >> 2) + 2 * (key & (DIRECTORY.entries - 1)) + 1];
  }

  /**
   * The record that a query x finds where no key equals it: the nearest key's latest, of two equally near the later.
   * 0 when nothing was written; -1 when tokens that do not write may win.
   */
  nearest(group: number, x: number): number {
    const [low, high] = [Math.floor(x), Math.ceil(x)];
    const latest = Number.POSITIVE_INFINITY;
    const below = this.keyBelow(group, low, latest);
    const above = this.keyAbove(group, high === low ? low + 1 : high, latest);
    if (below < 0 && above < 0) return 0;
    const score = (key: number) => x * (2 * key) - key * key;
    const [a, b] = [
      below < 0 ? Number.NEGATIVE_INFINITY : score(below),
      above < 0 ? Number.NEGATIVE_INFINITY : score(above),
    ];
    if (Math.max(a, b) <= this.addresses.get(group)!.low) return -1;
    const at = (key: number) => (key < 0 ? 0 : this.recordBefore(group, key, latest));
    const [recordBelow, recordAbove] = [at(below), at(above)];
    if (a === b) return Math.max(recordBelow, recordAbove);
    return a > b ? recordBelow : recordAbove;
  }

  /** The last record of a group that is not younger than token t (0 for none), and its chunk. */
  private lastBefore(group: number, t: number): { record: number; chunk: number } {
    const { chunks, stride } = this.addresses.get(group)!;
    const positionOf = (record: number) => this.field(record, RECORD.position);
    let chunk = chunks.length - 1;
    while (chunk >= 0 && (this.chunkEnd(group, chunk) === chunks[chunk] || positionOf(chunks[chunk]) > t)) chunk--;
    if (chunk < 0) return { record: 0, chunk };
    let least = 0;
    let most = (this.chunkEnd(group, chunk) - chunks[chunk]) / stride - 1;
    while (least < most) {
      const middle = (least + most + 1) >> 1;
      if (positionOf(chunks[chunk] + middle * stride) <= t) least = middle;
      else most = middle - 1;
    }
    return { record: chunks[chunk] + least * stride, chunk };
  }

  /** Gives each record of tokens from `from` up to but not including `to`, the latest first. */
  eachRecord(group: number, from: number, to: number, give: (record: number) => void): void {
    const place = this.lastBefore(group, to - 1);
    while (place.record > 0 && this.field(place.record, RECORD.position) >= from) {
      give(place.record);
      this.back(group, place);
    }
  }

  private chunkEnd(group: number, chunk: number): number {
    const { cell, chunks, stride } = this.addresses.get(group)!;
    return chunk === chunks.length - 1 ? this.field(cell, GROUP.next) : chunks[chunk] + chunkBytes(chunk, stride);
  }

  /** Moves to the record before. */
  private back(group: number, place: { record: number; chunk: number }): void {
    const { chunks, stride } = this.addresses.get(group)!;
    if (place.record > chunks[place.chunk]) place.record -= stride;
    else place.record = --place.chunk < 0 ? 0 : this.chunkEnd(group, place.chunk) - stride;
  }

  /** The latest tokens up to t, at most `count`, that left no record. */
  silent(group: number, t: number, count: number): number[] {
    const place = this.lastBefore(group, t);
    const found: number[] = [];
    for (let p = t; p >= 0 && found.length < count; p--) {
      if (place.record > 0 && this.field(place.record, RECORD.position) === p) this.back(group, place);
      else found.push(p);
    }
    return found;
  }
}

/** Makes room for the address groups of a plan, which have no records yet. */
export function placeGroups({ groups, liveGroups, stored }: Plan, store: Store): GroupPlace[] {
  const addresses = liveGroups.filter((index) => groups[index].kind === 'address');
  return addresses.map((group) => {
    const cell = store.allocate(GROUP.bytes);
    const directory = store.allocate(4 * DIRECTORY.pages);
    store.i32.fill(store.emptyPage, directory >> 2, (directory >> 2) + DIRECTORY.pages);
    const { fields, stride } = layOut(stored[group]);
    store.i32[(cell + GROUP.stride) >> 2] = stride;
    return { group, cell, directory, stride, fields, low: groups[group].low[1] };
  });
}

/** Places for values behind a record's fields: integers of four bytes first, then floats. */
function layOut(forms: readonly Node[]): { fields: Field[]; stride: number } {
  const ints = forms.filter(isInt);
  const floats = RECORD.values + 4 * ints.length;
  const aligned = ints.length < forms.length ? (floats + 7) & ~7 : floats;
  const others = forms.filter((form) => !isInt(form));
  const fields = forms.map((form) => {
    if (!isInt(form)) return { offset: aligned + 8 * others.indexOf(form), int: false, unsigned: false };
    return { offset: RECORD.values + 4 * ints.indexOf(form), int: true, unsigned: form.lo >= 0 };
  });
  return { fields, stride: aligned + 8 * others.length };
}
