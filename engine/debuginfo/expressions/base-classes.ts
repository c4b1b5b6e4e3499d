/**
 * Pointers to objects of C++'s classes: one to a base class points to a part of the object, which may begin elsewhere than the
 * object does.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { asRecord } from '../types/members.ts';
import { bare, type Member, type PointerType, type RecordType, spellType } from '../types/types.ts';
import { inRecord, startOf } from '../types/virtual-bases.ts';
import type { Code, NumberGetter } from './code.ts';

/** More classes above one another than any program has. */
const DEPTH_LIMIT = 20;

/** Where a member lies in an object at `address`. @throws PlacedError where the object does not say it */
export function memberAddress({ offset, base }: Member, address: number, state: MachineState, column: number): number {
  const start = startOf(base, address, state);
  if (start === undefined) throw new PlacedError('the object does not say where its virtual base class is', { column });
  return (start + offset) >>> 0;
}

/** A pointer to a class as one to another that it is derived from, or that is derived from it; undefined for all others. */
export function classPointer(target: PointerType, code: Code, column: number): NumberGetter | undefined {
  const asBase = toBase(target, code, column);
  if (asBase) return asBase;
  const [from, to] = [pointedClass(code), asRecord(target.to)];
  const part = from && to && baseIn(to, from);
  const { number } = code;
  if (!part || !number) return undefined;
  if (part.base) {
    const reason = `it is a virtual base class of ${spellType(to)}, which does not say where that begins`;
    throw new PlacedError(`${spellType(from)} cannot be cast: ${reason}`, { column });
  }
  return (state) => notNull(number(state), (address) => (address - part.offset) >>> 0);
}

/** A pointer to a class as one to a base class of its; undefined for all others. */
export function toBase(target: PointerType, code: Code, column: number): NumberGetter | undefined {
  const [from, to] = [pointedClass(code), asRecord(target.to)];
  const part = from && to && baseIn(from, to);
  const { number } = code;
  if (!part || !number) return undefined;
  return (state) => notNull(number(state), (address) => memberAddress(part, address, state, column));
}

function pointedClass({ type }: Code): RecordType | undefined {
  const pointer = bare(type);
  return pointer.kind === 'pointer' ? asRecord(pointer.to) : undefined;
}

function notNull(address: number, change: (address: number) => number): number {
  return address === 0 ? 0 : change(address);
}

/** Where a class lies in one that is derived from it; undefined where it does not, or is the same. */
function baseIn(derived: RecordType, wanted: RecordType, depth = 0): Member | undefined {
  if (depth > DEPTH_LIMIT) return undefined;
  for (const member of derived.members) {
    const part = member.name === undefined ? asRecord(member.type) : undefined;
    if (!part || part.spelled === undefined) continue;
    if (part === wanted || part.spelled === wanted.spelled) return member;
    const inner = baseIn(part, wanted, depth + 1);
    if (inner) return { ...inner, ...inRecord(inner, member) };
  }
  return undefined;
}
