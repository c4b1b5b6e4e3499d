/**
 * Numbers of WebAssembly as text, both ways and to the bit: `-5`, `0x1p-3`, `nan:0x200000`, `1.5e-3`.
 *
 * Floats are read as exact fractions and rounded once, so that an f32 is not first rounded to an f64; they are written
 * as the shortest decimal that is read as the same bits. Syntax: the specification's text format, "Values".
 */
import { isReference, type ReferenceType, type ValueType, widthOf } from '../isa/program.ts';

/** A value: its type and its bits, as an unsigned number; a reference is 0 for none, and one from outside its number and one. */
export interface Value {
  readonly type: ValueType;
  readonly bits: bigint;
}

/** Layout of a float: bits of the significand behind the point, exponents from `least` to `bias`. */
const FORMATS = {
  f32: { fraction: 23n, bias: 127 },
  f64: { fraction: 52n, bias: 1023 },
} as const;

export type FloatType = keyof typeof FORMATS;

/** Exponents beyond this are zero or infinite whatever the digits are, and need no big numbers. */
const MOST_EXPONENT = 20_000;

export function isFloat(type: ValueType): type is FloatType {
  return type === 'f32' || type === 'f64';
}

/** Bits of a value of this type. */
export function bitsOf(type: ValueType): bigint {
  return BigInt(8 * widthOf(type));
}

/** The value that `text` is in this type; undefined if it is none, or out of range. */
export function parseValue(type: ValueType, text: string): Value | undefined {
  if (isReference(type)) return parseReference(type, text);
  const bits = isFloat(type) ? floatBits(FORMATS[type], bitsOf(type), text) : integerBits(bitsOf(type), text);
  return bits === undefined ? undefined : { type, bits };
}

/** `null`, or of a reference from outside its number. */
function parseReference(type: ReferenceType, text: string): Value | undefined {
  if (text === 'null') return { type, bits: 0n };
  const number = type === 'externref' ? integerBits(32n, text) : undefined;
  return number === undefined || number === 0xffff_ffffn ? undefined : { type, bits: number + 1n };
}

/** An integer of so many bits, 64 at most: a lane of a vector. */
export function parseInteger(width: bigint, text: string): Value | undefined {
  const bits = integerBits(width, text);
  return bits === undefined ? undefined : { type: 'i64', bits };
}

function integerBits(width: bigint, text: string): bigint | undefined {
  const match = /^([+-]?)(0x[\da-f]+(?:_[\da-f]+)*|\d+(?:_\d+)*)$/i.exec(text);
  if (!match) return undefined;
  const magnitude = BigInt(match[2].replaceAll('_', '').toLowerCase());
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value < -(1n << (width - 1n)) || value >= 1n << width ? undefined : BigInt.asUintN(Number(width), value);
}

const FLOAT =
  /^([+-]?)(?:(inf)|(nan)(?::0x([\da-f]+(?:_[\da-f]+)*))?|0x([\da-f_]+)(?:\.([\da-f_]*))?(?:p([+-]?[\d_]+))?|([\d_]+)(?:\.([\d_]*))?(?:e([+-]?[\d_]+))?)$/i;

function floatBits(format: (typeof FORMATS)[FloatType], width: bigint, text: string): bigint | undefined {
  const match = FLOAT.exec(text);
  // Underscores stand between digits only.
  if (!match || /^[+-]?_|__|_$|_[.ep:]|[.ep:x][+-]?_/i.test(text)) return undefined;
  const plain = match.map((part) => part?.replaceAll('_', ''));
  const [, sign, inf, nan, payload, hexWhole, hexPart = '', power, whole, part = '', exponent] = plain;
  const { fraction } = format;
  const infinity = ((1n << (width - 1n - fraction)) - 1n) << fraction;
  const signBit = sign === '-' ? 1n << (width - 1n) : 0n;
  if (inf) return signBit | infinity;
  if (nan) {
    const bits = payload === undefined ? 1n << (fraction - 1n) : BigInt(`0x${payload}`);
    return bits === 0n || bits >> fraction !== 0n ? undefined : signBit | infinity | bits;
  }
  const hex = hexWhole !== undefined;
  const digits = BigInt(hex ? `0x${hexWhole}${hexPart}` : `${whole}${part}`);
  const stated = Number((hex ? power : exponent) ?? 0);
  const scale = hex ? stated - 4 * hexPart.length : stated - part.length;
  const length = (hexWhole ?? whole).length + MOST_EXPONENT;
  if (digits === 0n || scale < -length - hexPart.length - part.length) return signBit;
  if (scale > length) return undefined;
  const factor = (hex ? 2n : 10n) ** BigInt(Math.abs(scale));
  const bits = scale < 0 ? rounded(format, digits, factor) : rounded(format, digits * factor, 1n);
  return bits >= infinity ? undefined : signBit | bits;
}

