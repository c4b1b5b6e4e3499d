/**
 * Scopes and their variables: C variables with their types, and below them the machine's own stack, locals and
 * globals. Everything is read from the recording when it is asked for.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  childrenOf,
  type DisplayFormat,
  describe,
  readVariable,
  type Value,
  type Variable,
} from '../../engine/debuginfo/index.ts';
import { type NumberType, widthOf } from '../../engine/isa/program.ts';
import type { Children, Page, References } from '../protocol/references.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cellBits, type Frame } from '../recording/frames.ts';

/** Children shown at once where a client asks for all of very many. */
const MOST_CHILDREN = 10_000;

/** Where linkers say that variables are which nothing uses and they left out. */
const REMOVED = 0xffffffff;

/** A value with where it was found. */
export interface Placed {
  name: string;
  value: Value;
  evaluateName: string | undefined;
  frame: Frame;
  /** How it and its children are shown, if somebody asked for it. */
  format?: DisplayFormat | undefined;
}

/** A variable as the protocol has it, and the text an `evaluate` gives for it. */
export type Shown = DebugProtocol.Variable;

/** Presents values; makes references to their children. */
export class Variables {
  private readonly debuggee: Debuggee;
  private readonly references: References;

  constructor(debuggee: Debuggee, references: References) {
    this.debuggee = debuggee;
    this.references = references;
  }

  /** The scopes of a frame; `attention` gives the children of the Attention scope. */
  scopesOf(frame: Frame, attention: Children): DebugProtocol.Scope[] {
    const { debuggee } = this;
    const scopes: DebugProtocol.Scope[] = [];
    const add = (name: string, children: Children, more: Partial<DebugProtocol.Scope> = {}) => {
      scopes.push({ name, variablesReference: this.references.children(children, frame), expensive: false, ...more });
    };
    if (debuggee.codeOffset(frame) !== undefined) {
      add('Locals', (page) => this.locals(frame, page), { presentationHint: 'locals' });
    }
    add('Globals', (page) => this.globals(frame, page));
    add('Operand Stack', (page) => this.operandStack(frame, page));
    add('Wasm Locals', (page) => this.wasmLocals(frame, page), { presentationHint: 'registers' });
    add('Attention', attention);
    return scopes;
  }

  /** A value with its children. */
  show({ name, value, evaluateName, frame, format }: Placed, hex: boolean, limit?: number): Shown {
    const state = this.debuggee.state(frame);
    const functionInTable = (index: number) => this.debuggee.debug?.functionInTable(index);
    const options = { functionInTable, hex, format, limit, textLimit: limit };
    const { text, typeName, named, indexed, memoryAddress } = describe(value, state, options);
    const children: Children = (page) => {
      const { start, count } = range(page, named + indexed);
      return childrenOf(value, state, evaluateName, start, count).map((child) =>
        this.show({ ...child, frame, format }, page.hex),
      );
    };
    return {
      name,
      value: text,
      type: typeName,
      evaluateName: format && evaluateName ? `${evaluateName},${format}` : evaluateName,
      variablesReference: named + indexed > 0 ? this.references.children(children, frame) : 0,
      // Large arrays come in pages.
      ...(indexed > 100 ? { indexedVariables: indexed, namedVariables: named } : {}),
      ...(memoryAddress === undefined ? {} : { memoryReference: `0x${memoryAddress.toString(16)}` }),
    };
  }

  private locals(frame: Frame, page: Page): Shown[] {
    const offset = this.debuggee.codeOffset(frame);
    if (offset === undefined || !this.debuggee.debug) return [];
    return this.variables(this.debuggee.debug.variablesAt(offset, frame.inlined), frame, offset, page);
  }

  private globals(frame: Frame, page: Page): Shown[] {
    const { debug } = this.debuggee;
    if (debug) {
      const offset = this.debuggee.codeOffset(frame) ?? 0;
      const state = this.debuggee.state(frame);
      const isKept = (variable: Variable) => {
        const { place } = readVariable(variable, offset, state);
        return place.kind !== 'memory' || place.address !== REMOVED;
      };
      return this.variables(visibleGlobals(debug.globals).filter(isKept), frame, offset, page);
    }
    const own = this.debuggee.globals.filter((global) => global !== undefined);
    return paged(own, page).map(({ name, cell, type }) =>
      this.number(name, cellBits(frame.moment, cell, type), type, name, page.hex),
    );
  }

  private variables(all: readonly Variable[], frame: Frame, offset: number, page: Page): Shown[] {
    const state = this.debuggee.state(frame);
    return paged(all, page).map((variable) => {
      const value = readVariable(variable, offset, state);
      return this.show({ name: variable.name, value, evaluateName: variable.name, frame }, page.hex);
    });
  }

  /** The frame's part of the operand stack, its top first. */
  private operandStack({ moment, stackBase, stackTop }: Frame, page: Page): Shown[] {
    const entries = Array.from({ length: Math.min(stackTop - stackBase, MOST_CHILDREN) }, (_, i) => i).reverse();
    return paged(entries, page).map((index) => {
      const bits = moment.stackBits(stackBase + index);
      const type = typeof bits === 'bigint' ? 'i64' : 'i32';
      return this.number(`[${index}]`, bits, type, `$stack[${index}]`, page.hex);
    });
  }

  private wasmLocals({ fn, depth, moment }: Frame, page: Page): Shown[] {
    const base = depth * this.debuggee.program.stride;
    const locals = (fn?.locals ?? []).map((type, index) => ({ type, index, name: fn?.localNames[index] }));
    return paged(locals, page).map(({ name, type, index }) => {
      const bits = cellBits(moment, base + index, type);
      return this.number(name ?? `local ${index}`, bits, type, `$local${index}`, page.hex);
    });
  }

  private number(name: string, bits: number | bigint, type: NumberType, evaluateName: string, hex: boolean): Shown {
    return { name, value: numberText(bits, type, hex), type, evaluateName, variablesReference: 0 };
  }
}

const view = new DataView(new ArrayBuffer(8));

/** A wasm value by its bits: a signed number, or the bits in hexadecimal; a float as it is. */
export function numberText(bits: number | bigint, type: NumberType, hex = false): string {
  const wide = BigInt.asUintN(64, BigInt(bits));
  if (hex) return `0x${(widthOf(type) === 8 ? wide : BigInt.asUintN(32, wide)).toString(16)}`;
  view.setBigUint64(0, wide, true);
  switch (type) {
    case 'i32':
      return String(view.getInt32(0, true));
    case 'i64':
      return String(view.getBigInt64(0, true));
    case 'f32':
      return String(view.getFloat32(0, true));
    case 'f64':
      return String(view.getFloat64(0, true));
  }
}

/** Each global once: headers may declare one in every unit. */
function visibleGlobals(globals: readonly Variable[]): Variable[] {
  const seen = new Set<string>();
  return globals.filter(({ name, file, line }) => {
    const place = `${name}:${file}:${line}`;
    if (seen.has(place)) return false;
    seen.add(place);
    return true;
  });
}

function range({ filter, start, count }: Page, length: number): { start: number; count: number } {
  if (filter === 'named' && length > 100) return { start: 0, count: 0 };
  const most = Math.min(Math.max(length - start, 0), MOST_CHILDREN);
  return { start, count: count === 0 ? most : Math.min(count, most) };
}

function paged<T>(all: readonly T[], page: Page): readonly T[] {
  if (page.filter === 'indexed') return [];
  const { start, count } = range({ ...page, filter: undefined }, all.length);
  return all.slice(start, start + count);
}
