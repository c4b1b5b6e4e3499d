/**
 * Debugging information entries: the trees of .debug_info (DWARF 5, chapter 2 and sections 7.5.1 to 7.5.3).
 *
 * All units are read at once into trees of `Entry`; what an entry means is decided by the files above. A unit that
 * cannot be read leaves a warning, keeps the entries before the damage, and the next one is tried.
 */

import { AT, FORM, TAG } from './constants.ts';
import { Cursor, DamagedData } from './cursor.ts';
import { type AttributeValue, type Encoding, readForm, textAt } from './forms.ts';

/** The DWARF sections of a module; absent ones are empty. */
export interface DwarfSections {
  info: Uint8Array;
  abbrev: Uint8Array;
  line: Uint8Array;
  strings: Uint8Array;
  lineStrings: Uint8Array;
  stringOffsets: Uint8Array;
  addresses: Uint8Array;
  ranges: Uint8Array;
  rangeLists: Uint8Array;
  locations: Uint8Array;
  locationLists: Uint8Array;
}

interface Abbreviation {
  tag: number;
  hasChildren: boolean;
  attributes: number[];
  forms: number[];
  implicit: (number | bigint)[];
}

/** One unit of .debug_info: a translation unit or a type unit. */
export interface Unit extends Encoding {
  /** Offset in .debug_info. */
  start: number;
  sections: DwarfSections;
  root: Entry;
  /** Bases of the indexed forms, as the root entry gives them. */
  stringOffsetsBase: number;
  addressBase: number;
  rangeListsBase: number;
  locationListsBase: number;
  /** What offsets in range and location lists count from. */
  lowPc: number;
}

const NO_CHILDREN: Entry[] = [];

/** One entry. Attributes are looked up by number; the accessors below interpret the form. */
export class Entry {
  readonly unit: Unit;
  /** Offset in .debug_info. */
  readonly offset: number;
  readonly parent: Entry | undefined;
  children: Entry[] = NO_CHILDREN;
  private readonly abbreviation: Abbreviation;
  private readonly values: AttributeValue[];

  constructor(unit: Unit, offset: number, parent: Entry | undefined, abbreviation: Abbreviation, cursor: Cursor) {
    this.unit = unit;
    this.offset = offset;
    this.parent = parent;
    this.abbreviation = abbreviation;
    const { forms, implicit } = abbreviation;
    this.values = new Array(forms.length);
    for (let i = 0; i < forms.length; i++) {
      // An indirect form is followed by the form itself; strings and addresses never take this way in practice.
      const form = forms[i] === FORM.indirect ? cursor.uleb() : forms[i];
      this.values[i] = readForm(cursor, form, unit, unit.start, unit.sections, implicit[i]);
    }
    if (abbreviation.hasChildren) this.children = [];
  }

  get tag(): number {
    return this.abbreviation.tag;
  }

  get hasChildren(): boolean {
    return this.abbreviation.hasChildren;
  }

  has(attribute: number): boolean {
    return this.abbreviation.attributes.includes(attribute);
  }

  value(attribute: number): AttributeValue | undefined {
    const index = this.abbreviation.attributes.indexOf(attribute);
    return index < 0 ? undefined : this.values[index];
  }

  form(attribute: number): number | undefined {
    const index = this.abbreviation.attributes.indexOf(attribute);
    return index < 0 ? undefined : this.abbreviation.forms[index];
  }

  /** A constant as a number; undefined when absent or not a constant. */
  number(attribute: number): number | undefined {
    const value = this.value(attribute);
    if (typeof value === 'bigint') return Number(value);
    return typeof value === 'number' ? value : undefined;
  }

  flag(attribute: number): boolean {
    return this.value(attribute) === true;
  }

  block(attribute: number): Uint8Array | undefined {
    const value = this.value(attribute);
    return value instanceof Uint8Array ? value : undefined;
  }

  /** A string attribute, through the string offsets where it is indexed; undefined when absent or damaged. */
  text(attribute: number): string | undefined {
    const value = this.value(attribute);
    if (typeof value === 'string') return value;
    const form = this.form(attribute);
    if (typeof value !== 'number' || form === undefined) return undefined;
    if (form !== FORM.strx && !(form >= FORM.strx1 && form <= FORM.strx4)) return undefined;
    const { sections, offsetSize, stringOffsetsBase } = this.unit;
    try {
      const cursor = new Cursor(sections.stringOffsets, stringOffsetsBase + value * offsetSize);
      return textAt(sections.strings, cursor.unsigned(offsetSize));
    } catch (error) {
      if (error instanceof DamagedData) return undefined;
      throw error;
    }
  }

  /** An address attribute (a code offset), through .debug_addr where it is indexed. */
  address(attribute: number): number | undefined {
    const value = this.value(attribute);
    const form = this.form(attribute);
    if (typeof value !== 'number' || form === undefined) return undefined;
    if (form === FORM.addr) return value;
    if (form !== FORM.addrx && !(form >= FORM.addrx1 && form <= FORM.addrx4)) return undefined;
    return indexedAddress(this.unit, value);
  }
}

/** Entry `index` of the unit's part of .debug_addr; undefined outside it. */
export function indexedAddress(unit: Unit, index: number): number | undefined {
  const at = unit.addressBase + index * unit.addressSize;
  if (!(at >= 0) || at + unit.addressSize > unit.sections.addresses.length) return undefined;
  return new Cursor(unit.sections.addresses, at).unsigned(unit.addressSize);
}

