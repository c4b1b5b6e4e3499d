/**
 * Scripts of the specification (`.wast`) as a list of commands: modules, calls, and what is claimed of them.
 * The forms are those of the reference interpreter's README; the older ones of version 1.0 are read too.
 */
import { PlacedError } from '../errors.ts';
import type { NumberType, ReferenceType } from '../isa/program.ts';
import { Lines } from '../wat/lines.ts';
import { identifierOf } from '../wat/plain-text.ts';
import { type Expression, type List, parseExpressions, type Word } from '../wat/s-expression.ts';
import { extensionOf } from './features.ts';
import { parseInteger, parseValue, type Value } from './numbers.ts';

/** A module as a script gives it: text, which begins in a line of the script, text in quotes, or bytes. */
export type Source =
  | { readonly kind: 'text'; readonly text: string; readonly line: number }
  /** Its bytes may be no text. */
  | { readonly kind: 'quote'; readonly text: string | undefined }
  | { readonly kind: 'binary'; readonly bytes: Uint8Array };

/** Something that is done to a module; without a name to the last one. */
export interface Action {
  readonly kind: 'invoke' | 'get';
  readonly module: string | undefined;
  readonly name: string;
  readonly args: readonly Value[];
}

export interface NaNPattern {
  readonly kind: 'canonical' | 'arithmetic';
  readonly type: NumberType | undefined;
}

/** A lane of so many bits. */
export interface LaneValue {
  readonly kind: 'value';
  readonly value: Value;
  readonly width: number;
}

type Lane = LaneValue | NaNPattern;

interface Halves {
  readonly kind: 'lanes';
  readonly lanes: readonly Lane[];
}

/** What a result has to be. A NaN of no type is one of any float type. */
export type Pattern =
  | { readonly kind: 'value'; readonly value: Value }
  | NaNPattern
  /** Half a vector, from the lowest lane on: an i64. */
  | Halves
  /** A reference of any type, to nothing or to something. */
  | { readonly kind: 'reference'; readonly type: ReferenceType | 'exnref' | undefined; readonly isNull: boolean }
  /** Alternatives of one value, or of a vector's two halves. */
  | { readonly kind: 'either'; readonly alternatives: readonly (readonly Pattern[])[] };

export type Form =
  | { readonly kind: 'module'; readonly name: string | undefined; readonly source: Source }
  | { readonly kind: 'definition'; readonly name: string | undefined; readonly source: Source }
  | { readonly kind: 'instance'; readonly name: string | undefined; readonly of: string | undefined }
  | { readonly kind: 'register'; readonly as: string; readonly module: string | undefined }
  | { readonly kind: 'action'; readonly action: Action }
  | { readonly kind: 'return'; readonly action: Action; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'trap'; readonly what: Action | Source; readonly reason: string | undefined }
  | { readonly kind: 'exhaustion'; readonly action: Action; readonly reason: string | undefined }
  | {
      readonly kind: 'invalid' | 'malformed' | 'unlinkable';
      readonly source: Source;
      readonly reason: string | undefined;
    }
  /** What this machine cannot have or what is not read here, and why. */
  | { readonly kind: 'unsupported'; readonly reason: string };

/** A form and the line it begins in. */
export type Command = Form & { readonly line: number };

/** What the machine has no values of, and forms of later versions or other tools. */
class Unsupported extends Error {}

/**
 * Reads a script. A command in an unknown form is `unsupported`: the others can be run all the same.
 * @throws PlacedError with line and column where parentheses do not match, or something stands outside of them
 */
export function parseScript(text: string, file: string): Command[] {
  return new ScriptReader(text, file).read();
}

/** Fields that can stand in a file by themselves, which then is one module. */
const FIELDS = 'type rec import func table memory global export start elem data tag'.split(' ');

class ScriptReader {
  private readonly text: string;
  private readonly file: string;

  constructor(text: string, file: string) {
    this.text = text;
    this.file = file;
  }

  read(): Command[] {
    const { text, file } = this;
    const commands: Command[] = [];
    const expressions = parseExpressions(text, file);
    for (let i = 0; i < expressions.length; i++) {
      const first = expressions[i];
      const start = i;
      while (i < expressions.length && FIELDS.includes(head(expressions[i]) ?? '')) i++;
      if (i > start) {
        const source: Source = { kind: 'text', text: text.slice(first.start, expressions[--i].end), line: first.line };
        commands.push({ kind: 'module', name: undefined, source, line: first.line });
      } else if (first.kind === 'list') {
        commands.push({ ...this.command(first), line: first.line });
      } else {
        const what = 'a command in parentheses is expected here';
        throw new PlacedError(what, { file, ...new Lines(text).placeOf(first.start) });
      }
    }
    return commands;
  }

  private command(list: List): Form {
    const name = head(list) ?? '';
    try {
      return this.form(name, list);
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      return { kind: 'unsupported', reason: error.message };
    }
  }

