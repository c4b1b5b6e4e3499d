/**
 * Values as text and as trees, for a Variables view: a one-line summary, and children by name or by index.
 *
 * Nothing is read that is not shown: the summary of a large array looks at its first elements, children come in
 * pages.
 */
import type { MachineState } from '../places/machine-state.ts';
import { bitsText, type DisplayFormat, integerText } from './integer-text.ts';
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
export interface Description {
  /** One line. Where the value cannot be read, why, in angle brackets: `<optimised out>`. */
  text: string;
  typeName: string;
  /** Children by name (members) and by index (elements); both 0 for a scalar. */
  named: number;
  indexed: number;
  /** Where the value is in linear memory, for a memory view: of a pointer, what it points to. */
  memoryAddress: number | undefined;
  /** For a pointer to a function, the entry of the function table that it is. */
  tableIndex: number | undefined;
}

/** A child of a value; `evaluateName` is the C expression for it when its parent had one. */
export interface Child {
  name: string;
  value: Value;
  evaluateName: string | undefined;
}

const SUMMARY_LIMIT = 120;
const TEXT_LIMIT = 200;

/** Describes a value. Never throws on a value that cannot be read: its text says why. */
export function describe(value: Value, state: MachineState, options: FormatOptions = {}): Description {
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
  return { text, typeName: spellType(value.type), ...shape, memoryAddress, tableIndex };
}

/** The one-line summary alone. */
export function formatValue(value: Value, state: MachineState, options: FormatOptions = {}): string {
  const writer: Writer = { state, options, left: options.limit ?? SUMMARY_LIMIT };
  return write(value, writer, 0);
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

function writeReadable(value: Value, writer: Writer, depth: number): string {
  const type = bare(value.type);
  if (value.place.kind === 'gone') throw new Unreadable(value.place.reason);
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
  return format === 's' ? character.size === 1 : format === undefined && character.name === 'char';
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
  return writeList(writer, depth, type.members.length, (index) => {
    const member = type.members[index];
    writer.left -= member.name === undefined ? 0 : member.name.length + 3;
    const text = write(memberOf(value, member), writer, depth + 1);
    return member.name === undefined ? text : `${member.name} = ${text}`;
  });
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

/** Elements of an array. One without a length, a struct's last member, has as many as fit its block of the heap. */
function lengthOf({ place }: Value, { count, countAt, element }: ArrayType, state: MachineState): number | undefined {
  if (count !== undefined || countAt || place.kind !== 'memory') return count;
  const bytes = state.extent?.(place.address);
  const size = sizeOf(element);
  return bytes === undefined || !size ? undefined : Math.floor(bytes / size);
}

/** 0 where the pointer itself cannot be read. */
function readPointer(value: Value, state: MachineState): number {
  try {
    return Number(scalarOf(value, state));
  } catch (error) {
    if (error instanceof Unreadable) return 0;
    throw error;
  }
}

function childCounts(value: Value, state: MachineState): { named: number; indexed: number } {
  const none = { named: 0, indexed: 0 };
  if (value.place.kind === 'gone') return none;
  const type = bare(value.type);
  if (type.kind === 'array') {
    return { named: 0, indexed: sizeOf(type.element) === undefined ? 0 : (lengthOf(value, type, state) ?? 0) };
  }
  if (type.kind === 'struct' || type.kind === 'union') return { named: type.members.length, indexed: 0 };
  if (type.kind !== 'pointer' || readPointer(value, state) === 0) return none;
  const target = bare(type.to);
  if (target.kind === 'struct' || target.kind === 'union') return { named: target.members.length, indexed: 0 };
  return { named: sizeOf(target) === undefined ? 0 : 1, indexed: 0 };
}

/**
 * Children `start` to `start + count` of a value: members of a struct or union (through a pointer too), elements of an
 * array, or what a pointer points to. `evaluateName` is the C expression of the value itself, when there is one.
 */
export function childrenOf(
  value: Value,
  state: MachineState,
  evaluateName?: string,
  start = 0,
  count = Number.POSITIVE_INFINITY,
): Child[] {
  const { named, indexed } = childCounts(value, state);
  const end = Math.min(start + count, named + indexed);
  const children: Child[] = [];
  let type = bare(value.type);
  const operand = evaluateName === undefined || /^[\w.[\]>-]+$/.test(evaluateName) ? evaluateName : `(${evaluateName})`;
  const reach = (suffix: string): string | undefined => (operand === undefined ? undefined : operand + suffix);
  let whole = value;
  let access = '.';
  if (type.kind === 'pointer' && named > 0) {
    whole = { type: type.to, place: { kind: 'memory', address: readPointer(value, state) } };
    access = '->';
    type = bare(type.to);
    if (type.kind !== 'struct' && type.kind !== 'union') {
      const name = operand === undefined ? undefined : `*${operand}`;
      return start === 0 && end > 0 ? [{ name: name ?? '*', value: whole, evaluateName: name }] : [];
    }
  }
  for (let index = start; index < end; index++) {
    if (type.kind === 'array') {
      children.push({
        name: `[${index}]`,
        value: elementOf(value, type.element, index),
        evaluateName: reach(`[${index}]`),
      });
    } else if (type.kind === 'struct' || type.kind === 'union') {
      const member = type.members[index];
      // An anonymous struct has no name of its own in C; its members are reached through the record around it.
      const name = member.name ?? `(${spellType(member.type)})`;
      const around = access === '.' || operand === undefined ? evaluateName : `*${operand}`;
      const path = member.name === undefined ? around : reach(`${access}${member.name}`);
      children.push({ name, value: memberOf(whole, member), evaluateName: path });
    }
  }
  return children;
}
