/**
 * Compiled names, members and elements: where the objects are that expressions speak of (C17, section 6.5.1, 6.5.2).
 */
import { PlacedError } from '../../errors.ts';
import { LONG } from '../types/base-types.ts';
import { standIn } from '../types/containers/containers.ts';
import { findMember } from '../types/members.ts';
import { bare, sizeOf, spellType } from '../types/types.ts';
import { elementOf, memberOf } from '../types/values.ts';
import { isArithmetic } from './arithmetic.ts';
import { memberAddress } from './base-classes.ts';
import { type Code, type NumberGetter, noValue, numberAs, objectAt, objectIn, scalar } from './code.ts';
import { elementIn, heldIn } from './containers.ts';
import { integerConstant } from './conversions.ts';
import { pointerOperator, targetOf } from './pointers.ts';
import type { ExpressionScope, List, Meaning } from './scope.ts';

/** What a name stands for. */
export function named(name: string, meaning: Meaning, column: number): Code {
  switch (meaning.kind) {
    case 'constant':
      return integerConstant(meaning.value, meaning.type, column);
    case 'value':
      return scalar(meaning.type, meaning.read, column, `${name}: not known in this state`);
    case 'list':
      return { type: { kind: 'unknown', name: meaning.list.description, size: undefined }, column, list: meaning.list };
    case 'function': {
      const { type, tableIndex, index } = meaning;
      const number = (): number => {
        if (tableIndex !== undefined) return tableIndex;
        throw new PlacedError(`'${name}' has no address: the program never takes it`, { column });
      };
      return { type, column, number, function: index };
    }
    case 'variable':
      return variable(name, meaning, column);
    case 'member':
      return memberOfCode(variable('this', meaning.of, column), name, true, column);
  }
}

function variable(name: string, { type, locator }: Extract<Meaning, { kind: 'variable' }>, column: number): Code {
  if (locator.kind === 'gone') return objectIn(type, () => locator, column, name);
  if (locator.kind === 'memory') {
    const { address } = locator;
    const known: NumberGetter = (state) => {
      const at = address(state);
      if (at === undefined) throw new PlacedError(`${name}: not known in this state`, { column });
      return at;
    };
    return dereferenced(objectAt(type, known, column));
  }
  const size = sizeOf(type);
  if (size === undefined) throw new PlacedError(`'${name}' has no size`, { column });
  return objectIn(type, (state) => locator.read(state, size), column, name);
}

/** A C++ reference stands for what it refers to. */
function dereferenced(code: Code): Code {
  const type = bare(code.type);
  const { number } = code;
  return type.kind === 'pointer' && type.reference && number ? objectAt(type.to, number, code.column) : code;
}

/** `outer.name`, or `outer->name` of a value. */
export function memberOfCode(outer: Code, name: string, arrow: boolean, column: number): Code {
  const type = bare(outer.type);
  let whole = outer;
  if (arrow) {
    const pointer = pointerIn(outer, column);
    const held = pointer ? undefined : heldIn(outer, column);
    if (held) whole = held;
    else if (pointer) whole = targetOf(pointer, column);
    else if (type.kind !== 'pointer') {
      throw new PlacedError(`'->' needs a pointer to a struct, not ${spellType(outer.type)}`, { column });
    } else whole = targetOf(outer, column);
  }
  const plain = bare(whole.type);
  if (plain.kind !== 'struct' && plain.kind !== 'union') {
    const hint = !arrow && plain.kind === 'pointer' ? ": use '->'" : '';
    throw new PlacedError(`'${arrow ? '->' : '.'}' needs a struct or union, not ${spellType(whole.type)}${hint}`, {
      column,
    });
  }
  if (!plain.complete) throw new PlacedError(`${spellType(plain)} is only declared, not defined`, { column });
  const member = findMember(plain.members, name);
  if (!member) throw new PlacedError(`${spellType(plain)} has no member '${name}'`, { column });
  const { address, place } = whole;
  const { bits } = member;
  if (address) {
    return dereferenced(
      objectAt(member.type, (state) => memberAddress(member, address(state), state, column), column, bits),
    );
  }
  if (!place) return noValue(whole);
  return objectIn(
    member.type,
    (state) => memberOf({ type: plain, place: place(state) }, member, state).place,
    column,
    name,
    bits,
  );
}

/** The pointer in a smart one, or in an iterator, of C++; undefined for all others. */
export function pointerIn(code: Code, column: number): Code | undefined {
  const member = standIn(code.type);
  return member === undefined ? undefined : memberOfCode(code, member, false, column);
}

/** `base[position]` of two values: of an array, a pointer, a container, or a list of the machine. */
export function indexed(array: Code, position: Code, column: number, scope: ExpressionScope): Code {
  const base = pointerIn(array, column) ?? array;
  if (base.list) return listEntry(base.list, position, column);
  const element = elementIn(base, position, column);
  if (element) return element;
  const type = bare(base.type);
  // An array that is not in memory has no address to step from.
  if (type.kind === 'array' && base.place) {
    const { place } = base;
    const { element } = type;
    const at = numberAs(position, LONG);
    return objectIn(
      element,
      (state) => elementOf({ type, place: place(state) }, element, at(state)).place,
      column,
      '[]',
    );
  }
  if (type.kind !== 'pointer' && bare(position.type).kind !== 'pointer') {
    throw new PlacedError(`'[' needs an array or a pointer, not ${spellType(base.type)}`, { column });
  }
  return targetOf(pointerOperator('+', base, position, column, scope), column);
}

/** A constant index says which entry it is, and so its type; another takes a type that holds them all. */
function listEntry(list: List, index: Code, column: number): Code {
  const type = bare(index.type);
  if (!isArithmetic(type) || type.kind === 'float') {
    throw new PlacedError(`the index of ${list.description} is an integer, not ${spellType(index.type)}`, { column });
  }
  const none = `${list.description} has no such entry`;
  const entry = list.entry(index.constant === undefined ? undefined : Number(index.constant));
  if (!entry) throw new PlacedError(none, { column });
  const at = numberAs(index, LONG);
  return scalar(entry.type, (state) => entry.read(state, at(state)), column, none);
}
