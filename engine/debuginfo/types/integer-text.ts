/**
 * Integers, characters and enum constants as C writes them, or in the format that somebody asks for.
 */
import type { BooleanType, EnumType, IntegerType } from './types.ts';
import { escapeByte, hex } from './values.ts';

/** The formats of debuggers by their letters. */
const FORMATS = {
  d: 'decimal, with a sign',
  u: 'decimal, without a sign',
  x: 'hexadecimal',
  o: 'octal',
  b: 'binary',
  c: 'character',
  s: 'text',
} as const;

/** How a value is shown, as its letter: decimal, unsigned, hexadecimal, octal, binary, character, text (string). */
export type DisplayFormat = keyof typeof FORMATS;

export function isDisplayFormat(letter: string): letter is DisplayFormat {
  return Object.hasOwn(FORMATS, letter);
}

/** The bits of a number of `size` bytes in a format; undefined for `s`, which is no format of numbers. */
export function bitsText(raw: bigint, size: number, format: DisplayFormat): string | undefined {
  const bits = BigInt.asUintN(size * 8, raw);
  switch (format) {
    case 'd':
      return BigInt.asIntN(size * 8, raw).toString();
    case 'u':
      return bits.toString();
    case 'x':
      return hex(bits);
    case 'o':
      return bits === 0n ? '0' : `0${bits.toString(8)}`;
    case 'b':
      return `0b${bits.toString(2)}`;
    case 'c':
      return `'${escapeByte(Number(bits & 0xffn), "'")}'`;
    case 's':
      return undefined;
  }
}

/** An integer in C. `brief` leaves out what does not fit in a list; `isHex` is hexadecimal for what is a number. */
export function integerText(
  raw: bigint,
  type: IntegerType | BooleanType | EnumType,
  isHex: boolean | undefined,
  brief: boolean,
): string {
  if (type.kind === 'boolean' && (raw === 0n || raw === 1n)) return raw === 1n ? 'true' : 'false';
  if (type.kind === 'enum') return enumName(raw, type) ?? raw.toString();
  const number = isHex ? hex(BigInt.asUintN(type.size * 8, raw)) : raw.toString();
  if (type.kind !== 'integer' || !type.character) return number;
  const character = `'${type.size === 1 ? escapeByte(Number(raw & 0xffn), "'") : codePointText(Number(raw))}'`;
  if (brief) return type.name === 'char' ? character : number;
  return `${number} ${character}`;
}

/** A character of Unicode. */
function codePointText(code: number): string {
  if (code < 0x80) return escapeByte(code, "'");
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : `\\u{${code.toString(16)}}`;
}

/** The constant of that value, or for flags the constants that make it up: `(READ | WRITE)`. */
function enumName(raw: bigint, type: EnumType): string | undefined {
  const exact = type.constants.find(({ value }) => value === raw);
  if (exact) return exact.name;
  const isFlags = type.constants.every(({ value }) => value >= 0n && (value & (value - 1n)) === 0n);
  if (!isFlags || raw <= 0n) return undefined;
  let rest = raw;
  const names: string[] = [];
  for (const { name, value } of type.constants) {
    if (value === 0n || (rest & value) === 0n) continue;
    names.push(name);
    rest &= ~value;
  }
  return rest === 0n && names.length > 1 ? `(${names.join(' | ')})` : undefined;
}
