/**
 * Attribute forms: how one attribute's value is stored (DWARF 5, section 7.5.5).
 *
 * Strings and addresses that are indices into other sections (`strx`, `addrx`) stay indices here: the bases they
 * count from are attributes of the very entry being read.
 */

import { FORM } from './constants.ts';
import { type Cursor, DamagedData, narrow } from './cursor.ts';

/** Flags are booleans, blocks and expressions bytes, references absolute offsets in .debug_info. */
export type AttributeValue = number | bigint | string | boolean | Uint8Array;

/** What decides how long a value is. */
export interface Encoding {
  version: number;
  /** Bytes of an address: 4 for wasm32. */
  addressSize: number;
  /** Bytes of a section offset: 4, or 8 in the 64-bit format. */
  offsetSize: number;
}

/** The string sections that forms point into. */
export interface StringSections {
  strings: Uint8Array;
  lineStrings: Uint8Array;
}

/**
 * Reads one value of `form`. `unitStart` is the offset in .debug_info that references inside a unit count from;
 * `implicit` is the abbreviation's own constant. Throws `DamagedData` on an unknown form: its length is unknown,
 * so nothing after it can be read.
 */
export function readForm(
  cursor: Cursor,
  form: number,
  encoding: Encoding,
  unitStart: number,
  strings: StringSections,
  implicit: number | bigint = 0,
): AttributeValue {
  switch (form) {
    case FORM.addr:
      return cursor.unsigned(encoding.addressSize);
    case FORM.data1:
    case FORM.strx1:
    case FORM.addrx1:
      return cursor.u8();
    case FORM.data2:
    case FORM.strx2:
    case FORM.addrx2:
      return cursor.u16();
    case FORM.strx3:
    case FORM.addrx3:
      return cursor.u24();
    case FORM.data4:
    case FORM.strx4:
    case FORM.addrx4:
    case FORM.refSup4:
      return cursor.u32();
    case FORM.data8:
    case FORM.refSig8:
    case FORM.refSup8:
      return narrow(cursor.u64());
    case FORM.data16:
      return cursor.block(16);
    case FORM.sdata:
      return cursor.sleb();
    case FORM.udata:
      return cursor.ulebExact();
    case FORM.strx:
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
      return cursor.uleb();
    case FORM.string:
      return cursor.text();
    case FORM.strp:
      return textAt(strings.strings, cursor.unsigned(encoding.offsetSize));
    case FORM.lineStrp:
      return textAt(strings.lineStrings, cursor.unsigned(encoding.offsetSize));
    case FORM.strpSup:
    case FORM.secOffset:
      return cursor.unsigned(encoding.offsetSize);
    case FORM.refAddr:
      return cursor.unsigned(encoding.version <= 2 ? encoding.addressSize : encoding.offsetSize);
    case FORM.ref1:
      return unitStart + cursor.u8();
    case FORM.ref2:
      return unitStart + cursor.u16();
    case FORM.ref4:
      return unitStart + cursor.u32();
    case FORM.ref8:
      return unitStart + Number(cursor.u64());
    case FORM.refUdata:
      return unitStart + cursor.uleb();
    case FORM.block1:
    case FORM.block2:
    case FORM.block4:
    case FORM.block:
    case FORM.exprloc:
      return cursor.block(blockLength(cursor, form));
    case FORM.flag:
      return cursor.u8() !== 0;
    case FORM.flagPresent:
      return true;
    case FORM.implicitConst:
      return implicit;
    default:
      throw new DamagedData(`attribute form 0x${form.toString(16)} is unknown`);
  }
}

/** The length that stands before a block of `form`. */
function blockLength(cursor: Cursor, form: number): number {
  if (form === FORM.block1) return cursor.u8();
  if (form === FORM.block2) return cursor.u16();
  return form === FORM.block4 ? cursor.u32() : cursor.uleb();
}

/** The string that starts at `offset` of a string section; throws `DamagedData` outside it. */
export function textAt(section: Uint8Array, offset: number): string {
  const end = section.indexOf(0, offset);
  if (offset >= section.length || end < 0) throw new DamagedData(`string offset ${offset} is outside its section`);
  return decoder.decode(section.subarray(offset, end));
}

const decoder = new TextDecoder();
