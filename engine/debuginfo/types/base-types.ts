/**
 * The arithmetic types of C for wasm32 (int, long and pointers of four bytes, `char` signed), for what expressions
 * bring along themselves; and the typedefs of the usual headers, which a program that doesn't use them lacks.
 */
import type { BooleanType, FloatType, IntegerType, Type } from './types.ts';

function integer(name: string, size: number, signed: boolean, character = false): IntegerType {
  return { kind: 'integer', name, size, signed, character };
}

export const CHAR_TYPES = {
  plain: integer('char', 1, true, true),
  signed: integer('signed char', 1, true, true),
  unsigned: integer('unsigned char', 1, false, true),
};
export const SHORT = integer('short', 2, true);
export const USHORT = integer('unsigned short', 2, false);
export const INT = integer('int', 4, true);
export const UINT = integer('unsigned int', 4, false);
export const LONG = integer('long', 4, true);
export const ULONG = integer('unsigned long', 4, false);
export const LLONG = integer('long long', 8, true);
export const ULLONG = integer('unsigned long long', 8, false);
export const FLOAT: FloatType = { kind: 'float', name: 'float', size: 4 };
export const DOUBLE: FloatType = { kind: 'float', name: 'double', size: 8 };
export const LONG_DOUBLE: FloatType = { kind: 'float', name: 'long double', size: 16 };
export const BOOL: BooleanType = { kind: 'boolean', name: '_Bool', size: 1 };

/** Standard typedefs, for programs whose debug information does not hold them. */
export const STANDARD_TYPEDEFS: Record<string, Type> = Object.fromEntries(
  Object.entries({
    bool: BOOL,
    size_t: ULONG,
    ssize_t: LONG,
    ptrdiff_t: LONG,
    intptr_t: LONG,
    uintptr_t: ULONG,
    wchar_t: INT,
    int8_t: CHAR_TYPES.signed,
    uint8_t: CHAR_TYPES.unsigned,
    int16_t: SHORT,
    uint16_t: USHORT,
    int32_t: INT,
    uint32_t: UINT,
    int64_t: LLONG,
    uint64_t: ULLONG,
    intmax_t: LLONG,
    uintmax_t: ULLONG,
  } satisfies Record<string, Type>).map(([name, to]) => [name, { kind: 'typedef', name, to }]),
);