  private form(name: string, list: List): Form {
    const { items } = list;
    // Other tools' scripts leave the reason out where any will do.
    const reason = () => (items.length > 2 ? this.string(items[2], list) : undefined);
    switch (name) {
      case 'module':
        return this.module(list);
      case 'register':
        return { kind: 'register', as: this.string(items[1], list), module: this.id(items[2]) };
      case 'invoke':
      case 'get':
        return { kind: 'action', action: this.action(list) };
      case 'assert_return':
        return {
          kind: 'return',
          action: this.action(items[1]),
          patterns: items.slice(2).flatMap((item) => this.patterns(item)),
        };
      case 'assert_return_canonical_nan':
      case 'assert_return_arithmetic_nan': {
        const kind = name.includes('canonical') ? 'canonical' : 'arithmetic';
        return { kind: 'return', action: this.action(items[1]), patterns: [{ kind, type: undefined }] };
      }
      case 'assert_trap': {
        const what = head(items[1]) === 'module' ? this.source(items[1]) : this.action(items[1]);
        return { kind: 'trap', what, reason: reason() };
      }
      case 'assert_exception':
        return { kind: 'trap', what: this.action(items[1]), reason: 'uncaught exception' };
      case 'assert_exhaustion':
        return { kind: 'exhaustion', action: this.action(items[1]), reason: reason() };
      case 'assert_invalid':
      case 'assert_malformed':
      case 'assert_unlinkable': {
        const kind = name.slice('assert_'.length) as 'invalid' | 'malformed' | 'unlinkable';
        return { kind, source: this.source(items[1]), reason: reason() };
      }
      case 'assert_uninstantiable':
        return { kind: 'trap', what: this.source(items[1]), reason: reason() };
      default:
        throw new Unsupported(`there is no ${name || 'such command'} here`);
    }
  }

  private module(list: List): Form {
    const way = list.items[1]?.kind === 'word' ? list.items[1].text : '';
    if (way === 'instance') return { kind: 'instance', name: this.id(list.items[2]), of: this.id(list.items[3]) };
    const kind = way === 'definition' ? 'definition' : 'module';
    return { kind, name: this.id(list.items[kind === 'definition' ? 2 : 1]), source: this.source(list) };
  }

