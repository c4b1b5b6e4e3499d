/**
 * Virtual base classes of C++: where one lies is not the same in all objects of a class. The object says it: its table of virtual
 * functions has the distance, at a fixed place before the address that the object holds.
 */
import { OP } from '../dwarf/constants.ts';
import type { MachineState } from '../places/machine-state.ts';
import type { Member, VirtualBase } from './types.ts';

/**
 * What clang and gcc write for such a base: how far before the table's address the distance stands. Undefined for other
 * expressions.
 */
export function tableEntry(expression: unknown): number | undefined {
  if (!(expression instanceof Uint8Array) || expression.length < 7) return undefined;
  const [first, second, third] = expression;
  if (first !== OP.dup || second !== OP.deref || third !== OP.constu) return undefined;
  let entry = 0;
  let at = 3;
  for (let shift = 0; at < expression.length && shift < 35; shift += 7) {
    const byte = expression[at++];
    entry += (byte & 127) * 2 ** shift;
    if (byte < 128) break;
  }
  const rest = expression.subarray(at);
  return rest[0] === OP.minus && rest[1] === OP.deref && rest[2] === OP.plus ? entry : undefined;
}

/** A member of a part of a record, as one of the record itself. */
export function inRecord(inner: Member, part: Member): Pick<Member, 'offset' | 'base'> {
  const { base } = inner;
  if (base) return { offset: inner.offset, base: behind(base, part) };
  return { offset: part.offset + inner.offset, base: part.base };
}

function behind(base: VirtualBase, part: Member): VirtualBase {
  if (base.around) return { ...base, around: behind(base.around, part) };
  return { ...base, offset: base.offset + part.offset, around: part.base };
}

/** The address that a member's offset counts from, in an object at `address`; undefined where memory does not say it. */
export function startOf(base: VirtualBase | undefined, address: number, state: MachineState): number | undefined {
  if (!base) return address;
  const around = startOf(base.around, address, state);
  const object = around === undefined ? undefined : (around + base.offset) >>> 0;
  const table = object === undefined ? undefined : wordAt(object, state);
  const distance = table === undefined ? undefined : wordAt((table - base.entry) >>> 0, state);
  return object === undefined || distance === undefined ? undefined : (object + distance) >>> 0;
}

function wordAt(address: number, state: MachineState): number | undefined {
  const bytes = state.memory(address, 4);
  return bytes.length < 4 ? undefined : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
}
