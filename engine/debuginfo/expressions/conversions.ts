/**
 * Compiled conversions: constants, casts, and the common type of the branches of `?:` (C17, section 6.5.4 and 6.5.15).
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { bare, type IntegerType, sizeOf, spellType, type Type, VOID } from '../types/types.ts';
import { commonType, isArithmetic, promoted, representation } from './arithmetic.ts';
import { classPointer } from './base-classes.ts';
import { bigintAs, bytesPlace, type Code, noValue, numberAs, objectAt, objectIn } from './code.ts';
import { bytesOfScalar } from './encoding.ts';

export function integerConstant(value: bigint, type: IntegerType, column: number): Code {
  if (type.size === 8) return { type, column, bigint: () => value, constant: value };
  const number = Number(value);
  return { type, column, number: () => number, constant: value };
}

/** `(type)code`: between numbers, pointers, and to void; to an aggregate, an object seen as another. */
export function cast(type: Type, code: Code, column: number): Code {
  const target = bare(type);
  if (target.kind === 'void') return { type: VOID, column };
  if (target.kind === 'array' || target.kind === 'struct' || target.kind === 'union') {
    return seenAs(type, code, column);
  }
  const kind = representation(target);
  const source = bare(code.type);
  const scalar = isArithmetic(source) || source.kind === 'pointer';
  const mixed =
    (target.kind === 'pointer' && source.kind === 'float') || (target.kind === 'float' && source.kind === 'pointer');
  if (!kind || !scalar || mixed) {
    throw new PlacedError(`${spellType(code.type)} cannot be cast to ${spellType(type)}`, { column });
  }
  // A null pointer stays one as an integer or a void pointer only.
  const keeps = isNull(code) && (target.kind === 'integer' || isVoidPointer(target));
  const constant = keeps ? 0n : undefined;
  if (kind === 'bigint') return { type, column, bigint: bigintAs(code, target as IntegerType), constant };
  const pointed =
    target.kind === 'pointer' && source.kind === 'pointer' ? classPointer(target, code, column) : undefined;
  return { type, column, number: pointed ?? numberAs(code, target), constant };
}

/** The bytes of an object, or of a number, as an aggregate that is no larger: what debuggers allow beyond C. */
function seenAs(type: Type, code: Code, column: number): Code {
  const size = sizeOf(type);
  const available = sizeOf(code.type);
  if (size === undefined || available === undefined || size > available) {
    const [from, to] = [spellType(code.type), spellType(type)];
    const follow = bare(code.type).kind === 'pointer' ? `: to follow the pointer write *(${to} *)` : '';
    throw new PlacedError(`${from} has not as many bytes as ${to}${follow}`, { column });
  }
  if (code.address && !code.bits) return objectAt(type, code.address, column);
  const { place, number, bigint } = code;
  if (place && !code.bits) return objectIn(type, place, column, 'the object');
  const read = number ?? bigint;
  if (!read) return noValue(code);
  const isFloat = bare(code.type).kind === 'float';
  return objectIn(type, (state) => bytesPlace(bytesOfScalar(read(state), isFloat, available)), column, 'the number');
}

/** `test ? then : otherwise`; the two are values. */
export function conditional(test: (state: MachineState) => boolean, then: Code, otherwise: Code, column: number): Code {
  const a = bare(then.type);
  const b = bare(otherwise.type);
  if (isArithmetic(a) && isArithmetic(b)) {
    const type = commonType(promoted(a, then.bits?.width), promoted(b, otherwise.bits?.width));
    return chosen(test, cast(type, then, column), cast(type, otherwise, column), type, column);
  }
  if (a.kind === 'pointer' || b.kind === 'pointer') {
    // A null constant, and void * as C rules it, give way to the other operand's type.
    const keepFirst =
      a.kind === 'pointer' && !isNull(otherwise)
        ? b.kind === 'pointer' && bare(a.to).kind !== 'void'
        : a.kind === 'pointer';
    const type = keepFirst || b.kind !== 'pointer' ? then.type : otherwise.type;
    if (a.kind !== 'pointer' && !isNull(then)) return noValue(then);
    if (b.kind !== 'pointer' && !isNull(otherwise)) return noValue(otherwise);
    return chosen(test, cast(type, then, column), cast(type, otherwise, column), type, column);
  }
  const [x, y] = [then.place, otherwise.place];
  if (a.kind !== b.kind || !x || !y || spellType(a) !== spellType(b)) {
    throw new PlacedError(`'?:' cannot give either ${spellType(then.type)} or ${spellType(otherwise.type)}`, {
      column,
    });
  }
  return { type: then.type, column, place: (state) => (test(state) ? x(state) : y(state)) };
}

function chosen(test: (state: MachineState) => boolean, then: Code, otherwise: Code, type: Type, column: number): Code {
  const [a, b] = [then.number, otherwise.number];
  if (a && b) return { type, column, number: (state) => (test(state) ? a(state) : b(state)) };
  const [x, y] = [then.bigint, otherwise.bigint];
  if (x && y) return { type, column, bigint: (state) => (test(state) ? x(state) : y(state)) };
  return noValue(then);
}

function isNull({ constant }: Code): boolean {
  return constant === 0n;
}

function isVoidPointer(type: Type): boolean {
  return type.kind === 'pointer' && bare(type.to).kind === 'void';
}
