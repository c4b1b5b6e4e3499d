/**
 * Values of Rust by what they are: the variant that an enumeration has, and what strings, slices and collections hold. They are
 * known by their names, and read by the names of their members; those of collections have changed with the library, so a
 * pointer is looked for below the names that it had.
 */
import type { MachineState } from '../../places/machine-state.ts';
import { asRecord, findMember, numberIn, objectOf, partOf } from '../members.ts';
import { bare, type RecordType, sizeOf, type Type, VOID } from '../types.ts';
import { memberOf, scalarOf, Unreadable, type Value } from '../values.ts';
import { type Content, type Item, items, type Reader, row, sizeIn } from './content.ts';
import { pointedAt, treeItems } from './rust-trees.ts';

/** An enumeration with values: the case that its discriminant names, or the one that all others are. */
export function caseOf(value: Value, { choice }: RecordType, state: MachineState): Content | undefined {
  if (!choice) return undefined;
  const { discriminant, cases } = choice;
  const size = (discriminant && sizeOf(discriminant.type)) ?? 0;
  const number = discriminant && BigInt.asUintN(8 * size, BigInt(scalarOf(memberOf(value, discriminant), state)));
  const found =
    cases.find((one) => one.value !== undefined && BigInt.asUintN(8 * size, one.value) === number) ??
    cases.find((one) => one.value === undefined);
  const name = found?.member.name;
  if (!found || name === undefined) throw new Unreadable('it is damaged');
  if (asRecord(found.member.type)?.members.length === 0) return { kind: 'nothing', text: name };
  return { kind: 'instead', value: memberOf(value, found.member), path: `.${name}`, label: name };
}

/** The address below the first of these names that there is, and so on. */
function pointerIn(value: Value, state: MachineState, names: readonly string[]): number {
  let part = value;
  for (let depth = 0; depth < 10 && bare(part.type).kind !== 'pointer'; depth++) {
    const members = asRecord(part.type)?.members ?? [];
    const name = names.find((wanted) => findMember(members, wanted));
    if (name === undefined) throw new Unreadable('it is not made as expected');
    part = partOf(part, name);
  }
  return Number(scalarOf(part, state));
}

/** The number below the names that there are. */
function numberBelow(value: Value, state: MachineState, names: readonly string[]): number {
  let part = value;
  for (const name of names) if (findMember(asRecord(part.type)?.members ?? [], name)) part = partOf(part, name);
  return Number(scalarOf(part, state));
}

const spelling = ({ type }: Value) => asRecord(type)?.spelled ?? '';

const BUFFER = ['buf', 'inner', 'ptr', 'pointer'];
const BYTE: Type = { kind: 'integer', name: 'u8', size: 1, signed: false, character: true };

function text(address: number, count: number, state: MachineState): Content {
  row(BYTE, address, count, state);
  return { kind: 'text', count, character: BYTE, address };
}

function elementOf(value: Value): Type {
  const [element] = asRecord(value.type)?.parameters ?? [];
  if (!element) throw new Unreadable('it is not made as expected');
  return element;
}

/** An empty one has an address that nothing is at. */
const rowOf = (element: Type, address: number, count: number, state: MachineState) =>
  row(element, count === 0 ? 0 : address, count, state);

const vector: Reader = (value, state) =>
  rowOf(elementOf(value), pointerIn(value, state, BUFFER), numberIn(state, value, 'len'), state);

const string: Reader = (value, state) => {
  const bytes = partOf(value, 'vec');
  return text(pointerIn(bytes, state, BUFFER), numberIn(state, bytes, 'len'), state);
};

/** A reference, or a box, with a length. */
const slice: Reader = (value, state) => {
  const pointer = bare(partOf(value, 'data_ptr').type);
  if (pointer.kind !== 'pointer') throw new Unreadable('it is not made as expected');
  const address = numberIn(state, value, 'data_ptr');
  const count = numberIn(state, value, 'length');
  const isText = /\bstr\b/.test(asRecord(value.type)?.name ?? '');
  return isText ? text(address, count, state) : rowOf(pointer.to, address, count, state);
};

