/** Rust's ordered maps and sets: nodes of up to eleven keys, with as many nodes below and one more, but on the last level. */
import type { MachineState } from '../../places/machine-state.ts';
import { asRecord, findMember, numberIn, objectOf, partOf } from '../members.ts';
import { bare, type Type } from '../types.ts';
import { memberOf, scalarOf, Unreadable, type Value } from '../values.ts';
import { checkCount, type Item, type Items, sizeIn } from './content.ts';

/** Keys of a node, and levels that there can be: more would not fit memory. */
const MOST_KEYS = 11;
const DEEPEST = 16;
const POINTER = 4;

/** What is in a `BTreeMap`; of a set only the keys. @throws Unreadable where it is not made as expected */
export function treeItems(map: Value, state: MachineState, isSet: boolean): Items {
  const count = numberIn(state, map, 'length');
  checkCount(count);
  const slice = (start: number, end: number): Item[] => {
    const found: Item[] = [];
    let index = 0;
    if (start >= end) return found;
    for (const item of new Tree(map, state, isSet).items()) {
      if (index++ >= start) found.push(item);
      if (index === end) return found;
    }
    throw new Unreadable('it is damaged: it ends too early');
  };
  slice(0, Math.min(count, 1));
  return { kind: 'items', count, counted: true, indexable: false, slice };
}

class Tree {
  private readonly state: MachineState;
  private readonly isSet: boolean;
  private readonly key: Type;
  private readonly value: Type;
  private readonly root: Value;
  /** Types of nodes: what all have, and those with nodes below. */
  private readonly leaf: Type;
  private readonly inner: Type;

  constructor(map: Value, state: MachineState, isSet: boolean) {
    const [key, value] = asRecord(map.type)?.parameters ?? [];
    if (!key || !value) throw new Unreadable('it is not made as expected');
    this.key = key;
    this.value = value;
    this.state = state;
    this.isSet = isSet;
    this.root = some(partOf(map, 'root'));
    this.leaf = pointedTo(partOf(this.root, 'node', 'pointer'));
    this.inner = pointedTo(partOf(some(partOf(objectOf(this.leaf, 0), 'parent')), 'pointer'));
  }

  /** In their order. */
  items(): Generator<Item> {
    const { root, state } = this;
    return this.below(numberIn(state, root, 'node', 'pointer'), numberIn(state, root, 'height'));
  }

  private *below(address: number, height: number): Generator<Item> {
    const length = numberIn(this.state, objectOf(this.leaf, address), 'len');
    if (height > DEEPEST || length > MOST_KEYS) throw new Unreadable('it is damaged');
    for (let i = 0; i < length; i++) {
      if (height > 0) yield* this.below(this.child(address, i), height - 1);
      const key = this.entry(this.key, address, 'keys', i);
      yield this.isSet ? { value: key } : { key, value: this.entry(this.value, address, 'vals', i) };
    }
    if (height > 0) yield* this.below(this.child(address, length), height - 1);
  }

  private entry(type: Type, node: number, list: string, index: number): Value {
    return objectOf(type, node + offsetOf(this.leaf, list) + index * sizeIn(type));
  }

  private child(node: number, index: number): number {
    const bytes = this.state.memory(node + offsetOf(this.inner, 'edges') + POINTER * index, POINTER);
    if (bytes.length < POINTER) throw new Unreadable('it is damaged');
    return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  }
}

/** What an `Option` holds that is taken to hold something. */
function some(value: Value): Value {
  const found = asRecord(value.type)?.choice?.cases.find(({ member }) => member.name === 'Some');
  if (!found) throw new Unreadable('it is not made as expected');
  return partOf(memberOf(value, found.member), '__0');
}

/** The object that a pointer leads to: `Rc` and `Arc` have theirs behind counts. */
export function pointedAt(pointer: Value, state: MachineState): Value {
  return objectOf(pointedTo(pointer), Number(scalarOf(pointer, state)));
}

function pointedTo({ type }: Value): Type {
  const pointer = bare(type);
  if (pointer.kind !== 'pointer') throw new Unreadable('it is not made as expected');
  return pointer.to;
}

function offsetOf(type: Type, name: string): number {
  const member = findMember(asRecord(type)?.members ?? [], name);
  if (!member) throw new Unreadable(`it has no member ${name}`);
  return member.offset;
}
