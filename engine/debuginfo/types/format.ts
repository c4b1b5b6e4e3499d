/**
 * Values as text and as trees, for a Variables view: a one-line summary, and children by name or by index.
 *
 * Nothing is read that is not shown: the summary of a large array looks at its first elements, children come in
 * pages.
 */
import type { MachineState } from '../places/machine-state.ts';
import { contentOf } from './containers/containers.ts';
import type { Content, Instead, Items, Text } from './containers/content.ts';
import { bitsText, type DisplayFormat, integerText } from './integer-text.ts';
import { asRecord } from './members.ts';
import { childCounts, lengthOf, readPointer, referred, type Shape } from './shape.ts';
import {
  type ArrayType,
  type BooleanType,
  bare,
  type EnumType,
  type FloatType,
  type IntegerType,
  type PointerType,
  type RecordType,
  sizeOf,
  spellType,
  type Type,
} from './types.ts';
import {
  bytesAt,
  bytesOf,
  elementOf,
  hex,
  integerFrom,
  memberOf,
  outsideMemory,
  quote,
  scalarOf,
  textAt,
  Unreadable,
  type Value,
} from './values.ts';

/** What formatting needs beyond the state. */
export interface FormatOptions {
  /** Name of the function in an entry of the function table. */
  functionInTable?: (index: number) => string | undefined;
  /** Longest summary in characters; what does not fit becomes `...`. */
  limit?: number;
  /** Longest text of a `char *` or `char` array in bytes. */
  textLimit?: number;
  /** Integers in hexadecimal (the `hex` of DAP's ValueFormat). */
  hex?: boolean;
  /** How everything in the value is shown that is a number, a character or text; goes before `hex`. */
  format?: DisplayFormat | undefined;
}

/** A value as a Variables view shows it. */
export interface Description extends Shape {
  /** One line. Where the value cannot be read, why, in angle brackets: `<optimised out>`. */
  text: string;
  typeName: string;
  /** Where the value is in linear memory, for a memory view: of a pointer, what it points to. */
  memoryAddress: number | undefined;
  /** For a pointer to a function, the entry of the function table that it is. */
  tableIndex: number | undefined;
}

const SUMMARY_LIMIT = 120;
const TEXT_LIMIT = 200;

/** Describes a value. Never throws on a value that cannot be read: its text says why. */
export function describe(value: Value, state: MachineState, options: FormatOptions = {}): Description {
  const typeName = spellType(value.type);
  const object = referred(value, state);
  return { ...describeObject(object, state, options), typeName };
}

function describeObject(value: Value, state: MachineState, options: FormatOptions): Omit<Description, 'typeName'> {
  const content = contentOf(value, state);
  if (content?.kind === 'instead' && content.label === undefined) {
    const { named, indexed } = childCounts(value, state);
    return { ...describeObject(content.value, state, options), named, indexed };
  }
  const type = bare(value.type);
  const shape = childCounts(value, state);
  let memoryAddress = value.place.kind === 'memory' ? value.place.address : undefined;
  let tableIndex: number | undefined;
  if (type.kind === 'pointer') {
    const target = readPointer(value, state) || undefined;
    if (bare(type.to).kind === 'function') tableIndex = target;
    else memoryAddress = target;
  }
  const text = formatValue(value, state, options);
  return { text, ...shape, memoryAddress, tableIndex };
}

/** The one-line summary alone. */
export function formatValue(value: Value, state: MachineState, options: FormatOptions = {}): string {
  const writer: Writer = { state, options, left: options.limit ?? SUMMARY_LIMIT };
  return write(value, writer, 0);
}

/** The same of a part of something: without what is said of the whole alone. */
export function formatPart(value: Value, state: MachineState): string {
  return write(value, { state, options: {}, left: SUMMARY_LIMIT }, 1);
}

interface Writer {
  state: MachineState;
  options: FormatOptions;
  /** Characters left before aggregates are cut. */
  left: number;
}

const DEPTH_LIMIT = 8;

