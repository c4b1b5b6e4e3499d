/** Classes of C++'s library that hold one object, or some of different types. */
import { asRecord, findMember, numberIn, partOf } from '../members.ts';
import type { Member } from '../types.ts';
import { memberOf, Unreadable, type Value } from '../values.ts';
import { type Content, type Item, items, type Reader } from './content.ts';

/** What is shown in the place of the object. */
function instead(value: Value, ...path: string[]): Content {
  return { kind: 'instead', value: partOf(value, ...path), path: path.map((name) => `.${name}`).join('') };
}

/** `std::unique_ptr`, `std::shared_ptr`, `std::weak_ptr`. */
export const pointer: Reader = (value) => instead(value, '__ptr_');

/** `std::stack`, `std::queue`, `std::priority_queue`. */
export const adapter: Reader = (value) => instead(value, 'c');

/** An iterator of `std::vector`, `std::string`, `std::array`: a pointer. */
export const iterator: Reader = (value) => instead(value, '__i_');

/** An iterator of `std::deque`: a pointer, beside the block that it is in. */
export const dequeIterator: Reader = (value) => instead(value, '__ptr_');

export const reference: Reader = (value) => instead(value, '__f_');

export const atomic: Reader = (value) => instead(value, '__a_', '__a_value');

export const optional: Reader = (value, state) =>
  numberIn(state, value, '__engaged_') !== 0 ? instead(value, '__val_') : { kind: 'nothing', text: 'nullopt' };

/** A base class for each element, in their order. */
export const tuple: Reader = (value) => {
  const leaves = (asRecord(partOf(value, '__base_').type)?.members ?? []).filter(isLeaf);
  const whole = partOf(value, '__base_');
  const at = (index: number): Item => {
    const leaf = memberOf(whole, leaves[index]);
    // An element without members of its own is a base class of its leaf.
    return { value: findMember(membersOf(leaf), '__value_') ? partOf(leaf, '__value_') : leaf };
  };
  return items(leaves.length, at, { counted: false, indexable: false });
};

/** A union in a union: the index says how deep the value lies. */
export const variant: Reader = (value, state) => {
  const index = numberIn(state, value, '__impl_', '__index');
  let part = partOf(value, '__impl_', '__data');
  let path = '.__impl_.__data';
  const size = membersOf(value).length === 0 ? 0 : index;
  if (index > MOST_ALTERNATIVES) return { kind: 'nothing', text: 'valueless' };
  for (let i = 0; i < size; i++) {
    part = partOf(part, '__tail');
    path += '.__tail';
  }
  return { kind: 'instead', value: partOf(part, '__head', '__value'), path: `${path}.__head.__value` };
};

/** The index of one without a value is the largest number of its type. */
const MOST_ALTERNATIVES = 200;

function isLeaf({ type }: Member): boolean {
  return /^__tuple_leaf</.test(asRecord(type)?.name ?? '');
}

function membersOf(value: Value): readonly Member[] {
  const record = asRecord(value.type);
  if (!record) throw new Unreadable('it is not made as expected');
  return record.members;
}