  /** Of `(module definition? $name? binary|quote? ...)`. */
  private source(item: Expression | undefined): Source {
    const list = this.list(item);
    const words = list.items.filter((part): part is Word => part.kind === 'word').map(({ text }) => text);
    const way = words.find((word) => word === 'binary' || word === 'quote');
    if (way === undefined) {
      const text = this.text.slice(list.start, list.end).replace(/^\(\s*module\s+definition\b/, '(module');
      return { kind: 'text', text, line: list.line };
    }
    const bytes = joined(list.items.flatMap((part) => (part.kind === 'string' ? [part.bytes] : [])));
    return way === 'binary' ? { kind: 'binary', bytes } : { kind: 'quote', text: textOf(bytes) };
  }

  private action(item: Expression | undefined): Action {
    const list = this.list(item);
    const kind = head(list);
    if (kind !== 'invoke' && kind !== 'get') throw new Unsupported(`no action ${kind ?? ''}`);
    const module = this.id(list.items[1]);
    const rest = list.items.slice(module === undefined ? 1 : 2);
    const args = rest.slice(1).flatMap((arg) => this.values(arg));
    return { kind, module, name: this.string(rest[0], list), args };
  }

  /** A value, or the halves of a vector. */
  private values(item: Expression): Value[] {
    const list = this.list(item);
    if (head(list) !== 'v128.const') return [this.value(list)];
    return this.halves(list).map(({ lanes }) => joinedLanes(lanes.map((lane) => laneValue(lane, list))));
  }

  /** The halves of a constant, as patterns of their lanes. */
  private halves(list: List): Halves[] {
    const shape = this.word(list.items[1], list);
    const count = Number(/^(?:i8|i16|i32|i64|f32|f64)x(\d+)$/.exec(shape)?.[1] ?? 0);
    const words = list.items.slice(2).map((item) => this.word(item, list));
    if (count === 0 || words.length !== count) return unreadable(list, `${count} lanes of ${shape} are expected`);
    const lanes = words.map((text) => lanePattern(shape.slice(0, shape.indexOf('x')), text, list));
    return [lanes.slice(0, count / 2), lanes.slice(count / 2)].map((half) => ({ kind: 'lanes', lanes: half }));
  }

  private patterns(item: Expression): Pattern[] {
    const list = this.list(item);
    return head(list) === 'v128.const' ? this.halves(list) : [this.pattern(list)];
  }

  private value(item: Expression): Value {
    const list = this.list(item);
    const reference = referenceType(list);
    if (reference === 'exnref') return { type: 'i64', bits: 0n };
    if (reference) {
      const number = head(list) === 'ref.null' ? 'null' : this.word(list.items[1], list);
      return parseValue(reference, number) ?? unreadable(list, `${number} is no reference that a script can have`);
    }
    const type = constantType(list);
    const text = this.word(list.items[1], list);
    const value = parseValue(type, text);
    return value ?? unreadable(list, `${text} is no ${type}`);
  }

  private pattern(item: Expression): Pattern {
    const list = this.list(item);
    if (head(list) === 'either') {
      return { kind: 'either', alternatives: list.items.slice(1).map((part) => this.patterns(part)) };
    }
    const name = head(list) ?? '';
    if (name === 'ref.null') return { kind: 'reference', type: referenceType(list), isNull: true };
    const anyOf = list.items.length === 1 ? REFERENCES.get(name) : undefined;
    if (anyOf) return { kind: 'reference', type: anyOf, isNull: false };
    if (referenceType(list)) return { kind: 'value', value: this.value(item) };
    const type = constantType(list);
    const nan = /^nan:(canonical|arithmetic)$/.exec(this.word(list.items[1], list));
    return nan ? { kind: nan[1] as 'canonical', type } : { kind: 'value', value: this.value(item) };
  }

  private list(item: Expression | undefined): List {
    if (item?.kind !== 'list') throw new Unsupported('a list is expected');
    return item;
  }

  private word(item: Expression | undefined, list: List): string {
    return item?.kind === 'word' ? item.text : unreadable(list, 'a word is expected');
  }

  private string(item: Expression | undefined, list: List): string {
    if (item?.kind !== 'string') return unreadable(list, 'a string is expected');
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(item.bytes);
  }

  private id(item: Expression | undefined): string | undefined {
    return item?.kind === 'word' && item.text.startsWith('$') ? identifierOf(item.text) : undefined;
  }
}

/** @throws Unsupported saying where in the command */
function unreadable(list: List, what: string): never {
  throw new Unsupported(`${what} in (${head(list) ?? ''} ...) of line ${list.line}`);
}

function head(item: Expression | undefined): string | undefined {
  const first = item?.kind === 'list' ? item.items[0] : undefined;
  return first?.kind === 'word' ? first.text : undefined;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** How references are written besides `ref.null`. */
const REFERENCES: ReadonlyMap<string, ReferenceType | 'exnref'> = new Map([
  ['ref.func', 'funcref'],
  ['ref.extern', 'externref'],
  ['ref.host', 'externref'],
  ['ref.exn', 'exnref'],
]);

/** References to exceptions that are null: to the machine they are numbers of eight bytes. */
const NULL_EXCEPTIONS: readonly string[] = ['exn', 'noexn'];

/** Type of `(ref.null extern)`, `(ref.extern 1)`; undefined for what is no reference, or of no stated type. */
function referenceType(list: List): ReferenceType | 'exnref' | undefined {
  const name = head(list);
  const of = list.items[1];
  if (name === 'ref.extern') return 'externref';
  if (name !== 'ref.null' || of?.kind !== 'word') return undefined;
  if (NULL_EXCEPTIONS.includes(of.text)) return 'exnref';
  return of.text === 'func' ? 'funcref' : of.text === 'extern' ? 'externref' : undefined;
}

/** A lane of an integer type that no value has is as wide as its half has room. */
function lanePattern(type: string, text: string, list: List): Lane {
  const nan = /^nan:(canonical|arithmetic)$/.exec(text);
  if (nan) return { kind: nan[1] as 'canonical', type: type as NumberType };
  const bits = type.startsWith('f') ? undefined : BigInt(type.slice(1));
  const value = bits === undefined ? parseValue(type as NumberType, text) : parseInteger(bits, text);
  return value ? { kind: 'value', value, width: Number(type.slice(1)) } : unreadable(list, `${text} is no ${type}`);
}

function laneValue(lane: Lane, list: List): LaneValue {
  return lane.kind === 'value' ? lane : unreadable(list, 'a number is expected');
}

function joinedLanes(lanes: readonly LaneValue[]): Value {
  const bits = lanes.reduceRight((sum, { value, width }) => (sum << BigInt(width)) | value.bits, 0n);
  return { type: 'i64', bits };
}

/** `i32` of `(i32.const 1)`. @throws Unsupported for what is no number */
function constantType(list: List): NumberType {
  const match = /^(i32|i64|f32|f64)\.const$/.exec(head(list) ?? '');
  if (match) return match[1] as NumberType;
  const extension = extensionOf(`(${words(list)})`);
  const needs = extension === undefined ? '' : `: ${extension}, which is not supported`;
  throw new Unsupported(`there is no value (${words(list)}) here${needs}`);
}

function words({ items }: List): string {
  return items.map((item) => (item.kind === 'word' ? item.text : '...')).join(' ');
}
