/**
 * String and compound literals as objects (C17, section 6.4.5, 6.5.2.5 and 6.7.9). They are bytes without an address:
 * nothing is written into the program's memory.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { CHAR_TYPES } from '../types/base-types.ts';
import {
  type ArrayType,
  type BitField,
  bare,
  type Member,
  type RecordType,
  sizeOf,
  spellType,
  type Type,
} from '../types/types.ts';
import { bytesAt } from '../types/values.ts';
import { representation } from './arithmetic.ts';
import { bytesPlace, type Code, decayed, objectIn } from './code.ts';
import { cast } from './conversions.ts';
import { bytesOfScalar, writeBits } from './encoding.ts';
import type { Designator, Expression, InitialiserList } from './syntax/tree.ts';

/** Bytes of the largest literal. */
const LARGEST = 1 << 16;

/** `"…"`: an array of characters with a zero at its end. */
export function stringLiteral(literal: Uint8Array, column: number): Code {
  const bytes = Uint8Array.of(...literal, 0);
  const type: ArrayType = { kind: 'array', element: CHAR_TYPES.plain, count: bytes.length, countAt: undefined };
  return { ...objectIn(type, () => bytesPlace(bytes), column, 'the literal'), literal };
}

/** `(type){…}`. `compile` makes code of the expressions in it. */
export function compoundLiteral(
  type: Type,
  list: InitialiserList,
  column: number,
  compile: (tree: Expression) => Code,
): Code {
  const initialiser = new Initialiser(compile, column);
  const length = initialiser.fill({ type, offset: 0, bits: undefined, anonymous: false }, list);
  const array = bare(type);
  const whole: Type = array.kind === 'array' && array.count === undefined ? { ...array, count: length } : type;
  const size = sizeOf(whole);
  if (size === undefined) throw new PlacedError(`${spellType(type)} has no size`, { column });
  if (size > LARGEST) throw new PlacedError(`a literal of ${size} bytes is too large`, { column });
  const place = (state: MachineState) => {
    const bytes = new Uint8Array(size);
    for (const write of initialiser.writes) write(bytes, state);
    return bytesPlace(bytes);
  };
  return objectIn(whole, place, column, 'the literal');
}

/** A part of the literal: what it is, and where. */
interface Slot {
  type: Type;
  offset: number;
  bits: BitField | undefined;
  /** Whether it is a member without a name, whose own members are reached as if they were outside. */
  anonymous: boolean;
}

class Initialiser {
  readonly writes: ((bytes: Uint8Array, state: MachineState) => void)[] = [];
  private readonly compile: (tree: Expression) => Code;
  private readonly column: number;

  constructor(compile: (tree: Expression) => Code, column: number) {
    this.compile = compile;
    this.column = column;
  }

  /** Initialises a part by a list; returns how many elements of an array it reaches. */
  fill(slot: Slot, { items, column }: InitialiserList): number {
    const type = bare(slot.type);
    const isAggregate = type.kind === 'array' || type.kind === 'struct' || type.kind === 'union';
    if (!isAggregate && (items.length !== 1 || items[0].path.length > 0)) {
      throw new PlacedError(`${spellType(slot.type)} takes one value`, { column });
    }
    const [only] = items;
    if (type.kind === 'array' && items.length === 1 && only.path.length === 0 && only.value.kind === 'string') {
      this.assign(slot, this.compile(only.value));
      return only.value.bytes.length + 1;
    }
    let next = 0;
    let reached = 0;
    for (const { path, value } of items) {
      if (isAggregate && path.length > 0) next = this.position(type, path[0]);
      else if (type.kind === 'union' && next > 0) throw new PlacedError('a union takes one value', { column });
      const part = isAggregate ? this.walk(partOf(type, slot.offset, next, column), path) : slot;
      if (value.kind === 'list') this.fill(part, value);
      else this.assign(part, this.compile(value));
      next++;
      reached = Math.max(reached, next);
    }
    return reached;
  }

  /** The number of the element or member that a designator begins with. */
  private position(type: ArrayType | RecordType, step: Designator): number {
    if (type.kind === 'array') {
      const index = step.kind === 'element' ? this.compile(step.index).constant : undefined;
      if (index !== undefined && index >= 0n) return Number(index);
      throw new PlacedError('elements of an array are designated by constants: [2] = …', { column: this.column });
    }
    const name = step.kind === 'member' ? step.name : undefined;
    const found = type.members.findIndex((member) => holds(member, name));
    if (found >= 0 && name !== undefined) return found;
    throw new PlacedError(`${spellType(type)} has no member '${name ?? '[]'}'`, { column: this.column });
  }

  /** From the part where a designator begins, to the one that it means. */
  private walk(slot: Slot, path: Designator[]): Slot {
    const rest = slot.anonymous ? path : path.slice(1);
    const [step] = rest;
    if (!step) return slot;
    const type = bare(slot.type);
    if (type.kind !== 'array' && type.kind !== 'struct' && type.kind !== 'union') {
      throw new PlacedError(`${spellType(slot.type)} has no parts`, { column: this.column });
    }
    return this.walk(partOf(type, slot.offset, this.position(type, step), this.column), rest);
  }

  private assign({ type, offset, bits }: Slot, code: Code): void {
    const plain = bare(type);
    const { literal } = code;
    if (plain.kind === 'array' && literal && sizeOf(plain.element) === 1) {
      const room = plain.count ?? literal.length;
      this.writes.push((bytes) => bytes.set(literal.subarray(0, room), offset));
      return;
    }
    if (representation(plain)) {
      const size = sizeOf(plain)!;
      const { number, bigint } = cast(type, decayed(code), code.column);
      const read = (number ?? bigint)!;
      this.writes.push((bytes, state) => {
        const value = read(state);
        if (bits) writeBits(bytes, offset, bits, BigInt(value));
        else bytes.set(bytesOfScalar(value, plain.kind === 'float', size), offset);
      });
      return;
    }
    const size = sizeOf(type);
    const { place } = code;
    if (!place || size === undefined || spellType(bare(code.type)) !== spellType(plain)) {
      throw new PlacedError(`${spellType(type)} cannot be made from ${spellType(code.type)}: write it in braces`, {
        column: code.column,
      });
    }
    this.writes.push((bytes, state) => bytes.set(bytesAt(place(state), 0, size, state), offset));
  }
}

/** Element or member `index` of an aggregate at an offset. */
function partOf(type: ArrayType | RecordType, offset: number, index: number, column: number): Slot {
  if (type.kind === 'array') {
    const size = sizeOf(type.element);
    if (size === undefined) throw new PlacedError(`${spellType(type.element)} has no size`, { column });
    if (index >= (type.count ?? LARGEST))
      throw new PlacedError(`${spellType(type)} has no element ${index}`, { column });
    return { type: type.element, offset: offset + index * size, bits: undefined, anonymous: false };
  }
  const member = type.members[index];
  if (!member) throw new PlacedError(`${spellType(type)} has only ${type.members.length} members`, { column });
  const { bits, name } = member;
  return { type: member.type, offset: offset + member.offset, bits, anonymous: name === undefined };
}

/** Whether a member has that name, or is an anonymous record with one that has. */
function holds(member: Member, name: string | undefined): boolean {
  if (member.name !== undefined) return member.name === name;
  const type = bare(member.type);
  return (type.kind === 'struct' || type.kind === 'union') && type.members.some((inner) => holds(inner, name));
}