/** Entries lie before a row of bytes, one for each, whose highest bit says that there is none. */
function table(raw: Value, state: MachineState, item: (entry: Value) => Item): Content {
  const [entry] = asRecord(raw.type)?.parameters ?? [];
  if (!entry) throw new Unreadable('it is not made as expected');
  const inner = findMember(asRecord(raw.type)?.members ?? [], 'table') ? partOf(raw, 'table') : raw;
  const control = pointerIn(inner, state, ['ctrl', 'pointer']);
  const count = numberIn(state, inner, 'items');
  const states = state.memory(control, numberIn(state, inner, 'bucket_mask') + 1);
  const full = [...states.keys()].filter((i) => states[i] < 128);
  if (count !== (count === 0 ? 0 : full.length)) throw new Unreadable('it is damaged');
  const size = sizeIn(entry);
  return items(count, (index) => item(objectOf(entry, control - (full[index] + 1) * size)), { indexable: false });
}

const hashMap: Reader = (value, state) =>
  table(partOf(value, 'base', 'table'), state, (entry) => ({ key: partOf(entry, '__0'), value: partOf(entry, '__1') }));

const hashSet: Reader = (value, state) =>
  table(partOf(value, 'base', 'map', 'table'), state, (entry) => ({ value: partOf(entry, '__0') }));

/** A ring; the versions before 1.67 have two places in it, and as many places as a power of two. */
const deque: Reader = (value, state) => {
  const element = elementOf(value);
  const address = pointerIn(partOf(value, 'buf'), state, BUFFER);
  const room = numberBelow(partOf(value, 'buf'), state, ['inner', 'cap', '__0']);
  const isOld = findMember(asRecord(value.type)?.members ?? [], 'tail') !== undefined;
  const first = numberIn(state, value, isOld ? 'tail' : 'head');
  const count = isOld ? (numberIn(state, value, 'head') - first) & (room - 1) : numberIn(state, value, 'len');
  const size = sizeIn(element);
  if (count > room) throw new Unreadable('it is damaged');
  const at = (index: number) => objectOf(element, address + ((first + index) % room) * size);
  return items(count, (index) => ({ value: at(index) }), { indexable: false });
};

const treeMap: Reader = (value, state) => treeItems(value, state, false);
const treeSet: Reader = (value, state) => treeItems(partOf(value, 'map'), state, true);

const counted: Reader = (value, state) => ({
  kind: 'instead',
  value: partOf(
    pointedAt(partOf(value, 'ptr', 'pointer'), state),
    /^alloc::rc/.test(spelling(value)) ? 'value' : 'data',
  ),
  path: `.ptr.pointer->${/^alloc::rc/.test(spelling(value)) ? 'value' : 'data'}`,
});

/** A cell: what is in it can be changed. */
const cell =
  (...path: string[]): Reader =>
  (value) => ({ kind: 'instead', value: partOf(value, ...path), path: path.map((name) => `.${name}`).join('') });

const tuple: Reader = (value) => {
  const members = asRecord(value.type)?.members ?? [];
  const at = (index: number) => ({ value: partOf(value, `__${index}`) });
  return items(members.length, at, { counted: false, indexable: false });
};

const READERS: readonly (readonly [name: RegExp, reader: Reader])[] = [
  [/^alloc::vec::Vec</, vector],
  [/^alloc::string::String$/, string],
  [/^&(mut )?(str$|\[)|^alloc::boxed::Box<(str|\[)/, slice],
  [/^std::collections::hash::map::HashMap</, hashMap],
  [/^std::collections::hash::set::HashSet</, hashSet],
  [/^alloc::collections::vec_deque::VecDeque</, deque],
  [/^alloc::collections::btree::map::BTreeMap</, treeMap],
  [/^alloc::collections::btree::set::BTreeSet</, treeSet],
  [/^alloc::(rc::Rc|sync::Arc)<(?!str\b|\[|dyn )/, counted],
  [/^core::cell::Cell</, cell('value', 'value')],
  [/^core::cell::RefCell</, cell('value', 'value')],
  [/^std::sync::(\w+::)*Mutex</, cell('data', 'value')],
  [/^\(.+\)$/, tuple],
];

/** What reads a type of Rust's library. */
export function rustReader({ spelled = '' }: RecordType): Reader | undefined {
  return READERS.find(([name]) => name.test(spelled))?.[1];
}

/** The type of the elements that can be reached by `[]`; undefined for what is no such thing. */
export function rustElement(record: RecordType): Type | undefined {
  const reader = rustReader(record);
  if (reader === vector) return record.parameters?.[0];
  if (reader === string) return BYTE;
  const pointer = reader === slice ? bare(findMember(record.members, 'data_ptr')?.type ?? VOID) : undefined;
  return pointer?.kind === 'pointer' ? pointer.to : undefined;
}