function write(value: Value, writer: Writer, depth: number): string {
  try {
    const text = writeReadable(value, writer, depth);
    // The parts of a list have been counted already.
    if (!text.startsWith('{')) writer.left -= text.length;
    return text;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return `<${error.message}>`;
  }
}

function writeReadable(given: Value, writer: Writer, depth: number): string {
  if (given.place.kind === 'gone') throw new Unreadable(given.place.reason);
  const value = referred(given, writer.state);
  const type = bare(value.type);
  switch (type.kind) {
    case 'integer':
    case 'boolean':
    case 'enum':
      return writeInteger(value, type, writer, depth);
    case 'float':
      return writeFloat(value, type, writer);
    case 'pointer':
      return writePointer(value, type, writer, depth);
    case 'array':
      return writeArray(value, type, writer, depth);
    case 'struct':
    case 'union':
      return writeRecord(value, type, writer, depth);
    case 'function':
      return value.place.kind === 'memory' ? hex(value.place.address) : 'function';
    case 'void':
      return 'void';
    case 'unknown':
      return writeUnknown(value, type.size, writer.state);
  }
}

function writeInteger(
  value: Value,
  type: IntegerType | BooleanType | EnumType,
  { state, options }: Writer,
  depth: number,
): string {
  const raw = scalarOf(value, state) as bigint;
  const { format } = options;
  const inFormat = format && bitsText(raw, type.size, format);
  return inFormat ?? integerText(raw, type, options.hex, depth > 0);
}

/** A format that is none of floats shows their bits. */
function writeFloat(value: Value, type: FloatType, { state, options: { format } }: Writer): string {
  const isBits = format === 'x' || format === 'o' || format === 'b';
  const bits = isBits ? bitsText(integerFrom(bytesOf(value, state), false), type.size, format) : undefined;
  return bits ?? formatFloat(scalarOf(value, state) as number, type.size);
}

/** The shortest decimal that reads back as the same float of that size. */
function formatFloat(value: number, size: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  if (size !== 4) return value.toString();
  for (let digits = 1; digits < 10; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return text.toString();
  }
  return value.toString();
}

/** Whether objects of the type in a row are shown as text: `char`, and with format `s` all characters. */
function isText(element: Type, format: DisplayFormat | undefined): boolean {
  const character = bare(element);
  if (character.kind !== 'integer') return false;
  return character.size === 1 && (format === 's' || (format === undefined && character.name === 'char'));
}

function writePointer(value: Value, type: PointerType, writer: Writer, depth: number): string {
  const address = Number(scalarOf(value, writer.state));
  const { format } = writer.options;
  const text = (format && bitsText(BigInt(address), type.size, format)) ?? hex(address);
  const target = bare(type.to);
  if (target.kind === 'function') {
    const name = writer.options.functionInTable?.(address);
    return name === undefined ? text : `${text} <${name}>`;
  }
  if (address === 0) return text;
  if (!isText(target, format)) return depth > 0 ? text : `${text}${writeTarget(type.to, address, writer)}`;
  const limit = depth > 0 ? 32 : (writer.options.textLimit ?? TEXT_LIMIT);
  const found = textAt(address, limit, writer.state);
  if (found.outside) return `${text} <${found.text === '""' ? outsideMemory(address) : 'text without an end'}>`;
  return `${text} ${found.text}${found.complete ? '' : '...'}`;
}

/** What a pointer points to, behind an arrow; nothing for what has no size. */
function writeTarget(type: Type, address: number, writer: Writer): string {
  if (sizeOf(type) === undefined) return '';
  const target = write({ type, place: { kind: 'memory', address } }, writer, 1);
  return target.startsWith('<') ? ` ${target}` : ` → ${target}`;
}

function writeArray(value: Value, type: ArrayType, writer: Writer, depth: number): string {
  const size = sizeOf(type.element);
  if (size === undefined) throw new Unreadable('its elements have no size');
  const count = lengthOf(value, type, writer.state);
  if (count === undefined) return type.countAt ? '<length not known>' : '{...}';
  if (isText(type.element, writer.options.format) && count > 0) {
    const limit = Math.min(count, depth > 0 ? 32 : (writer.options.textLimit ?? TEXT_LIMIT));
    const bytes = bytesAt(value.place, 0, limit, writer.state);
    const zero = bytes.indexOf(0);
    return quote(bytes.subarray(0, zero < 0 ? limit : zero)) + (zero < 0 && limit < count ? '...' : '');
  }
  if (depth >= DEPTH_LIMIT) return '{...}';
  return writeList(writer, depth, count, (index) => write(elementOf(value, type.element, index), writer, depth + 1));
}

