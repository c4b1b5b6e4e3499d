/**
 * Scopes and their variables: C variables with their types, and below them the machine's own stack, locals and
 * globals. Everything is read from the recording when it is asked for.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import {
  childrenOf,
  type DisplayFormat,
  describe,
  type MachineState,
  REMOVED,
  readVariable,
  type Value,
  type Variable,
} from '../../engine/debuginfo/index.ts';
import { type NumberType, widthOf } from '../../engine/isa/program.ts';
import { hostPath } from '../../engine/toolchain/clang/paths.ts';
import { isOnStack } from '../../engine/trace/addresses.ts';
import type { History } from '../../engine/trace/history.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { Children, Location, Page, References } from '../protocol/references.ts';
import { Allocations } from '../recording/allocations.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cellBits, type Frame } from '../recording/frames.ts';
import { codeReference } from './disassembly.ts';
import type { Returned } from './returned.ts';
import { isUnwritten } from './unwritten.ts';
import { filesAt, fileVariables } from './written-files.ts';

/** Children shown at once where a client asks for all of very many. */
const MOST_CHILDREN = 10_000;

/** Children that come at once; more come in pages if the client wants. */
const PAGED = 100;

/** Variables of a scope from which on clients should not open it unasked. */
const EXPENSIVE = 1000;

/** What is shown of a local variable that nothing was stored in since its call began. */
const NOT_WRITTEN = 'not written yet';

/** A value with where it was found. */
export interface Placed {
  name: string;
  value: Value;
  evaluateName: string | undefined;
  frame: Frame;
  /** What it is read from, if that is not the frame's own state. */
  state?: MachineState | undefined;
  /** How it and its children are shown, if somebody asked for it. */
  format?: DisplayFormat | undefined;
  /** Where it is declared. */
  declaration?: Location | undefined;
}

/** A variable as the protocol has it, and the text an `evaluate` gives for it. */
export type Shown = DebugProtocol.Variable;

/** Presents values; makes references to their children. */
export class Variables {
  private readonly debuggee: Debuggee;
  private readonly references: References;
  private readonly allocations: Allocations;
  private readonly history: History;

  constructor(debuggee: Debuggee, references: References, history: History) {
    this.debuggee = debuggee;
    this.references = references;
    this.history = history;
    this.allocations = new Allocations(debuggee.program, history);
  }

  /** A frame's state, with the blocks of the heap. */
  state(frame: Frame): MachineState {
    const { line } = frame.moment;
    return { ...this.debuggee.state(frame), extent: (address) => this.allocations.extent(address, line) };
  }

  /**
   * The scopes of a frame; `attention` gives the children of the Attention scope, `returned` what calls returned to the
   * frame on the way here.
   */
  scopesOf(frame: Frame, attention: Children, returned: () => Returned[]): DebugProtocol.Scope[] {
    const { debuggee } = this;
    const scopes: DebugProtocol.Scope[] = [];
    const add = (name: string, children: Children, more: Partial<DebugProtocol.Scope> = {}, size = 0) => {
      const variablesReference = this.references.children(children, frame);
      scopes.push({ name, variablesReference, expensive: size > EXPENSIVE, ...more });
    };
    if (debuggee.codeOffset(frame) !== undefined) {
      add('Locals', (page) => this.locals(frame, returned(), page), { presentationHint: 'locals' });
    }
    add('Globals', (page) => this.globals(frame, page), {}, (debuggee.debug ?? debuggee).globals.length);
    const files = filesAt(debuggee, frame.moment);
    if (files.length > 0) add('Files', (page) => [...paged(fileVariables(files, this.references), page)]);
    add('Operand Stack', (page) => this.operandStack(frame, page), {}, frame.stackTop - frame.stackBase);
    add('Wasm Locals', (page) => this.wasmLocals(frame, page), { presentationHint: 'registers' });
    add('Attention', attention);
    return scopes;
  }

  /** A value with its children. */
  show(placed: Placed, hex: boolean, limit?: number): Shown {
    const { name, value, evaluateName, frame, format, declaration } = placed;
    const state = placed.state ?? this.state(frame);
    const functionInTable = (index: number) => this.debuggee.debug?.functionInTable(index);
    const options = { functionInTable, hex, format, limit, textLimit: limit };
    const { text, typeName, named, indexed, memoryAddress, tableIndex } = describe(value, state, options);
    const children: Children = (page) => {
      const { start, count, more } = range(page, indexed, named);
      const shown = childrenOf(value, state, evaluateName, start, count).map((child) =>
        this.show({ ...child, frame, format, state: placed.state }, page.hex),
      );
      return more > 0 ? [...shown, ellipsis(more)] : shown;
    };
    return {
      name,
      value: text,
      type: typeName,
      evaluateName: format && evaluateName ? `${evaluateName},${format}` : evaluateName,
      variablesReference: named + indexed > 0 ? this.references.children(children, frame) : 0,
      // Large arrays come in pages.
      ...(indexed > PAGED ? { indexedVariables: indexed, namedVariables: named } : {}),
      ...(memoryAddress === undefined ? {} : { memoryReference: `0x${memoryAddress.toString(16)}` }),
      ...(declaration ? { declarationLocationReference: this.references.location(declaration) } : {}),
      ...(tableIndex === undefined ? {} : this.codeOf(tableIndex)),
    };
  }

