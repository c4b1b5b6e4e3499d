/**
 * What tokens left for later look-ups, as JavaScript sees it: records of address groups and the directory that finds
 * them by key, keys of general groups, tokens themselves. The generated code shares the same memory.
 */

import { KeyValueStore } from '../transformer/attention.ts';
import { HullCache } from '../transformer/hull.ts';
import type { Group } from './lookups.ts';
import { DIRECTORY, GROUP, type Growing, RECORD, type Store } from './store.ts';

/** An address group in memory. */
interface AddressGroup {
  readonly cell: number;
  readonly directory: number;
  readonly records: Growing;
}

/** A general group: its keys, and their hull. */
interface GeneralGroup {
  readonly store: KeyValueStore;
  readonly hull: HullCache;
}

export class Heap {
  readonly store: Store;
  readonly addresses = new Map<number, AddressGroup>();
  readonly general = new Map<number, GeneralGroup>();

  constructor(
    store: Store,
    groups: readonly Group[],
    live: readonly number[],
    stored: readonly (readonly unknown[])[],
  ) {
    this.store = store;
    for (const index of live) {
      const group = groups[index];
      if (group.kind === 'general') {
        const keys = new KeyValueStore(0);
        this.general.set(index, { store: keys, hull: new HullCache(keys, group.latest) });
        continue;
      }
      const cell = store.allocate(GROUP.bytes);
      const directory = store.allocate(4 * DIRECTORY.pages);
      store.i32.fill(store.emptyPage, directory >> 2, (directory >> 2) + DIRECTORY.pages);
      const stride = RECORD.values + 8 * stored[index].length;
      store.i32[(cell + GROUP.stride) >> 2] = stride;
      // Record 0 stands for none.
      store.i32[(cell + GROUP.count) >> 2] = 1;
      this.addresses.set(index, { cell, directory, records: { cell: cell + GROUP.base, stride, room: 0 } });
    }
  }

  get bytes(): number {
    let bytes = this.store.bytes;
    for (const { store, hull } of this.general.values()) bytes += store.bytes + hull.bytes;
    return bytes;
  }

  /** Makes room for `more` records in every group: a token leaves at most one in each. */
  reserveRecords(more: number): void {
    for (const { cell, records } of this.addresses.values()) {
      const count = this.store.i32[(cell + GROUP.count) >> 2];
      this.store.reserve(records, count + more, count);
    }
  }

  token(position: number): number {
    return this.store.u16[this.store.firstToken + position];
  }

  /** A field of a record; its index in `i32`. */
  private record(group: number, record: number): number {
    const { cell, records } = this.addresses.get(group)!;
    return (this.store.i32[(cell + GROUP.base) >> 2] + record * records.stride) >> 2;
  }

  field(group: number, record: number, field: number): number {
    return this.store.i32[this.record(group, record) + (field >> 2)];
  }

  storedValue(group: number, record: number, index: number): number {
    return this.store.f64[(this.record(group, record) + ((RECORD.values + 8 * index) >> 2)) >> 1];
  }

  setStored(group: number, record: number, index: number, value: number): void {
    this.store.f64[(this.record(group, record) + ((RECORD.values + 8 * index) >> 2)) >> 1] = value;
  }

  /** Gives a directory page to the keys that share `page`; returns its address. */
  newPage(group: number, page: number): number {
    const address = this.store.allocate(DIRECTORY.bytes);
    this.store.i32[(this.addresses.get(group)!.directory >> 2) + page] = address;
    return address;
  }

  private page(group: number, key: number): number {
    return this.store.i32[(this.addresses.get(group)!.directory >> 2) + (key >> DIRECTORY.bits)];
  }

  /** The latest record of a key that is not younger than token t; 0 for none. */
  recordBefore(group: number, key: number, t: number): number {
    let record = this.store.i32[(this.page(group, key) >> 2) + 2 * (key & (DIRECTORY.entries - 1))];
    while (record > 0 && this.field(group, record, RECORD.position) > t) {
      record = this.field(group, record, RECORD.previous);
    }
    return record;
  }

  /** The greatest key not above `key` that was written by token t; -1 for none. */
  keyBelow(group: number, key: number, t: number): number {
    let k = Math.min(key, DIRECTORY.pages * DIRECTORY.entries - 1);
    while (k >= 0) {
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
    let k = Math.max(0, key);
    while (k < DIRECTORY.pages * DIRECTORY.entries) {
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
  nearest(group: Group, x: number): number {
    const [low, high] = [Math.floor(x), Math.ceil(x)];
    const latest = Number.POSITIVE_INFINITY;
    const below = this.keyBelow(group.index, low, latest);
    const above = this.keyAbove(group.index, high === low ? low + 1 : high, latest);
    if (below < 0 && above < 0) return 0;
    const score = (key: number) => x * (2 * key) - key * key;
    const [a, b] = [
      below < 0 ? Number.NEGATIVE_INFINITY : score(below),
      above < 0 ? Number.NEGATIVE_INFINITY : score(above),
    ];
    if (Math.max(a, b) <= group.low[1]) return -1;
    const at = (key: number) => (key < 0 ? 0 : this.recordBefore(group.index, key, latest));
    const [recordBelow, recordAbove] = [at(below), at(above)];
    if (a === b) return Math.max(recordBelow, recordAbove);
    return a > b ? recordBelow : recordAbove;
  }

  /** The latest tokens up to t, at most `count`, that left no record. */
  silent(group: number, t: number, count: number): number[] {
    let record = this.store.i32[(this.addresses.get(group)!.cell + GROUP.count) >> 2] - 1;
    let least = 0;
    while (least < record) {
      const middle = (least + record + 1) >> 1;
      if (this.field(group, middle, RECORD.position) <= t) least = middle;
      else record = middle - 1;
    }
    const found: number[] = [];
    for (let p = t; p >= 0 && found.length < count; p--) {
      if (record > 0 && this.field(group, record, RECORD.position) === p) record--;
      else found.push(p);
    }
    return found;
  }
}
