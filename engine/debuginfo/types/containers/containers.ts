/**
 * Containers by what they hold: C++'s, and Rust's (rust.ts). They are known by their names, and read by the names of their members, which are
 * libc++'s; of one that is made otherwise, or damaged, there is nothing to say but its members.
 */
import type { MachineState } from '../../places/machine-state.ts';
import { asRecord } from '../members.ts';
import { type RecordType, sizeOf, type Type } from '../types.ts';
import { Unreadable, type Value } from '../values.ts';
import type { Content, Reader } from './content.ts';
import { adapter, atomic, dequeIterator, iterator, optional, pointer, reference, tuple, variant } from './holders.ts';
import { hashIterator, iteratedType, listIterator, treeIterator, wrappedIterator } from './iterators.ts';
import { forwardList, hashTable, list, tree } from './nodes.ts';
import { array, bits, bitset, deque, initializerList, span, text, textView, vector } from './rows.ts';
import { caseOf, rustElement, rustReader } from './rust.ts';

const READERS: Readonly<Record<string, Reader>> = {
  vector,
  array,
  deque,
  span,
  initializer_list: initializerList,
  basic_string: text,
  basic_string_view: textView,
  list,
  forward_list: forwardList,
  set: tree('none'),
  multiset: tree('none'),
  map: tree('unique'),
  multimap: tree('shared'),
  unordered_set: hashTable('none'),
  unordered_multiset: hashTable('none'),
  unordered_map: hashTable('unique'),
  unordered_multimap: hashTable('shared'),
  stack: adapter,
  queue: adapter,
  priority_queue: adapter,
  unique_ptr: pointer,
  shared_ptr: pointer,
  weak_ptr: pointer,
  __wrap_iter: iterator,
  __deque_iterator: dequeIterator,
  __tree_iterator: treeIterator,
  __tree_const_iterator: treeIterator,
  __map_iterator: wrappedIterator(treeIterator),
  __map_const_iterator: wrappedIterator(treeIterator),
  __hash_iterator: hashIterator,
  __hash_const_iterator: hashIterator,
  __hash_map_iterator: wrappedIterator(hashIterator),
  __hash_map_const_iterator: wrappedIterator(hashIterator),
  __list_iterator: listIterator,
  __list_const_iterator: listIterator,
  bitset,
  reference_wrapper: reference,
  atomic,
  optional,
  tuple,
  variant,
};

/** The name of the template of C++'s library that a type is made from. */
function templateOf(type: Type): string | undefined {
  const record = asRecord(type);
  return record?.spelled?.startsWith('std::') ? /^(\w+)</.exec(record.name ?? '')?.[1] : undefined;
}

function readerOf(record: RecordType): Reader | undefined {
  const name = templateOf(record);
  if (name === undefined || !Object.hasOwn(READERS, name)) return rustReader(record);
  return record.name?.startsWith('vector<bool,') ? bits : READERS[name];
}

/** What a value holds if it is a container; undefined for all others. */
export function contentOf(value: Value, state: MachineState): Content | undefined {
  if (value.raw || value.place.kind === 'gone') return undefined;
  const record = asRecord(value.type);
  const reader = record && readerOf(record);
  if (!record || (!reader && !record.choice)) return undefined;
  try {
    return reader ? reader(value, state) : caseOf(value, record, state);
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** The types of the keys and elements that can be reached by `[]`; undefined for what is no such container. */
export function elementTypes(type: Type): { key: Type | undefined; element: Type } | undefined {
  const record = asRecord(type);
  const inRust = record && rustElement(record);
  if (inRust) return { key: undefined, element: inRust };
  const name = templateOf(type);
  const [first, second] = record?.parameters ?? [];
  if (name === undefined || !first || record?.name?.startsWith('vector<bool,')) return undefined;
  if (KEYED.has(name)) return second && { key: first, element: second };
  return ROWS.has(name) ? { key: undefined, element: first } : undefined;
}

/** Whether a type is a string of bytes of C++'s library, or a view of one. */
export function isText(type: Type): boolean {
  const [character] = asRecord(type)?.parameters ?? [];
  return /^basic_string(_view)?$/.test(templateOf(type) ?? '') && character !== undefined && sizeOf(character) === 1;
}

/** The member that stands for the object in expressions: `*p` and `p->x` of a smart pointer. */
export function standIn(type: Type): string | undefined {
  const name = templateOf(type);
  return name === undefined || !Object.hasOwn(STAND_INS, name) ? undefined : STAND_INS[name];
}

/** The type of the object that stands in one: the value of an optional, what an iterator stands at. */
export function heldType(type: Type): Type | undefined {
  const name = templateOf(type);
  if (name === undefined) return undefined;
  return name === 'optional' ? asRecord(type)?.parameters?.[0] : iteratedType(name, type);
}

/** What functions of C++'s library, which may not be in the program, would say of one. */
export type Question = 'size' | 'empty' | 'has_value' | 'first' | 'last' | 'at' | 'value' | 'pointer';

/** The question that a function of a class of the library asks. */
export function questionOf(type: Type, method: string): Question | undefined {
  const template = templateOf(type);
  if (template === undefined || !Object.hasOwn(READERS, template)) return undefined;
  const asked = Object.hasOwn(QUESTIONS, method) ? QUESTIONS[method] : undefined;
  return asked?.templates.test(template) ? asked.question(template) : undefined;
}

const SIZED =
  /^(vector|array|deque|span|initializer_list|basic_string(_view)?|list|(unordered_)?(multi)?(set|map)|stack|(priority_)?queue|bitset)$/;
const ENDED = /^(vector|array|deque|span|basic_string(_view)?|list|forward_list|queue)$/;

const QUESTIONS: Readonly<Record<string, { templates: RegExp; question(template: string): Question }>> = {
  size: { templates: SIZED, question: () => 'size' },
  length: { templates: /^basic_string(_view)?$/, question: () => 'size' },
  empty: { templates: /^(?!initializer_list|bitset)/, question: () => 'empty' },
  front: { templates: ENDED, question: () => 'first' },
  back: { templates: ENDED, question: () => 'last' },
  top: { templates: /^(stack|priority_queue)$/, question: (template) => (template === 'stack' ? 'last' : 'first') },
  at: { templates: /^(vector|array|deque|basic_string(_view)?|(unordered_)?map)$/, question: () => 'at' },
  has_value: { templates: /^optional$/, question: () => 'has_value' },
  value: { templates: /^optional$/, question: () => 'value' },
  get: { templates: /^(unique|shared)_ptr$/, question: () => 'pointer' },
};

/** The type of the elements that lie at its ends. */
export function endType(type: Type): Type | undefined {
  const record = asRecord(type);
  return record?.name?.startsWith('vector<bool,') ? undefined : record?.parameters?.[0];
}

const KEYED = new Set(['map', 'unordered_map']);
const ROWS = new Set(
  'vector array deque span initializer_list basic_string basic_string_view list forward_list set multiset unordered_set unordered_multiset'.split(
    ' ',
  ),
);
const STAND_INS: Readonly<Record<string, string>> = {
  unique_ptr: '__ptr_',
  shared_ptr: '__ptr_',
  weak_ptr: '__ptr_',
  __wrap_iter: '__i_',
  __deque_iterator: '__ptr_',
};
