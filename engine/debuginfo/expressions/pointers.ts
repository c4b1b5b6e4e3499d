/**
 * Compiled pointers: following them, stepping and comparing them (C17, section 6.5.3.2, 6.5.6, 6.5.8), and sizes, which
 * steps are made of.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { INT, LONG, ULONG } from '../types/base-types.ts';
import { bare, type PointerType, sizeOf, spellType, type Type, VOID } from '../types/types.ts';
import { isArithmetic, isComparison, numberOperator } from './arithmetic.ts';
import { toBase } from './base-classes.ts';
import { type Code, decayed, type NumberGetter, numberAs, objectAt, pointerTo } from './code.ts';
import { type ExpressionScope, typeIn } from './scope.ts';
import type { BinaryOperator } from './syntax/tree.ts';

/** `*code`: the object or function that a pointer points to. */
export function targetOf(code: Code, column: number): Code {
  const type = bare(code.type);
  if (type.kind !== 'pointer' || !code.number) {
    throw new PlacedError(`'*' needs a pointer, not ${spellType(code.type)}`, { column });
  }
  const to = bare(type.to);
  if (to.kind === 'function') return { type: type.to, column, number: code.number };
  if (to.kind === 'void') {
    throw new PlacedError('a void pointer does not say what it points to: cast it first', { column });
  }
  return objectAt(type.to, code.number, column);
}

/** `&code`. */
export function addressOf(code: Code, column: number): Code {
  if (bare(code.type).kind === 'function') return decayed(code);
  if (code.bits) throw new PlacedError('a bit-field has no address', { column });
  if (code.address) return { type: pointerTo(code.type), column, number: code.address };
  const reason = code.place ? 'it is not in memory' : 'it is not an object';
  throw new PlacedError(`this has no address: ${reason}`, { column });
}

/** A binary operator with a pointer on at least one side. */
export function pointerOperator(
  operator: BinaryOperator,
  left: Code,
  right: Code,
  column: number,
  scope: ExpressionScope,
): Code {
  const a = bare(left.type);
  const b = bare(right.type);
  if (isComparison(operator)) {
    const [x, y] = comparable(left, right, column);
    const apply = numberOperator(operator, ULONG, column);
    return { type: INT, column, number: (state) => apply(x(state), y(state)) };
  }
  if (operator === '-' && a.kind === 'pointer' && b.kind === 'pointer') {
    const x = left.number!;
    const y = right.number!;
    const scale = stepOf(a, column, scope);
    return { type: LONG, column, number: (state) => Math.trunc(((x(state) - y(state)) | 0) / scale(state)) };
  }
  const [pointer, offset] = a.kind === 'pointer' ? [left, right] : [right, left];
  const pointerType = bare(pointer.type) as PointerType;
  const offsetType = bare(offset.type);
  const allowed = operator === '+' || (operator === '-' && a.kind === 'pointer');
  if (!allowed || !isArithmetic(offsetType) || offsetType.kind === 'float') {
    throw new PlacedError(`'${operator}' cannot combine ${spellType(left.type)} and ${spellType(right.type)}`, {
      column,
    });
  }
  const x = pointer.number!;
  const y = numberAs(offset, LONG);
  const scale = stepOf(pointerType, column, scope);
  const number: NumberGetter =
    operator === '+'
      ? (state) => (x(state) + y(state) * scale(state)) >>> 0
      : (state) => (x(state) - y(state) * scale(state)) >>> 0;
  return { type: pointer.type, column, number };
}

/** Addresses of objects of a class and of a base class of its are compared as those of the base. */
function comparable(left: Code, right: Code, column: number): [NumberGetter, NumberGetter] {
  const x = numberAs(left, pointerOperand(left, column));
  const y = numberAs(right, pointerOperand(right, column));
  const [a, b] = [bare(left.type), bare(right.type)];
  if (a.kind !== 'pointer' || b.kind !== 'pointer') return [x, y];
  const asBase = toBase(b, left, column);
  return asBase ? [asBase, y] : [x, toBase(a, right, column) ?? y];
}

/** A side of a comparison with a pointer: a pointer, or an integer taken as an address. */
function pointerOperand(code: Code, column: number): PointerType {
  const type = bare(code.type);
  if (type.kind === 'pointer' || (isArithmetic(type) && type.kind !== 'float')) return pointerTo(VOID);
  throw new PlacedError(`a pointer cannot be compared with ${spellType(code.type)}`, { column });
}

/** Bytes per step of a pointer; of `void *` 1, as compilers have it. */
function stepOf(pointer: PointerType, column: number, scope: ExpressionScope): NumberGetter {
  const target = bare(pointer.to);
  const size = target.kind === 'void' ? 1 : sizeOf(target);
  if (size !== undefined && size > 0) return () => size;
  return sizeInState(pointer.to, column, scope);
}

/** The size of a type with lengths known only at run time. */
function sizeInState(type: Type, column: number, scope: ExpressionScope): NumberGetter {
  if (bare(type).kind !== 'array') throw new PlacedError(`the size of ${spellType(type)} is not known`, { column });
  return (state) => {
    const size = sizeOf(typeIn(scope, type, state));
    if (size === undefined) throw new PlacedError(`the size of ${spellType(type)} is not known here`, { column });
    return size;
  };
}

/**
 * `code@count`: objects in a row as an array, from the one that a pointer points to, or else from the object itself.
 */
export function spanOf(start: Code, count: Code, column: number): Code {
  const first = decayed(start);
  const type = bare(first.type);
  const [element, address] = type.kind === 'pointer' ? [type.to, first.number] : [first.type, first.address];
  if (!address || first.bits || sizeOf(element) === undefined) {
    const what = spellType(start.type);
    throw new PlacedError(`a count needs a pointer, or an object in memory, that has a size, not ${what}`, { column });
  }
  if (!isArithmetic(bare(count.type)) || bare(count.type).kind === 'float') {
    throw new PlacedError(`a count is an integer, not ${spellType(count.type)}`, { column: count.column });
  }
  const number = numberAs(count, LONG);
  const length = (state: MachineState) => {
    const found = number(state);
    if (found > 0) return found;
    throw new PlacedError(`a count is at least 1, not ${found}`, { column: count.column });
  };
  const constant = count.constant === undefined ? undefined : Number(count.constant);
  if (constant !== undefined && !(constant > 0)) {
    throw new PlacedError(`a count is at least 1, not ${constant}`, { column: count.column });
  }
  const countAt = constant === undefined ? length : undefined;
  return objectAt({ kind: 'array', element, count: constant, countAt }, address, column);
}

/** `sizeof`, of an expression or (as a code without a value) of a type. */
export function sizeOperator(code: Code, column: number, scope: ExpressionScope): Code {
  if (code.bits) throw new PlacedError('sizeof cannot be applied to a bit-field', { column });
  const kind = bare(code.type).kind;
  const size = kind === 'void' || kind === 'function' ? 1 : sizeOf(code.type);
  return { type: ULONG, column, number: size === undefined ? sizeInState(code.type, column, scope) : () => size };
}
