/**
 * From instructions of the token program to C lines and back: one flat table per program, made at load.
 *
 * Stepping and breakpoints look at every line of a trace, so everything they ask is an array index: which C line an
 * instruction belongs to, and whether a statement begins there. Code without line information (the C library,
 * prologues, rows that the toolchain added) has no C line and is stepped through.
 */
import type { DebugInfo, FunctionInfo } from '../../engine/debuginfo/index.ts';
import { functionAt, type ProgramFunction, type TokenProgram } from '../../engine/isa/program.ts';
import { hostPath } from '../../engine/toolchain/clang/paths.ts';
import { InlinedCalls } from './inlined-calls.ts';

/** A place in C; the file as the host spells it. */
export interface SourcePlace {
  file: string;
  line: number;
  /** From 1; 0 when unknown. */
  column: number;
}

/** No C line. */
export const NO_LINE = -1;

/** See the file's comment. */
export class CodeMap {
  readonly program: TokenProgram;
  readonly debug: DebugInfo | undefined;
  /** Per instruction: number of the C line that its statement is on, or NO_LINE. Equal numbers are equal lines. */
  readonly lineKeys: Int32Array;
  /** Per instruction: 1 where a statement begins. */
  readonly starts: Uint8Array;
  readonly inlined: InlinedCalls;
  /** Host paths of the files with code, each with its lines that have code, ascending. */
  readonly files: ReadonlyMap<string, Int32Array>;
  /** Where the statements of a C line begin. */
  private readonly cursors = new Map<string, number[]>();

  constructor(program: TokenProgram, debug: DebugInfo | undefined) {
    this.program = program;
    this.debug = debug;
    this.lineKeys = new Int32Array(program.ops.length).fill(NO_LINE);
    this.starts = new Uint8Array(program.ops.length);
    this.inlined = new InlinedCalls(program, debug);
    this.files = debug ? this.mapStatements(debug) : new Map();
  }

  /** Code offset (as DWARF counts) of an instruction; undefined for those that stand for no wasm operator. */
  codeOffset(cursor: number): number | undefined {
    const offset = this.program.offsets[cursor];
    return offset === undefined || offset < 0 ? undefined : offset - this.program.codeSection;
  }

  /** C line of an instruction, prologues included; undefined in code without line information. */
  placeOf(cursor: number): SourcePlace | undefined {
    const offset = this.codeOffset(cursor);
    const found = offset === undefined ? undefined : this.debug?.nearestLineAt(offset);
    return found && { file: hostPath(found.file), line: found.line, column: found.column };
  }

  /** Instructions at which the statements of a line begin. */
  cursorsOf(file: string, line: number): readonly number[] {
    return this.cursors.get(`${line}:${file}`) ?? [];
  }

  /** The function of the token program that holds an instruction. */
  functionAt(cursor: number): ProgramFunction | undefined {
    return functionAt(this.program, cursor);
  }

  /** The C function that holds an instruction. */
  sourceFunctionAt(cursor: number): FunctionInfo | undefined {
    const offset = this.codeOffset(cursor);
    return offset === undefined ? undefined : this.debug?.functionAt(offset);
  }

  /** Where a breakpoint on a function goes: its first statement, or the instruction behind its prologue. */
  entryOf(name: string): number | undefined {
    const source = this.debug?.functionNamed(name);
    const isNamed = source
      ? (fn: ProgramFunction) => fn.index >= 0 && this.sourceFunctionAt(fn.body) === source
      : (fn: ProgramFunction) => fn.name === name;
    const found = this.program.functions.find(isNamed);
    if (!found) return undefined;
    const start = this.starts.indexOf(1, found.body);
    return start >= 0 && start < found.end ? start : found.body;
  }

  /** Instruction of a wasm file offset: the first that stands for the operator there. */
  cursorAtOffset(offset: number): number | undefined {
    const cursor = this.program.offsets.indexOf(offset);
    return cursor < 0 ? undefined : cursor;
  }

  private mapStatements(debug: DebugInfo): Map<string, Int32Array> {
    const { program, lineKeys, starts } = this;
    const statements = debug.files.flatMap((file) =>
      debug
        .linesWithCode(file)
        .flatMap((line) =>
          debug.statementsOf(file, line).map(({ start, end }) => ({ file: hostPath(file), line, start, end })),
        ),
    );
    statements.sort((a, b) => a.start - b.start);
    const keys = new Map<string, number>();
    const lines = new Map<string, Set<number>>();
    for (const fn of program.functions) {
      if (fn.index < 0) continue;
      let last = -1;
      for (let cursor = fn.body; cursor < fn.end; cursor++) {
        const offset = program.offsets[cursor] - program.codeSection;
        const found = indexAt(statements, offset);
        if (found < 0) continue;
        const { file, line } = statements[found];
        const name = `${line}:${file}`;
        let key = keys.get(name);
        if (key === undefined) {
          key = keys.size;
          keys.set(name, key);
          this.cursors.set(name, []);
          const known = lines.get(file);
          if (known) known.add(line);
          else lines.set(file, new Set([line]));
        }
        lineKeys[cursor] = key;
        if (found > last) {
          starts[cursor] = 1;
          this.cursors.get(name)?.push(cursor);
          last = found;
        }
      }
    }
    return new Map([...lines].map(([file, set]) => [file, Int32Array.from(set).sort()]));
  }
}

/** Index of the statement that holds `offset`, or -1. */
function indexAt(statements: readonly { start: number; end: number }[], offset: number): number {
  let low = 0;
  let high = statements.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (statements[middle].start <= offset) low = middle + 1;
    else high = middle;
  }
  return low > 0 && offset < statements[low - 1].end ? low - 1 : -1;
}