function writeRecord(value: Value, type: RecordType, writer: Writer, depth: number): string {
  if (!type.complete) return '<incomplete type>';
  if (depth >= DEPTH_LIMIT) return '{...}';
  const content = contentOf(value, writer.state);
  if (content) return writeContent(content, writer, depth);
  return writeList(writer, depth, type.members.length, (index) => {
    const member = type.members[index];
    writer.left -= member.name === undefined ? 0 : member.name.length + 3;
    const text = write(memberOf(value, member, writer.state), writer, depth + 1);
    return member.name === undefined ? text : `${member.name} = ${text}`;
  });
}

function writeContent(content: Content, writer: Writer, depth: number): string {
  switch (content.kind) {
    case 'nothing':
      return content.text;
    case 'instead':
      return writeInstead(content, writer, depth);
    case 'text':
      return writeText(content, writer, depth);
    case 'items':
      return writeItems(content, writer, depth);
  }
}

/** With a label as Rust writes it: `Some(4)`, `Rect {w = 2}`. */
function writeInstead({ label, value }: Instead, writer: Writer, depth: number): string {
  if (label === undefined) return write(value, writer, depth);
  writer.left -= label.length;
  const members = asRecord(value.type)?.members ?? [];
  if (!members.every(({ name }) => /^__\d+$/.test(name ?? ''))) return `${label} ${write(value, writer, depth)}`;
  const list = writeList(writer, depth, members.length, (i) =>
    write(memberOf(value, members[i], writer.state), writer, depth + 1),
  );
  return `${label}(${list.slice(1, -1)})`;
}

/** How many there are stands in front, where it is not part of the type. */
function writeItems({ count, counted, slice }: Items, writer: Writer, depth: number): string {
  // More than these fit no summary.
  const shown = slice(0, Math.min(count, writer.left));
  const list = writeList(writer, depth, count, (index) => {
    const { key, value } = shown[index];
    const text = write(value, writer, depth + 1);
    return key === undefined ? text : `[${write(key, writer, depth + 1)}] = ${text}`;
  });
  return counted && depth === 0 ? `size=${count} ${list}` : list;
}

/** Bytes are what C would show; wider characters are text by themselves. */
function writeText({ count, character, address }: Text, writer: Writer, depth: number): string {
  const size = sizeOf(character) ?? 1;
  const shown = Math.min(count, depth > 0 ? 32 : (writer.options.textLimit ?? TEXT_LIMIT));
  const bytes = bytesAt({ kind: 'memory', address }, 0, shown * size, writer.state);
  const more = shown < count ? '...' : '';
  if (size === 1) return quote(bytes) + more;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const codes = Array.from({ length: shown }, (_, i) =>
    size === 2 ? view.getUint16(2 * i, true) : view.getUint32(4 * i, true),
  );
  const text = codes.map((code) => (code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code))).join('');
  return quote(new TextEncoder().encode(text)) + more;
}

function writeList(writer: Writer, depth: number, count: number, item: (index: number) => string): string {
  const parts: string[] = [];
  for (let index = 0; index < count; index++) {
    if (writer.left <= 0 || (depth > 0 && index > 0 && writer.left < 8)) {
      parts.push('...');
      break;
    }
    parts.push(item(index));
    writer.left -= 2;
  }
  return `{${parts.join(', ')}}`;
}

function writeUnknown(value: Value, size: number | undefined, state: MachineState): string {
  if (size === undefined || size === 0) return '<of a type that is not read>';
  const shown = bytesAt(value.place, 0, Math.min(size, 16), state);
  const bytes = Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return `<${bytes}${size > 16 ? ' ...' : ''}>`;
}
