/** How many children a value has, and what stands behind references and pointers. */
import type { MachineState } from '../places/machine-state.ts';
import { contentOf } from './containers/containers.ts';
import { asRecord, objectOf } from './members.ts';
import { type ArrayType, bare, sizeOf } from './types.ts';
import { scalarOf, Unreadable, type Value } from './values.ts';

/** Children by name (members) and by index (elements); both 0 for a scalar. */
export interface Shape {
  named: number;
  indexed: number;
}

/** What a C++ reference refers to; any other value is itself. */
export function referred(value: Value, state: MachineState): Value {
  const type = bare(value.type);
  if (type.kind !== 'pointer' || !type.reference || value.place.kind === 'gone') return value;
  const address = readPointer(value, state);
  return address === 0 ? value : { ...objectOf(type.to, address), raw: value.raw };
}

/** Elements of an array. One without a length, a struct's last member, has as many as fit its block of the heap. */
export function lengthOf(
  { place }: Value,
  { count, countAt, element }: ArrayType,
  state: MachineState,
): number | undefined {
  if (count !== undefined || countAt || place.kind !== 'memory') return count;
  const bytes = state.extent?.(place.address);
  const size = sizeOf(element);
  return bytes === undefined || !size ? undefined : Math.floor(bytes / size);
}

/** 0 where the pointer itself cannot be read. */
export function readPointer(value: Value, state: MachineState): number {
  try {
    return Number(scalarOf(value, state));
  } catch (error) {
    if (error instanceof Unreadable) return 0;
    throw error;
  }
}

export function childCounts(given: Value, state: MachineState): Shape {
  const none = { named: 0, indexed: 0 };
  if (given.place.kind === 'gone') return none;
  const value = referred(given, state);
  const type = bare(value.type);
  if (type.kind === 'array') {
    return { named: 0, indexed: sizeOf(type.element) === undefined ? 0 : (lengthOf(value, type, state) ?? 0) };
  }
  const record = asRecord(type);
  if (record) {
    const content = contentOf(value, state);
    if (!content) return { named: record.members.length, indexed: 0 };
    // One more: the container by its members.
    if (content.kind === 'nothing') return { named: 1, indexed: 0 };
    if (content.kind !== 'instead') return { named: 1, indexed: content.count };
    const { named, indexed } = childCounts(content.value, state);
    // It is by its own members that the outer one is shown, not the inner one.
    return { named: contentOf(content.value, state) ? named : named + 1, indexed };
  }
  if (type.kind !== 'pointer' || readPointer(value, state) === 0) return none;
  if (asRecord(type.to)) return childCounts(objectOf(type.to, readPointer(value, state)), state);
  return { named: sizeOf(type.to) === undefined ? 0 : 1, indexed: 0 };
}
