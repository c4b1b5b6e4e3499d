/** Iterators of C++'s containers that are made of nodes, by what they stand at. Their names are those of libc++. */
import type { MachineState } from '../../places/machine-state.ts';
import { alignmentOf } from '../alignment.ts';
import { ULONG } from '../base-types.ts';
import { asRecord, findMember, numberIn, objectOf, partOf } from '../members.ts';
import { bare, type RecordType, sizeOf, type Type } from '../types.ts';
import { scalarOf, Unreadable, type Value } from '../values.ts';
import type { Content, Reader } from './content.ts';

/** Two pointers stand before the value in a node of a list, of which the second leads to the next one. */
const LINKS = 8;
const NEXT = 4;

/** Nodes of a list that are looked at to find its end. */
const LONGEST_RING = 1 << 16;

/** What an iterator stands at; one that is behind the last element stands at nothing. */
const END: Content = { kind: 'nothing', text: 'end()' };

/** The type of what a node holds; a map wraps its pairs. */
function valueType(node: Type | undefined): Type | undefined {
  const held = findMember(asRecord(node ?? { kind: 'void' })?.members ?? [], '__value_')?.type;
  const wrapped =
    held && ['__cc_', '__cc'].map((name) => findMember(asRecord(held)?.members ?? [], name)).find(Boolean);
  return wrapped?.type ?? held;
}

function pointedTo(type: Type | undefined): Type | undefined {
  const pointer = type && bare(type);
  return pointer?.kind === 'pointer' ? pointer.to : undefined;
}

function standsAt(node: Type | undefined, address: number): Content {
  const type = valueType(node);
  const member = findMember(asRecord(node ?? { kind: 'void' })?.members ?? [], '__value_');
  if (!type || !member) throw new Unreadable('its nodes have no known type');
  return { kind: 'instead', value: objectOf(type, address + member.offset), path: undefined };
}

/** Of `std::set`; a node is a child of its parent, and what is behind the last one is no node. */
export const treeIterator: Reader = (value, state) => {
  const node = treeNode(asRecord(value.type));
  const address = numberIn(state, value, '__ptr_');
  if (!node || address === 0) throw new Unreadable('it stands nowhere');
  const of = (at: number, member: string) => numberIn(state, objectOf(node, at), member);
  const parent = of(address, '__parent_');
  const isChild = parent !== 0 && (of(parent, '__left_') === address || of(parent, '__right_') === address);
  return isChild ? standsAt(node, address) : END;
};

/** Of `std::unordered_set`. */
export const hashIterator: Reader = (value, state) => {
  const address = numberIn(state, value, '__node_');
  return address === 0 ? END : standsAt(hashNode(asRecord(value.type)), address);
};

/** Of `std::list`. */
export const listIterator: Reader = (value, state) => {
  const [type] = asRecord(value.type)?.parameters ?? [];
  const address = numberIn(state, value, '__ptr_');
  if (!type || address === 0) throw new Unreadable('it stands nowhere');
  const offset = listOffset(type);
  const alignment = Math.max(NEXT, alignmentOf(type) ?? 1);
  const nodeSize = Math.ceil((offset + (sizeOf(type) ?? 0)) / alignment) * alignment;
  const isEnd = endOfRing(address, nodeSize, state) === address;
  return isEnd ? END : { kind: 'instead', value: objectOf(type, address + offset), path: undefined };
};

/**
 * Nodes of a list make a ring with the list itself, which is what stands behind the last element: behind its two links there
 * is the number of elements. Where that is so of elements too, it is the one that does not fill a block of the heap.
 */
function endOfRing(start: number, nodeSize: number, state: MachineState): number {
  const wordAt = (address: number) => Number(scalarOf(objectOf(ULONG, address), state));
  const ring: number[] = [];
  for (let at = start; at !== start || ring.length === 0; at = wordAt(at + NEXT)) {
    if (ring.length === LONGEST_RING) throw new Unreadable('its list goes on for too long');
    ring.push(at);
  }
  const ends = ring.filter((at) => wordAt(at + LINKS) === ring.length - 1);
  const sure = ends.length === 1 ? ends : ends.filter((at) => state.extent?.(at) !== nodeSize);
  if (sure.length !== 1) throw new Unreadable('its list does not say where it ends');
  return sure[0];
}

/** Of `std::map` and `std::unordered_map`: another inside. */
export const wrappedIterator =
  (inner: Reader): Reader =>
  (value: Value, state: MachineState) =>
    inner(partOf(value, '__i_'), state);

function treeNode(record: RecordType | undefined): Type | undefined {
  return pointedTo(record?.parameters?.[1]);
}

function hashNode(record: RecordType | undefined): Type | undefined {
  return pointedTo(record?.parameters?.[0]);
}

function listOffset(type: Type): number {
  const alignment = alignmentOf(type) ?? 1;
  return Math.ceil(LINKS / alignment) * alignment;
}

/** The type of what an iterator of this kind of template stands at. */
export function iteratedType(template: string, type: Type): Type | undefined {
  const record = asRecord(type);
  const inner = asRecord(record?.parameters?.[0] ?? { kind: 'void' });
  if (/^__tree_(const_)?iterator$/.test(template)) return valueType(treeNode(record));
  if (/^__map_(const_)?iterator$/.test(template)) return valueType(treeNode(inner));
  if (/^__hash_(const_)?iterator$/.test(template)) return valueType(hashNode(record));
  if (/^__hash_map_(const_)?iterator$/.test(template)) return valueType(hashNode(inner));
  return /^__list_(const_)?iterator$/.test(template) ? record?.parameters?.[0] : undefined;
}
