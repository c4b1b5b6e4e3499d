/** Containers of nodes that point to each other, by the names that libc++ gives their members. */
import type { MachineState } from '../../places/machine-state.ts';
import { asRecord, findMember, numberIn, objectOf, partOf } from '../members.ts';
import type { Type } from '../types.ts';
import { Unreadable, type Value } from '../values.ts';
import { checkCount, type Item, type Items, type Reader } from './content.ts';

/** Nodes that are looked at before a container is taken for whole. */
const TRIED = 32;

/** A tree of more nodes than fit memory would be as deep. */
const DEEPEST = 64;

/** A list or hash table without a count that goes on for longer goes in circles. */
const LONGEST = 1 << 22;

/** The type of the nodes: that for which the container has its allocator. @throws Unreadable */
function nodeType(container: Value, allocator: string): Type {
  const node = asRecord(partOf(container, allocator).type)?.parameters?.[0];
  if (!node || !asRecord(node)) throw new Unreadable('its nodes have no known type');
  return node;
}

/** Whether elements have keys of their own, keys that others may have too, or none. */
type Keys = 'unique' | 'shared' | 'none';

/** What a node holds; a map's pair is a key and a value. */
function itemOf(node: Value, keys: Keys): Item {
  let value = partOf(node, '__value_');
  for (const inner of ['__cc_', '__cc']) {
    if (findMember(asRecord(value.type)?.members ?? [], inner)) value = partOf(value, inner);
  }
  return keys !== 'none' ? { key: partOf(value, 'first'), value: partOf(value, 'second') } : { value };
}

/** Elements by going from node to node. */
function chain(count: number, keys: Keys, type: Type, first: number, next: (node: Value) => number): Items {
  checkCount(count);
  const slice = (start: number, end: number): Item[] => {
    const found: Item[] = [];
    let address = first;
    for (let index = 0; index < end; index++) {
      if (address === 0) throw new Unreadable('it is damaged: it ends too early');
      const node = objectOf(type, address);
      if (index >= start) found.push(itemOf(node, keys));
      if (index + 1 < end) address = next(node);
    }
    return found;
  };
  slice(0, Math.min(count, TRIED));
  return { kind: 'items', count, counted: true, indexable: keys !== 'shared', slice };
}

/** `std::map`, `std::set` and those with equal keys. */
export const tree =
  (keys: Keys): Reader =>
  (value, state) => {
    const whole = partOf(value, '__tree_');
    const type = nodeType(whole, '__node_alloc_');
    const to = (address: number, member: string) => {
      const found = numberIn(state, objectOf(type, address), member);
      if (found === 0 && member === '__parent_') throw new Unreadable('it is damaged');
      return found;
    };
    const next = ({ place }: Value): number => {
      let node = place.kind === 'memory' ? place.address : 0;
      const right = to(node, '__right_');
      if (right === 0) {
        for (let depth = 0; depth < DEEPEST; depth++) {
          const parent = to(node, '__parent_');
          if (to(parent, '__left_') === node) return parent;
          node = parent;
        }
        throw new Unreadable('it is damaged');
      }
      node = right;
      for (let depth = 0; depth < DEEPEST; depth++) {
        const left = to(node, '__left_');
        if (left === 0) return node;
        node = left;
      }
      throw new Unreadable('it is damaged');
    };
    return chain(numberIn(state, whole, '__size_'), keys, type, numberIn(state, whole, '__begin_node_'), next);
  };

/** `std::unordered_map`, `std::unordered_set` and those with equal keys. */
export const hashTable =
  (keys: Keys): Reader =>
  (value, state) => {
    const whole = partOf(value, '__table_');
    const type = nodeType(whole, '__node_alloc_');
    const first = numberIn(state, whole, '__first_node_', '__next_');
    return chain(numberIn(state, whole, '__size_'), keys, type, first, (node) => numberIn(state, node, '__next_'));
  };

export const list: Reader = (value, state) => {
  const type = nodeType(value, '__node_alloc_');
  const first = numberIn(state, value, '__end_', '__next_');
  return chain(numberIn(state, value, '__size_'), 'none', type, first, (node) => numberIn(state, node, '__next_'));
};

/** Has no count: its end is found. */
export const forwardList: Reader = (value, state) => {
  const type = nodeType(value, '__alloc_');
  const first = numberIn(state, value, '__before_begin_', '__next_');
  return chain(lengthFrom(first, type, state), 'none', type, first, (node) => numberIn(state, node, '__next_'));
};

function lengthFrom(first: number, type: Type, state: MachineState): number {
  let count = 0;
  for (let node = first; node !== 0; node = numberIn(state, objectOf(type, node), '__next_')) {
    if (++count > LONGEST) throw new Unreadable('it goes in circles');
  }
  return count;
}
