/**
 * Range lists and location lists: which code offsets something covers, and which expression locates a variable
 * where (DWARF 5, sections 2.17.3, 2.6.2, 7.7.3 and 7.28 to 7.29; DWARF 4, sections 2.17.3 and 2.6.2).
 */

import { AT, FORM } from './constants.ts';
import { Cursor, DamagedData } from './cursor.ts';
import { type Entry, indexedAddress, type Unit } from './entries.ts';

/** Code offsets from `low` up to but not including `high`. */
export interface Range {
  low: number;
  high: number;
}

/** Where `expression` locates a variable. */
export interface LocationRange extends Range {
  expression: Uint8Array;
}

/** What an entry covers: low_pc to high_pc, or its range list; empty when it has neither or they are damaged. */
export function rangesOf(entry: Entry): Range[] {
  const low = entry.address(AT.lowPc);
  if (entry.has(AT.ranges)) {
    try {
      return readRanges(entry).filter(({ low, high }) => low < high);
    } catch (error) {
      if (error instanceof DamagedData) return [];
      throw error;
    }
  }
  if (low === undefined) return [];
  const form = entry.form(AT.highPc);
  const absolute = form === FORM.addr || form === FORM.addrx || (form !== undefined && form >= FORM.addrx1);
  const high = absolute ? entry.address(AT.highPc) : low + (entry.number(AT.highPc) ?? 0);
  return high !== undefined && low < high ? [{ low, high }] : [];
}

function readRanges(entry: Entry): Range[] {
  const { unit } = entry;
  const value = entry.number(AT.ranges) ?? 0;
  const indexed = entry.form(AT.ranges) === FORM.rnglistx;
  if (unit.version < 5) return readPairs(unit, new Cursor(unit.sections.ranges, value));
  const section = unit.sections.rangeLists;
  const cursor = new Cursor(section, indexed ? listOffset(unit, section, unit.rangeListsBase, value) : value);
  return readList(unit, cursor, false);
}

function listOffset(unit: Unit, section: Uint8Array, base: number, index: number): number {
  return base + new Cursor(section, base + index * unit.offsetSize).unsigned(unit.offsetSize);
}

/** DWARF 4: pairs of offsets from a base, ended by two zeros. */
function readPairs(unit: Unit, cursor: Cursor): Range[] {
  const found: Range[] = [];
  const largest = 2 ** (8 * unit.addressSize) - 1;
  let base = unit.lowPc;
  for (;;) {
    const low = cursor.unsigned(unit.addressSize);
    const high = cursor.unsigned(unit.addressSize);
    if (low === 0 && high === 0) return found;
    if (low === largest) base = high;
    else found.push({ low: base + low, high: base + high });
  }
}

/** DWARF 5: entries by kind; with `expressions`, each range is followed by a counted expression. */
function readList(unit: Unit, cursor: Cursor, expressions: true): LocationRange[];
function readList(unit: Unit, cursor: Cursor, expressions: false): Range[];
function readList(unit: Unit, cursor: Cursor, expressions: boolean): Range[] {
  const found: Range[] = [];
  let base = unit.lowPc;
  const address = (): number => cursor.unsigned(unit.addressSize);
  const indexed = (): number => {
    const found = indexedAddress(unit, cursor.uleb());
    if (found === undefined) throw new DamagedData('an address index is outside its section');
    return found;
  };
  for (;;) {
    let low = 0;
    let high = 0;
    // Location lists have one kind more, the default location (5), which shifts the three kinds behind it by one.
    const read = cursor.u8();
    const isDefault = expressions && read === 5;
    const kind = expressions && read > 5 ? read - 1 : read;
    if (isDefault) {
      // Holds where no other range does; compilers write it last, and the first range that fits is taken.
      high = Number.POSITIVE_INFINITY;
    } else if (kind === 0) {
      return found;
    } else if (kind === 1) {
      base = indexed();
      continue;
    } else if (kind === 2) {
      low = indexed();
      high = indexed();
    } else if (kind === 3) {
      low = indexed();
      high = low + cursor.uleb();
    } else if (kind === 4) {
      low = base + cursor.uleb();
      high = base + cursor.uleb();
    } else if (kind === 5) {
      base = address();
      continue;
    } else if (kind === 6) {
      low = address();
      high = address();
    } else if (kind === 7) {
      low = address();
      high = low + cursor.uleb();
    } else {
      throw new DamagedData(`list entry kind ${read} is unknown`);
    }
    if (expressions) {
      const expression = cursor.block(cursor.uleb());
      const range: LocationRange = { low, high, expression };
      found.push(range);
    } else {
      found.push({ low, high });
    }
  }
}

/**
 * The location expressions of an entry's attribute: one for everywhere, or a list. Undefined when it has none.
 * Throws `DamagedData`.
 */
export function locationsOf(entry: Entry, attribute: number): LocationRange[] | undefined {
  const value = entry.value(attribute);
  if (value === undefined) return undefined;
  if (value instanceof Uint8Array) return [{ low: 0, high: Number.POSITIVE_INFINITY, expression: value }];
  if (typeof value !== 'number') return undefined;
  const { unit } = entry;
  if (unit.version >= 5) {
    const section = unit.sections.locationLists;
    const indexed = entry.form(attribute) === FORM.loclistx;
    const at = indexed ? listOffset(unit, section, unit.locationListsBase, value) : value;
    return readList(unit, new Cursor(section, at), true);
  }
  const found: LocationRange[] = [];
  const cursor = new Cursor(unit.sections.locations, value);
  const largest = 2 ** (8 * unit.addressSize) - 1;
  let base = unit.lowPc;
  for (;;) {
    const low = cursor.unsigned(unit.addressSize);
    const high = cursor.unsigned(unit.addressSize);
    if (low === 0 && high === 0) return found;
    if (low === largest) base = high;
    else found.push({ low: base + low, high: base + high, expression: cursor.block(cursor.u16()) });
  }
}
