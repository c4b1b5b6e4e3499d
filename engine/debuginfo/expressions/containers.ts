/**
 * Expressions over containers of C++'s library, without calling its operators: `v[2]`, `ages["bob"]`, and what smart
 * pointers and iterators point to.
 */
import { PlacedError } from '../../errors.ts';
import type { MachineState } from '../places/machine-state.ts';
import { INT, LONG, ULONG } from '../types/base-types.ts';
import { contentOf, elementTypes, endType, heldType, isText, type Question } from '../types/containers/containers.ts';
import type { Content } from '../types/containers/content.ts';
import { bare, spellType, type Type } from '../types/types.ts';
import { bytesAt, elementOf, scalarOf, type Value } from '../types/values.ts';
import { isArithmetic } from './arithmetic.ts';
import { type Code, numberAs, objectIn } from './code.ts';

/** `base[position]` of a container; undefined where the base is none. */
export function elementIn(base: Code, position: Code, column: number): Code | undefined {
  const types = elementTypes(base.type);
  const { place } = base;
  if (!types || !place) return undefined;
  const find = types.key ? byKey(types.key, position, column) : byIndex(position, column);
  const element = (state: MachineState) => find({ type: base.type, place: place(state) }, state).place;
  return objectIn(types.element, element, column, '[]');
}

/** The object that stands in an optional, or at an iterator; undefined for all others. */
export function heldIn({ type, place }: Code, column: number): Code | undefined {
  const held = heldType(type);
  if (!held || !place) return undefined;
  const object = (state: MachineState) => {
    const content = contentOf({ type, place: place(state) }, state);
    if (content?.kind === 'instead') return content.value.place;
    throw new PlacedError(content?.kind === 'nothing' ? `it is ${content.text}` : 'it is damaged', { column });
  };
  return objectIn(held, object, column, '*');
}

/** What a container says when it is asked; undefined where that has no type. @throws PlacedError where there is no answer */
export function answerOf(container: Code, asked: Question, column: number): Code | undefined {
  const { type, place } = container;
  if (!place) return undefined;
  const content = (state: MachineState): Content | undefined =>
    within(contentOf({ type, place: place(state) }, state), state);
  if (asked === 'value') return heldIn(container, column);
  if (asked === 'size' || asked === 'empty' || asked === 'has_value') {
    const number = (state: MachineState) => {
      const found = contentOf({ type, place: place(state) }, state);
      if (asked === 'has_value') return found?.kind === 'nothing' ? 0 : 1;
      const count = countOf(content(state), column);
      return asked === 'size' ? count : Number(count === 0);
    };
    return { type: asked === 'size' ? ULONG : INT, column, number };
  }
  const element = endType(type);
  if (!element || (asked !== 'first' && asked !== 'last')) return undefined;
  const object = (state: MachineState) => {
    const found = content(state);
    const count = countOf(found, column);
    if (count === 0) throw new PlacedError('it is empty', { column });
    const index = asked === 'first' ? 0 : count - 1;
    if (found?.kind === 'items') return found.slice(index, index + 1)[0].value.place;
    const { character, address } = found as Extract<Content, { kind: 'text' }>;
    return elementOf({ type: character, place: { kind: 'memory', address } }, character, index).place;
  };
  return objectIn(element, object, column, asked);
}

/** A stack or queue is what it is made of. */
function within(content: Content | undefined, state: MachineState): Content | undefined {
  return content?.kind === 'instead' ? contentOf(content.value, state) : content;
}

function countOf(content: Content | undefined, column: number): number {
  if (content?.kind === 'items' || content?.kind === 'text') return content.count;
  throw new PlacedError('it is damaged', { column });
}

/** Finds an element. @throws PlacedError where there is none */
type Finder = (container: Value, state: MachineState) => Value;

function byIndex(position: Code, column: number): Finder {
  const at = numberAs(position, LONG);
  return (container, state) => {
    const content = contentOf(container, state);
    const index = at(state);
    const count = content?.kind === 'items' || content?.kind === 'text' ? content.count : 0;
    if (index < 0 || index >= count) {
      throw new PlacedError(`there is no element ${index}: the size is ${count}`, { column });
    }
    if (content?.kind === 'text') {
      const { character, address } = content;
      return elementOf({ type: character, place: { kind: 'memory', address } }, character, index);
    }
    if (content?.kind === 'items') return content.slice(index, index + 1)[0].value;
    throw new PlacedError('it is damaged', { column });
  };
}

function byKey(type: Type, position: Code, column: number): Finder {
  const isKey = keyTest(type, position, column);
  return (container, state) => {
    const content = contentOf(container, state);
    const items = content?.kind === 'items' ? content.slice(0, content.count) : [];
    const same = isKey(state);
    const found = items.find(({ key }) => key && same(key));
    if (!found) throw new PlacedError('there is no such key', { column });
    return found.value;
  };
}

type KeyTest = (state: MachineState) => (key: Value) => boolean;

function keyTest(type: Type, position: Code, column: number): KeyTest {
  const text = textIn(position);
  const isNumber = isArithmetic(bare(type));
  if (text && isText(type)) {
    return (state) => {
      const wanted = text(state);
      return (key) => {
        const found = textOf(key, state);
        return found !== undefined && Buffer.compare(found, wanted) === 0;
      };
    };
  }
  const read = position.bigint ?? position.number;
  if (!read || !isNumber || !isArithmetic(bare(position.type))) {
    throw new PlacedError(`a key of type ${spellType(type)} cannot be looked for by ${spellType(position.type)}`, {
      column,
    });
  }
  return (state) => {
    const wanted = Number(read(state));
    return (key) => Number(scalarOf(key, state)) === wanted;
  };
}

/** The text that an expression stands for: a literal, or a string of C++; undefined for others. */
export function textIn({ type, literal, place }: Code): ((state: MachineState) => Uint8Array) | undefined {
  if (literal) return () => literal;
  if (!place || !isText(type)) return undefined;
  return (state) => textOf({ type, place: place(state) }, state) ?? new Uint8Array(0);
}

/** The bytes of a string of C++. */
function textOf(value: Value, state: MachineState): Uint8Array | undefined {
  const content = contentOf(value, state);
  if (content?.kind !== 'text') return undefined;
  return bytesAt({ kind: 'memory', address: content.address }, 0, content.count, state);
}
