/**
 * Debug information of a module whose code is known line by line and that has no types of its own: WebAssembly in its
 * text, and what source maps describe. Variables are the numbers of the WebAssembly machine.
 */
import { DebugInfo } from './debug-info.ts';
import { ROW, type Row } from './dwarf/line-registers.ts';
import { FileTable, type LineTable } from './dwarf/lines.ts';
import { readSections } from './dwarf/sections.ts';
import type { Place } from './places/location.ts';
import { localOf, type MachineState } from './places/machine-state.ts';
import type { NameIndex } from './scopes/names.ts';
import type { FunctionInfo, Variable } from './scopes/scopes.ts';
import { NUMBER_TYPES, type NumberTypeName } from './types/number-types.ts';

/** A local or global of the WebAssembly machine. */
export interface MappedNumber {
  readonly name: string;
  readonly type: NumberTypeName;
  /** Among the function's locals, parameters included, or among the module's globals. */
  readonly index: number;
}

export interface MappedFunction {
  readonly name: string;
  /** Line of its declaration; undefined where that is not known, and its first line with code counts. */
  readonly line: number | undefined;
  /** Which of the functions with bodies. */
  readonly body: number;
  /** Code offset behind its last operator. */
  readonly end: number;
  readonly parameters: readonly MappedNumber[];
  readonly locals: readonly MappedNumber[];
}

/** What is known of a module. */
export interface Mapping {
  readonly files: readonly string[];
  /** Where code of a line begins, ascending; code offsets, `file` an index into `files`. */
  readonly rows: readonly Omit<Row, 'flags'>[];
  /** In the order of their code. Those that are left out are code without a source. */
  readonly functions: readonly MappedFunction[];
  readonly globals: readonly MappedNumber[];
}

export class MappedInfo extends DebugInfo {
  readonly isTyped = false;
  readonly lines: LineTable;
  readonly functions: FunctionInfo[];
  readonly globals: Variable[];

  /** @param wasm bytes of the module, which is valid */
  constructor(wasm: Uint8Array, { files, rows, functions, globals }: Mapping) {
    const module = readSections(wasm);
    if (!module) throw new RangeError('not a module');
    super(module, new FileTable());
    for (const file of files) this.fileTable.add(file);
    this.lines = tableOf(rows, functions);
    this.globals = globals.map((global) => variableOf(global, false, (state) => state.global(global.index)));
    this.functions = functions.map((mapped) => this.functionOf(mapped, module.bodies[mapped.body]));
  }

  override functionNamed(name: string): FunctionInfo | undefined {
    return super.functionNamed(name) ?? super.functionNamed(`$${name}`);
  }

  override globalNamed(name: string): Variable | undefined {
    return this.globals.find((global) => global.name === name);
  }

  override namesFor(): NameIndex[] {
    return [];
  }

  private functionOf({ name, line, end, parameters, locals }: MappedFunction, lowPc: number): FunctionInfo {
    const read = (isParameter: boolean) => (number: MappedNumber) =>
      variableOf(number, isParameter, (state) => localOf(state, number.index));
    const first = this.firstRow(lowPc, end);
    return {
      name,
      file: first === undefined ? undefined : this.files[this.lines.files[first]],
      line: line ?? (first === undefined ? 0 : this.lines.lines[first]),
      lowPc,
      highPc: end,
      prologueEnd: first === undefined ? lowPc : this.lines.offsets[first],
      type: { kind: 'function', returns: { kind: 'void' }, parameters: [], variadic: false, prototyped: false },
      scope: {
        ranges: [{ low: lowPc, high: end }],
        variables: [...parameters.map(read(true)), ...locals.map(read(false))],
        children: [],
        inlined: undefined,
      },
      unit: undefined,
      frameBase: undefined,
    };
  }

  /** The first row of a function that has a line. */
  private firstRow(low: number, high: number): number | undefined {
    const { offsets, lines, count } = this.lines;
    for (let row = lowerBound(offsets, low); row < count && offsets[row] < high; row++) if (lines[row] > 0) return row;
    return undefined;
  }
}

/** Index of the first number that is not below `value`. */
function lowerBound(ascending: Uint32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The rows, and where functions end: code behind them has no line unless a row says so. */
function tableOf(mapped: Mapping['rows'], functions: readonly MappedFunction[]): LineTable {
  const starts = new Set(mapped.map(({ offset }) => offset));
  const rows: Row[] = mapped.map((row) => ({ ...row, flags: ROW.isStatement }));
  for (const { end } of functions) {
    if (!starts.has(end)) rows.push({ offset: end, file: 0, line: 0, column: 0, flags: ROW.endSequence });
  }
  rows.sort((a, b) => a.offset - b.offset);
  return {
    count: rows.length,
    offsets: Uint32Array.from(rows, ({ offset }) => offset),
    files: Uint32Array.from(rows, ({ file }) => file),
    lines: Uint32Array.from(rows, ({ line }) => line),
    columns: Uint32Array.from(rows, ({ column }) => column),
    flags: Uint8Array.from(rows, ({ flags }) => flags),
  };
}

function variableOf(
  { name, type }: MappedNumber,
  isParameter: boolean,
  read: (state: MachineState) => number | bigint | undefined,
): Variable {
  const locate: Variable['locate'] = () => ({ kind: 'bytes', read: (state, size) => placeOf(read(state), size) });
  return { name, type: NUMBER_TYPES[type], typeName: type, isParameter, file: undefined, line: 0, locate };
}

function placeOf(bits: number | bigint | undefined, size: number): Place {
  if (bits === undefined) return { kind: 'gone', reason: 'left out of the program, because nothing uses it' };
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(bits)), true);
  return { kind: 'bytes', bytes: bytes.subarray(0, size), known: undefined };
}