  /** What a function pointer leads to: instructions, and a place in the source. */
  private codeOf(tableIndex: number): Partial<Shown> {
    const { debug, code } = this.debuggee;
    const called = debug?.calledThrough(tableIndex);
    const [entry] = called ? code.entriesOf(called.name) : [];
    if (!called || entry === undefined) return {};
    const { file, line } = called;
    return {
      memoryReference: codeReference(code.functionAt(entry)?.start ?? entry),
      ...(file === undefined
        ? {}
        : { valueLocationReference: this.references.location({ file: hostPath(file), line }) }),
    };
  }

  /** What calls returned first. */
  private locals(frame: Frame, returned: readonly Returned[], page: Page): Shown[] {
    const offset = this.debuggee.codeOffset(frame);
    if (offset === undefined || !this.debuggee.debug) return [];
    const own = this.placed(this.debuggee.debug.variablesAt(offset, frame.inlined), frame, offset);
    const before = returned.map((value): Placed => ({ ...value, evaluateName: undefined }));
    return paged([...before, ...own], page).map((placed) => {
      const shown = this.show(placed, page.hex);
      const isWritten = before.includes(placed) || !isUnwritten(this.debuggee, this.history, frame, placed.value);
      return isWritten ? shown : { ...shown, value: NOT_WRITTEN };
    });
  }

  private globals(frame: Frame, page: Page): Shown[] {
    const { debug } = this.debuggee;
    if (debug) {
      const offset = this.debuggee.codeOffset(frame) ?? 0;
      const isKept = (variable: Variable) => variable.locate(offset) !== REMOVED;
      const kept = paged(visibleGlobals(debug.globals).filter(isKept), page);
      const hidden = new Set(debug.variablesAt(offset, frame.inlined).map(({ name }) => name));
      return this.placed(kept, frame, offset).map((placed) => {
        const evaluateName = hidden.has(placed.name) ? `::${placed.name}` : placed.name;
        return this.show({ ...placed, evaluateName }, page.hex);
      });
    }
    const own = this.debuggee.globals.filter((global) => global !== undefined);
    return paged(own, page).map(({ name, cell, type }) =>
      this.number(name, cellBits(frame.moment, cell, type), type, name, page.hex),
    );
  }

  /** Variables with their values in a frame. */
  private placed(all: readonly Variable[], frame: Frame, offset: number): Placed[] {
    const state = this.state(frame);
    return all.map((variable) => {
      const { name, file, line } = variable;
      const declaration = file === undefined || line === 0 ? undefined : { file: hostPath(file), line };
      return { name, value: readVariable(variable, offset, state), evaluateName: name, frame, declaration };
    });
  }

  /** The frame's part of the operand stack, its top first. */
  private operandStack({ moment, stackBase, stackTop }: Frame, page: Page): Shown[] {
    const entries = Array.from({ length: Math.min(stackTop - stackBase, MOST_CHILDREN) }, (_, i) => i).reverse();
    return paged(entries, page).map((index) => {
      const bits = moment.stackBits(stackBase + index);
      const type = typeof bits === 'bigint' ? 'i64' : 'i32';
      return this.number(`[${index}]`, bits, type, `$stack[${index}]`, page.hex, moment);
    });
  }

  private wasmLocals({ fn, depth, moment }: Frame, page: Page): Shown[] {
    const base = depth * this.debuggee.program.stride;
    const locals = (fn?.locals ?? []).map((type, index) => ({ type, index, name: fn?.localNames[index] }));
    return paged(locals, page).map(({ name, type, index }) => {
      const bits = cellBits(moment, base + index, type);
      return this.number(name ?? `local ${index}`, bits, type, `$local${index}`, page.hex, moment);
    });
  }

  /** `moment`: what points into C's stack then is written as an address. */
  private number(
    name: string,
    bits: number | bigint,
    type: NumberType,
    evaluateName: string,
    hex: boolean,
    moment?: Moment,
  ): Shown {
    const isAddress = moment && type === 'i32' && isOnStack(this.debuggee.program, moment, Number(bits));
    return { name, value: numberText(bits, type, hex || isAddress), type, evaluateName, variablesReference: 0 };
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

/** The children of a page, and how many more there are that the client did not know to ask for. */
function range({ filter, start, count }: Page, indexed: number, named = 0) {
  // Those with names stand behind the others.
  if (filter === 'named' && indexed > PAGED) return { start: indexed, count: named, more: 0 };
  const left = Math.max(indexed + (filter === 'indexed' ? 0 : named) - start, 0);
  const most = Math.min(left, MOST_CHILDREN);
  return count === 0 ? { start, count: most, more: left - most } : { start, count: Math.min(count, most), more: 0 };
}

/** Stands for the children that are left out. */
function ellipsis(more: number): Shown {
  return { name: '…', value: `${more} more`, variablesReference: 0, presentationHint: { kind: 'virtual' } };
}

function paged<T>(all: readonly T[], page: Page): readonly T[] {
  if (page.filter === 'indexed') return [];
  const { start, count } = range({ ...page, filter: undefined }, all.length);
  return all.slice(start, start + count);
}
