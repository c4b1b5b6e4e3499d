/**
 * The names of the WebAssembly machine, as C sees them: wasm locals and globals by name or as `$local0`, `$stack[0]` (the
 * bottom of the frame's operand stack), `$memory[address]` (a byte; `$memory1` and on are a module's further memories), and numbers of the moment such as `token`.
 *
 * In C they are what lies outside of the program's own names; in frames without C they are all there is.
 */
import type { MachineState } from '../places/machine-state.ts';
import { CHAR_TYPES } from '../types/base-types.ts';
import { isNumberType, NUMBER_TYPES, type NumberTypeName } from '../types/number-types.ts';
import { spellType, type Type } from '../types/types.ts';
import type { Candidate, ExpressionScope, List, ListEntry, Meaning } from './scope.ts';

/** A named number of the machine. */
export interface MachineName {
  name: string;
  type: NumberTypeName;
}

/** What a frame of the machine has. */
export interface MachineNames {
  /** Types of the wasm locals, parameters first, and the names of those that have one. */
  locals: readonly NumberTypeName[];
  localNames: readonly (string | undefined)[];
  /** Wasm globals by index, with holes for those that the program does without. */
  globals: readonly (MachineName | undefined)[];
  /** Numbers that `MachineState.other` reads. Nothing hides them. */
  others: readonly MachineName[];
  /** The frame's operand stack; undefined before a frame is known, when every entry counts as i32. */
  stack: { height: number; typeOf(index: number): NumberTypeName } | undefined;
  /** Where each of several memories begins. */
  memories?: readonly number[];
}

/** Bytes of memory are numbers, not characters. */
const BYTE: Type = { ...CHAR_TYPES.unsigned, character: false };

const MEMORY: Type = { kind: 'array', element: BYTE, count: undefined, countAt: undefined };

export class MachineScope implements ExpressionScope {
  readonly codeOffset = undefined;
  private readonly names: MachineNames;

  constructor(names: MachineNames) {
    this.names = names;
  }

  lookUp(name: string): Meaning | undefined {
    const { others, locals, localNames, globals, stack, memories = [0] } = this.names;
    const memory = memories[memories.findIndex((_, index) => memoryName(index) === name)];
    if (memory !== undefined) {
      return { kind: 'variable', type: MEMORY, locator: { kind: 'memory', address: () => memory } };
    }
    if (name === '$stack') return { kind: 'list', list: operandStack(stack) };
    const other = others.find((candidate) => candidate.name === name);
    if (other) return number(other.type, (state) => state.other?.(name));
    // A module's own names may begin with a dollar; it may be written before the others too.
    const means = (candidate: string | undefined) => candidate === name || `$${candidate}` === name;
    const named = localNames.findIndex(means);
    const local = named < 0 ? Number(/^\$?local\.?(\d+)$/.exec(name)?.[1] ?? -1) : named;
    if (locals[local]) return number(locals[local], (state) => state.local(local));
    const index = globals.findIndex((global) => global && means(global.name));
    const global = globals[index];
    return global && number(global.type, (state) => state.global(index));
  }

  typedef(name: string): Type | undefined {
    return isNumberType(name) ? NUMBER_TYPES[name] : undefined;
  }

  tag(): undefined {}

  candidates(): Candidate[] {
    const { locals, localNames, globals, others, memories = [0] } = this.names;
    const named = [
      ...locals.map((type, index) => ({ name: localNames[index] ?? `$local${index}`, type })),
      ...globals.filter((global) => global !== undefined),
      ...others,
    ];
    return [
      ...named
        .filter(({ name }) => /^[A-Za-z_$][\w.$]*$/.test(name))
        .map(({ name, type }) => ({ label: name, kind: 'variable' as const, detail: type })),
      { label: '$stack', kind: 'variable', detail: 'operand stack' },
      ...memories.map((_, index) => ({
        label: memoryName(index),
        kind: 'variable' as const,
        detail: spellType(MEMORY),
      })),
    ];
  }
}

function memoryName(index: number): string {
  return index === 0 ? '$memory' : `$memory${index}`;
}

function number(type: NumberTypeName, bits: (state: MachineState) => number | bigint | undefined): Meaning {
  const convert = FROM_BITS[type];
  const read = (state: MachineState) => {
    const found = bits(state);
    return found === undefined ? undefined : convert(found);
  };
  return { kind: 'value', type: NUMBER_TYPES[type], read };
}

function operandStack(stack: MachineNames['stack']): List {
  const entryOf = (type: NumberTypeName): ListEntry => {
    const convert = FROM_BITS[type];
    const read: ListEntry['read'] = (state, index) => {
      const bits = state.stack(index);
      return bits === undefined ? undefined : convert(bits);
    };
    return { type: NUMBER_TYPES[type], read };
  };
  return {
    description: 'the operand stack',
    entry(index) {
      if (!stack) return entryOf('i32');
      if (index !== undefined) return index < stack.height ? entryOf(stack.typeOf(index)) : undefined;
      const types = new Set(Array.from({ length: stack.height }, (_, i) => stack.typeOf(i)));
      return entryOf(types.size === 1 ? [...types][0] : types.size === 0 ? 'i32' : 'i64');
    },
  };
}

const view = new DataView(new ArrayBuffer(8));

/** Numbers from their bits. What is narrower than its type is extended with its sign. */
const FROM_BITS: Record<NumberTypeName, (bits: number | bigint) => number | bigint> = {
  i32: (bits) => (typeof bits === 'bigint' ? Number(BigInt.asIntN(32, bits)) : bits | 0),
  i64: (bits) => (typeof bits === 'bigint' ? BigInt.asIntN(64, bits) : BigInt(bits | 0)),
  f32(bits) {
    view.setInt32(0, Number(BigInt.asIntN(32, BigInt(bits))));
    return view.getFloat32(0);
  },
  f64(bits) {
    view.setBigUint64(0, BigInt.asUintN(64, BigInt(bits)));
    return view.getFloat64(0);
  },
};
