/** Containers whose elements lie side by side in memory, by the names that libc++ gives their members. */
import type { MachineState } from '../../places/machine-state.ts';
import { asRecord, numberIn, objectOf, partOf } from '../members.ts';
import { type ArrayType, bare, type Type } from '../types.ts';
import { elementOf, Unreadable, type Value } from '../values.ts';
import { type Content, checkCount, type Items, items, type Reader, row, sizeIn } from './content.ts';

/** What the pointer that a part holds points to. @throws Unreadable */
export function targetType(value: Value, ...path: string[]): Type {
  const type = bare(partOf(value, ...path).type);
  if (type.kind !== 'pointer') throw new Unreadable('it is not made as expected');
  return type.to;
}

export const vector: Reader = (value, state) => {
  const element = targetType(value, '__begin_');
  const begin = numberIn(state, value, '__begin_');
  const end = numberIn(state, value, '__end_');
  if (end > numberIn(state, value, '__cap_')) throw new Unreadable('it is damaged');
  return row(element, begin, (end - begin) / sizeIn(element), state);
};

/** `std::vector<bool>`: bits in words. */
export const bits: Reader = (value, state) => {
  const count = numberIn(state, value, '__size_');
  return bitsAt(partOf(value, '__begin_'), numberIn(state, value, '__begin_'), count, state);
};

function bitsAt(words: Value, address: number, count: number, state: MachineState): Items {
  checkCount(count);
  if (count > 0 && state.memory(address + ((count - 1) >> 3), 1).length === 0) throw new Unreadable('it is damaged');
  if (bare(words.type).kind !== 'pointer') throw new Unreadable('it is not made as expected');
  const at = (index: number) => ({
    value: { ...objectOf(BIT, address + (index >> 3)), bits: { shift: index & 7, width: 1 } },
  });
  return items(count, at, { indexable: false });
}

/** `std::bitset`: bits in one word or an array of them; its name says how many. */
export const bitset: Reader = (value) => {
  const count = Number(/^bitset<(\d+)/.exec(asRecord(value.type)?.name ?? '')?.[1]);
  checkCount(count);
  if (count === 0) return items(0, () => ({ value }), { counted: false, indexable: false });
  const { place } = partOf(value, '__first_');
  if (place.kind !== 'memory') throw new Unreadable('it is not in memory');
  const at = (index: number) => ({
    value: { ...objectOf(BIT, place.address + (index >> 3)), bits: { shift: index & 7, width: 1 } },
  });
  return items(count, at, { counted: false, indexable: false });
};

const BIT: Type = { kind: 'boolean', name: 'bool', size: 1 };

/** Address and length: views of texts and of objects. */
export const span: Reader = (value, state) =>
  row(targetType(value, '__data_'), numberIn(state, value, '__data_'), numberIn(state, value, '__size_'), state);

export const initializerList: Reader = (value, state) =>
  row(targetType(value, '__begin_'), numberIn(state, value, '__begin_'), numberIn(state, value, '__size_'), state);

export const array: Reader = (value) => {
  const elements = partOf(value, '__elems_');
  const type = bare(elements.type) as ArrayType;
  if (type.kind !== 'array') return items(0, () => ({ value }));
  return items(type.count ?? 0, (index) => ({ value: elementOf(elements, type.element, index) }), { counted: false });
};

/** Blocks of a size that the library has by that of the elements, and a list of their addresses. */
export const deque: Reader = (value, state) => {
  const block = targetType(value, '__map_', '__begin_');
  const pointer = bare(block);
  if (pointer.kind !== 'pointer') throw new Unreadable('it is not made as expected');
  const size = sizeIn(pointer.to);
  const perBlock = size < 256 ? Math.floor(4096 / size) : 16;
  const first = numberIn(state, value, '__map_', '__begin_');
  const blocks = (numberIn(state, value, '__map_', '__end_') - first) / pointer.size;
  const start = numberIn(state, value, '__start_');
  const count = numberIn(state, value, '__size_');
  checkCount(count);
  checkCount(blocks);
  if (start + count > blocks * perBlock) throw new Unreadable('it is damaged');
  return items(count, (index) => {
    const at = start + index;
    const address = numberIn(state, objectOf(block, first + Math.floor(at / perBlock) * pointer.size));
    return { value: objectOf(pointer.to, address + (at % perBlock) * size) };
  });
};

export const text: Reader = (value, state) => {
  const isLong = numberIn(state, value, '__rep_', '__l', '__is_long_') !== 0;
  if (!isLong) {
    const short = partOf(value, '__rep_', '__s');
    const data = partOf(short, '__data_');
    const type = bare(data.type);
    const count = numberIn(state, short, '__size_');
    if (type.kind !== 'array' || count >= (type.count ?? 0)) throw new Unreadable('it is damaged');
    return characters(type.element, data, count, state);
  }
  const address = numberIn(state, value, '__rep_', '__l', '__data_');
  const character = targetType(value, '__rep_', '__l', '__data_');
  return characters(character, objectOf(character, address), numberIn(state, value, '__rep_', '__l', '__size_'), state);
};

export const textView: Reader = (value, state) => {
  const character = targetType(value, '__data_');
  const data = objectOf(character, numberIn(state, value, '__data_'));
  return characters(character, data, numberIn(state, value, '__size_'), state);
};

function characters(character: Type, { place }: Value, count: number, state: MachineState): Content {
  if (place.kind !== 'memory') throw new Unreadable('it is not in memory');
  row(character, place.address, count, state);
  return { kind: 'text', count, character, address: place.address };
}