/** All entries of a module. */
export interface Entries {
  units: Unit[];
  /** By offset in .debug_info: what references hold. */
  byOffset: Map<number, Entry>;
  /** Types of type units by their signature. */
  bySignature: Map<number | bigint, Entry>;
}

/** Reads .debug_info; what could not be read is described in `warnings`. */
export function readEntries(sections: DwarfSections, warnings: string[]): Entries {
  const entries: Entries = { units: [], byOffset: new Map(), bySignature: new Map() };
  const abbreviations = new Map<number, Map<number, Abbreviation>>();
  let start = 0;
  while (start < sections.info.length) {
    let next = sections.info.length;
    try {
      const cursor = new Cursor(sections.info, start);
      let length = cursor.u32();
      const offsetSize = length === 0xffffffff ? 8 : 4;
      if (offsetSize === 8) length = Number(cursor.u64());
      if (cursor.offset + length > sections.info.length) {
        warnings.push(`.debug_info: the unit at ${start} is longer than the section`);
        length = sections.info.length - cursor.offset;
      }
      next = cursor.offset + length;
      readUnit(entries, abbreviations, sections, start, offsetSize, new Cursor(sections.info, cursor.offset, next));
    } catch (error) {
      if (!(error instanceof DamagedData)) throw error;
      warnings.push(`.debug_info: the unit at ${start} is damaged: ${error.message}`);
    }
    start = next;
  }
  return entries;
}

function readUnit(
  entries: Entries,
  tables: Map<number, Map<number, Abbreviation>>,
  sections: DwarfSections,
  start: number,
  offsetSize: number,
  cursor: Cursor,
): void {
  const version = cursor.u16();
  if (version < 2 || version > 5) throw new DamagedData(`DWARF version ${version} is not read (2 to 5 are)`);
  const unitType = version >= 5 ? cursor.u8() : 1;
  let addressSize = version >= 5 ? cursor.u8() : 4;
  const abbrevOffset = cursor.unsigned(offsetSize);
  if (version < 5) addressSize = cursor.u8();
  let signature: number | bigint | undefined;
  let typeOffset = 0;
  if (unitType === 2 || unitType === 6) {
    signature = readForm(cursor, FORM.refSig8, { version, addressSize, offsetSize }, 0, sections) as number | bigint;
    typeOffset = cursor.unsigned(offsetSize);
  } else if (unitType === 4 || unitType === 5) {
    cursor.skip(8);
  }
  let table = tables.get(abbrevOffset);
  if (!table) {
    table = readAbbreviations(sections.abbrev, abbrevOffset);
    tables.set(abbrevOffset, table);
  }
  const unit: Unit = {
    version,
    addressSize,
    offsetSize,
    start,
    sections,
    // Set by the first entry; a unit without one is left out.
    root: undefined as unknown as Entry,
    stringOffsetsBase: 2 * offsetSize,
    addressBase: 2 * offsetSize,
    rangeListsBase: offsetSize + 8,
    locationListsBase: offsetSize + 8,
    lowPc: 0,
  };
  let parent: Entry | undefined;
  while (!cursor.atEnd) {
    const offset = cursor.offset;
    const code = cursor.uleb();
    if (code === 0) {
      if (!parent) break;
      parent = parent.parent;
      if (!parent) break;
      continue;
    }
    const abbreviation = table.get(code);
    if (!abbreviation) throw new DamagedData(`entry ${offset} has the unknown abbreviation ${code}`);
    const entry: Entry = new Entry(unit, offset, parent, abbreviation, cursor);
    entries.byOffset.set(offset, entry);
    if (parent) parent.children.push(entry);
    else {
      unit.root = entry;
      useRoot(unit, entry);
      entries.units.push(unit);
    }
    if (entry.hasChildren) parent = entry;
    else if (!parent) break;
  }
  const type = signature === undefined ? undefined : entries.byOffset.get(start + typeOffset);
  if (signature !== undefined && type) entries.bySignature.set(signature, type);
}

function useRoot(unit: Unit, root: Entry): void {
  unit.stringOffsetsBase = root.number(AT.strOffsetsBase) ?? unit.stringOffsetsBase;
  unit.addressBase = root.number(AT.addrBase) ?? unit.addressBase;
  unit.rangeListsBase = root.number(AT.rnglistsBase) ?? unit.rangeListsBase;
  unit.locationListsBase = root.number(AT.loclistsBase) ?? unit.locationListsBase;
  unit.lowPc = root.address(AT.lowPc) ?? 0;
}

function readAbbreviations(section: Uint8Array, offset: number): Map<number, Abbreviation> {
  const table = new Map<number, Abbreviation>();
  const cursor = new Cursor(section, offset);
  for (let code = cursor.uleb(); code !== 0; code = cursor.uleb()) {
    const tag = cursor.uleb();
    const found: Abbreviation = { tag, hasChildren: cursor.u8() !== 0, attributes: [], forms: [], implicit: [] };
    for (;;) {
      const attribute = cursor.uleb();
      const form = cursor.uleb();
      const implicit = form === FORM.implicitConst ? cursor.sleb() : 0;
      if (attribute === 0 && form === 0) break;
      found.attributes.push(attribute);
      found.forms.push(form);
      found.implicit.push(implicit);
    }
    table.set(code, found);
    if (cursor.atEnd) break;
  }
  return table;
}

/** Whether the unit holds code and variables (and not only types for other units). */
export function isCompileUnit(unit: Unit): boolean {
  return unit.root.tag === TAG.compileUnit;
}
