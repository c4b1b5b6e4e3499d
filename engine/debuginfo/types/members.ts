/** Members of records by name, and what they hold: wherever a compiler has put them. */
import type { MachineState } from '../places/machine-state.ts';
import { bare, type Member, type RecordType, type Type } from './types.ts';
import { memberOf, scalarOf, Unreadable, type Value } from './values.ts';
import { inRecord } from './virtual-bases.ts';

/** Deeper nesting of unnamed members than any program has. */
const DEPTH_LIMIT = 20;

/** The type as a struct or union; undefined for another. */
export function asRecord(type: Type): RecordType | undefined {
  const plain = bare(type);
  return plain.kind === 'struct' || plain.kind === 'union' ? plain : undefined;
}

/**
 * A member by name, looking into base classes and into anonymous structs and unions; its offset counts from the
 * outermost record.
 */
export function findMember(members: readonly Member[], name: string, depth = 0): Member | undefined {
  for (const member of members) {
    if (member.name === name) return member;
    const record = asRecord(member.type);
    if (member.name !== undefined || depth > DEPTH_LIMIT || !record) continue;
    const inner = findMember(record.members, name, depth + 1);
    if (inner) return { name, type: inner.type, bits: inner.bits, ...inRecord(inner, member) };
  }
  return undefined;
}

/** The part of a record that a path of names leads to. @throws Unreadable where there is no such part */
export function partOf(value: Value, ...path: readonly string[]): Value {
  let part = value;
  for (const name of path) {
    const member = findMember(asRecord(part.type)?.members ?? [], name);
    if (!member) throw new Unreadable(`it has no member ${name}`);
    part = memberOf(part, member);
  }
  return part;
}

/** The number or address that a part holds. @throws Unreadable */
export function numberIn(state: MachineState, value: Value, ...path: readonly string[]): number {
  return Number(scalarOf(partOf(value, ...path), state));
}

/** An object in memory. */
export function objectOf(type: Type, address: number): Value {
  return { type, place: { kind: 'memory', address } };
}
