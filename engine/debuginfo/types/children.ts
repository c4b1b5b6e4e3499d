/**
 * Values as trees, for a Variables view: children by name or by index, in pages. A container's are its elements, and
 * behind them `[raw]`, which has its members.
 */
import type { MachineState } from '../places/machine-state.ts';
import { contentOf } from './containers/containers.ts';
import type { Content } from './containers/content.ts';
import { formatPart } from './format.ts';
import { asRecord, objectOf } from './members.ts';
import { childCounts, readPointer, referred } from './shape.ts';
import { bare, type RecordType, spellType, type Type } from './types.ts';
import { elementOf, memberOf, Unreadable, type Value } from './values.ts';

/** A child of a value; `evaluateName` is the C expression for it when its parent had one. */
export interface Child {
  name: string;
  value: Value;
  evaluateName: string | undefined;
}

/**
 * Children `start` to `start + count` of a value: members of a struct or union (through a pointer too), elements of an
 * array or a container, or what a pointer points to. `evaluateName` is the C expression of the value itself, when there is one.
 */
export function childrenOf(
  given: Value,
  state: MachineState,
  evaluateName?: string,
  start = 0,
  count = Number.POSITIVE_INFINITY,
): Child[] {
  const { named, indexed } = childCounts(given, state);
  const end = Math.min(start + count, named + indexed);
  if (end <= start) return [];
  const value = referred(given, state);
  const content = contentOf(value, state);
  if (content) return contentChildren(content, value, state, { evaluateName, start, end, last: named + indexed - 1 });
  const type = bare(value.type);
  const reach = reachFrom(evaluateName);
  if (type.kind === 'array') return numbered(start, end, (index) => elementOf(value, type.element, index), reach);
  if (type.kind !== 'pointer')
    return membersOf(value, type as RecordType, state, { evaluateName, access: '.', start, end });
  return pointedTo(objectOf(type.to, readPointer(value, state)), state, { evaluateName, start, end });
}

/** Which children are asked for, and how their parent is called. */
interface Asked {
  readonly evaluateName: string | undefined;
  readonly start: number;
  readonly end: number;
}

function pointedTo(target: Value, state: MachineState, { evaluateName, start, end }: Asked): Child[] {
  const name = reachFrom(evaluateName)('')?.replace(/^/, '*');
  const record = asRecord(target.type);
  if (!record) return [{ name: name ?? '*', value: target, evaluateName: name }];
  if (contentOf(target, state)) return childrenOf(target, state, name, start, end - start);
  return membersOf(target, record, state, { evaluateName, access: '->', start, end });
}

/** The expression of a value with something behind it. */
function reachFrom(evaluateName: string | undefined): (suffix: string) => string | undefined {
  const isSimple = evaluateName === undefined || /^[\w.[\]>-]+$/.test(evaluateName);
  const operand = isSimple ? evaluateName : `(${evaluateName})`;
  return (suffix) => (operand === undefined ? undefined : operand + suffix);
}

function numbered(
  start: number,
  end: number,
  elementAt: (index: number) => Value,
  reach: (suffix: string) => string | undefined,
): Child[] {
  return Array.from({ length: end - start }, (_, i) => {
    const name = `[${start + i}]`;
    return { name, value: elementAt(start + i), evaluateName: reach(name) };
  });
}

function membersOf(
  whole: Value,
  { members }: RecordType,
  state: MachineState,
  { evaluateName, access, start, end }: Asked & { readonly access: '.' | '->' },
): Child[] {
  const reach = reachFrom(evaluateName);
  return members.slice(start, end).map((member) => {
    // An anonymous struct has no name of its own in C; its members are reached through the record around it.
    const name = member.name ?? `(${spellType(member.type)})`;
    const around = access === '.' || evaluateName === undefined ? evaluateName : `*${reach('')}`;
    const path = member.name === undefined ? around : reach(`${access}${member.name}`);
    return { name, value: memberOf(whole, member, state), evaluateName: path };
  });
}

/** What a container holds; its last child is itself by its members. */
function contentChildren(
  content: Content,
  whole: Value,
  state: MachineState,
  { evaluateName, start, end, last }: Asked & { readonly last: number },
): Child[] {
  const until = Math.min(end, last);
  const children = until > start ? held(content, state, { evaluateName, start, end: until }) : [];
  if (end > last) children.push({ name: '[raw]', value: { ...whole, raw: true }, evaluateName });
  return children;
}

function held(content: Content, state: MachineState, asked: Asked): Child[] {
  const { evaluateName, start, end } = asked;
  const reach = reachFrom(evaluateName);
  switch (content.kind) {
    case 'nothing':
      return [];
    case 'instead':
      return childrenOf(content.value, state, content.path && reach(content.path), start, end - start);
    case 'text': {
      const characters = objectOf(content.character, content.address);
      return numbered(start, end, (index) => elementOf(characters, content.character, index), reach);
    }
    case 'items':
      try {
        return content.slice(start, end).map(({ key, value }, i) => {
          const name = `[${key === undefined ? start + i : formatPart(key, state)}]`;
          const isReached = content.indexable && (key === undefined || isWritable(key.type, name));
          return { name, value, evaluateName: isReached ? reach(name) : undefined };
        });
      } catch (error) {
        if (!(error instanceof Unreadable)) throw error;
        const reason = `${error.message}; see [raw]`;
        return [
          { name: `[${start}]`, value: { type: DAMAGED, place: { kind: 'gone', reason } }, evaluateName: undefined },
        ];
      }
  }
}

/** What stands for elements that are not found. */
const DAMAGED: Type = { kind: 'unknown', name: 'damaged', size: undefined };

/** Whether a key of this type is the same key when it is read as an expression. */
function isWritable(type: Type, text: string): boolean {
  const { kind } = bare(type);
  return (kind === 'integer' || kind === 'boolean' || /^\["/.test(text)) && !text.endsWith('...]');
}