/** Bits of the float nearest to a positive fraction, ties to even. */
function rounded({ fraction, bias }: (typeof FORMATS)[FloatType], above: bigint, below: bigint): bigint {
  const length = (value: bigint) => value.toString(2).length;
  let exponent = length(above) - length(below);
  const least = exponent >= 0 ? below << BigInt(exponent) : below;
  if (above << BigInt(Math.max(0, -exponent)) < least) exponent--;
  exponent = Math.max(exponent, 1 - bias);
  // The significand is the fraction in units of its last place.
  const shift = fraction - BigInt(exponent);
  const numerator = shift > 0n ? above << shift : above;
  const denominator = shift > 0n ? below : below << -shift;
  let significand = numerator / denominator;
  const rest = 2n * (numerator % denominator);
  if (rest > denominator || (rest === denominator && significand & 1n)) significand++;
  // A significand below 1 is that of a subnormal number, whose stored exponent is 0; one that was rounded up to 2
  // carries into the exponent.
  const stored = significand >> fraction === 0n ? 0n : BigInt(exponent + bias - 1) << fraction;
  return stored + significand;
}

/** Whether these are the bits of a NaN: `canonical` with nothing but the quiet bit, `arithmetic` with at least that. */
export function isNaNOf({ type, bits }: Value, kind: 'any' | 'canonical' | 'arithmetic'): boolean {
  if (!isFloat(type)) return false;
  const { fraction } = FORMATS[type];
  const magnitude = bits & ((1n << (bitsOf(type) - 1n)) - 1n);
  const infinity = ((1n << (bitsOf(type) - 1n - fraction)) - 1n) << fraction;
  const quiet = infinity | (1n << (fraction - 1n));
  if (kind === 'canonical') return magnitude === quiet;
  return kind === 'arithmetic' ? magnitude >= quiet : magnitude > infinity;
}

/** A value as text: signed decimals, references as `null` or what they refer to, floats that are read as the same bits, NaNs with their payload. */
export function formatValue(value: Value): string {
  const { type, bits } = value;
  if (isReference(type)) return bits === 0n ? 'null' : type === 'funcref' ? 'a function' : `${bits - 1n}`;
  if (!isFloat(type)) return BigInt.asIntN(Number(bitsOf(type)), bits).toString();
  const width = bitsOf(type);
  const sign = bits >> (width - 1n) ? '-' : '';
  const magnitude = bits & ((1n << (width - 1n)) - 1n);
  if (isNaNOf(value, 'any')) {
    const payload = magnitude & ((1n << FORMATS[type].fraction) - 1n);
    return `${sign}nan:0x${payload.toString(16)}`;
  }
  const view = new DataView(new ArrayBuffer(8));
  if (type === 'f32') view.setUint32(0, Number(magnitude));
  else view.setBigUint64(0, magnitude);
  const number = type === 'f32' ? view.getFloat32(0) : view.getFloat64(0);
  if (number === Number.POSITIVE_INFINITY) return `${sign}inf`;
  if (type === 'f64') return `${sign}${number}`;
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(number.toPrecision(digits)));
    if (parseValue('f32', text)?.bits === magnitude) return `${sign}${text}`;
  }
  return `${sign}${Number(number.toPrecision(9))}`;
}
