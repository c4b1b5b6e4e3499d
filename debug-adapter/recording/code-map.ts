/**
 * From instructions of the token program to C lines and back: one flat table per program, made at load.
 *
 * Stepping and breakpoints look at every line of a trace, so everything they ask is an array index: which C line an
 * instruction belongs to, and whether a statement begins there. Code without line information (the C library,
 * prologues, rows that the toolchain added) has no C line and is stepped through.
 */
import { existsSync } from 'node:fs';
import type { DebugInfo, FunctionInfo } from '../../engine/debuginfo/index.ts';
import { functionAt, type ProgramFunction, type TokenProgram } from '../../engine/isa/program.ts';
import { hostPath } from '../../engine/toolchain/clang/paths.ts';
import { embeddedUri } from '../../engine/toolchain/debug/texts.ts';
import { CallLayout, InlinedCalls, NOT_INLINED } from './inlined-calls.ts';
import { SourceText, statementColumns } from './source-text.ts';

/** A place in C; the file as the host spells it. */
export interface SourcePlace {
  file: string;
  line: number;
  /** From 1; 0 when unknown. */
  column: number;
}

/** A function of the source at an instruction. */
export interface SourceFramePlace {
  /** Which of the instruction's frames it is for debug information. */
  index: number;
  name: string;
  place: SourcePlace | undefined;
}

/** A statement on a line. */
export interface Statement {
  /** From 1; 0 when unknown. */
  column: number;
  /** Instructions at which it begins. */
  cursors: number[];
}

/** No C line. */
export const NO_LINE = -1;

/** See the file's comment. */
export class CodeMap {
  readonly program: TokenProgram;
  readonly debug: DebugInfo | undefined;
  /** Per instruction: number of the C line that its statement is on, or NO_LINE. Equal numbers are equal lines. */
  readonly lineKeys: Int32Array;
  /** The same of the statements on the lines. */
  readonly statementKeys: Int32Array;
  /** Per instruction: 1 where a statement begins. */
  readonly starts: Uint8Array;
  readonly inlined: InlinedCalls;
  /** Host paths of the files with code, each with its lines that have code, ascending. */
  readonly files: ReadonlyMap<string, Int32Array>;
  private readonly texts: ReadonlyMap<string, string>;
  /** Of each numbered line: its place, and where its statements begin. */
  private readonly places: { file: string; line: number }[] = [];
  private readonly cursors: number[][] = [];
  /** Of each numbered line its statements, in the order of the text; of each statement where it begins, there and here. */
  private readonly onLine: number[][] = [];
  private readonly statements: Statement[] = [];
  private readonly sources = new SourceText();
  /** Of each file, from where to where its functions go: the line of the declaration, the last with code. */
  private readonly extents = new Map<string, Map<number, number>>();
  /** Numbers of lines, by `line:file`. */
  private readonly keys = new Map<string, number>();

  /** `texts`: sources that are no files, by URI; also of files that are not where debug information says. */
  constructor(program: TokenProgram, debug: DebugInfo | undefined, texts: ReadonlyMap<string, string> = new Map()) {
    this.program = program;
    this.debug = debug;
    this.texts = texts;
    this.lineKeys = new Int32Array(program.ops.length).fill(NO_LINE);
    this.statementKeys = new Int32Array(program.ops.length).fill(NO_LINE);
    this.starts = new Uint8Array(program.ops.length);
    this.inlined = new InlinedCalls(program, debug);
    this.files = debug ? this.mapStatements(debug) : new Map();
  }

  /** Code offset (as DWARF counts) of an instruction; undefined for those that stand for no wasm operator. */
  codeOffset(cursor: number): number | undefined {
    const offset = this.program.offsets[cursor];
    return offset === undefined || offset < 0 ? undefined : offset - this.program.codeSection;
  }

  /** Where a file of debug information is to be read: a path of the host, or the URI of a text. */
  sourceOf(file: string): string {
    const path = hostPath(file);
    const uri = embeddedUri(path);
    return this.texts.has(uri) ? uri : path;
  }

  /** C line of an instruction, prologues included; undefined in code without line information. */
  placeOf(cursor: number): SourcePlace | undefined {
    return this.framesOf(cursor)[0]?.place;
  }

  /**
   * The functions of the source that an instruction is in, inlined ones first, each with its place: where the call of
   * the one before it was made. `index` is what debug information knows it by. Empty without debug information.
   */
  framesOf(cursor: number): SourceFramePlace[] {
    const offset = this.codeOffset(cursor);
    if (offset === undefined || !this.debug) return [];
    const frames = this.debug.framesAt(offset);
    const found = this.debug.nearestLineAt(offset);
    return frames
      .map(({ name }, index) => {
        const { file, line = 0, column = 0 } = (index === 0 ? found : frames[index - 1].call) ?? {};
        return { index, name, place: file === undefined ? undefined : { file: this.sourceOf(file), line, column } };
      })
      .slice(this.innermost(cursor));
  }

  /** Index of the innermost frame of an instruction, as debug information counts them; see `framesOf`. */
  innermost(cursor: number): number {
    return this.inlined.hidden.get(cursor) ?? 0;
  }

  /** The inlined call that a frame of an instruction is; `index` as in `framesOf`. */
  callOf(cursor: number, index: number): number {
    let call = this.inlined.at[cursor];
    for (let i = this.innermost(cursor); i < index; i++) call = this.inlined.callers[call];
    return call;
  }

  /** The place of a numbered line. */
  lineOf(key: number): { readonly file: string; readonly line: number } {
    return this.places[key];
  }

  /** Instructions at which the statements of a line begin. */
  cursorsOf(file: string, line: number): readonly number[] {
    return this.cursors[this.keys.get(`${line}:${file}`) ?? -1] ?? [];
  }

  /** The statements of a line that have code, in the order of the text. */
  statementsOf(file: string, line: number): readonly Statement[] {
    const known = this.onLine[this.keys.get(`${line}:${file}`) ?? -1] ?? [];
    return known.map((statement) => this.statements[statement]).filter(({ cursors }) => cursors.length > 0);
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

  /**
   * Where a breakpoint on a function goes: its first statement, or the instruction behind its prologue; and the first
   * statement of it wherever it was inlined. Empty where there is no such function.
   */
  entriesOf(name: string): number[] {
    const { at, calls } = this.inlined;
    const entries = calls.flatMap((call, number) => {
      const entry =
        call.name === name ? at.findIndex((here, cursor) => here === number && this.starts[cursor] === 1) : -1;
      return entry < 0 ? [] : [entry];
    });
    const bodies = this.functionsNamed(name).map(({ body, end }) => {
      const start = this.starts.indexOf(1, body);
      return start >= 0 && start < end ? start : body;
    });
    return [...bodies, ...entries];
  }

  /** The functions of the token program that are called so in C, or by the machine. */
  functionsNamed(name: string): ProgramFunction[] {
    const source = this.debug?.functionNamed(name);
    const isNamed = (found: FunctionInfo | undefined) =>
      found?.name === source?.name && (!name.includes('::') || found?.path === name);
    return this.program.functions.filter((fn) =>
      source ? fn.index >= 0 && isNamed(this.sourceFunctionAt(fn.body)) : fn.name === name,
    );
  }

  /** Instruction of a wasm file offset: the first that stands for the operator there. */
  cursorAtOffset(offset: number): number | undefined {
    const cursor = this.program.offsets.indexOf(offset);
    return cursor < 0 ? undefined : cursor;
  }

  /**
   * The last line with code of the function that a line of a file lies in, which begins where the function is declared;
   * undefined where no function with code is known to be.
   */
  functionEnd(file: string, line: number): number | undefined {
    return [...(this.extents.get(file) ?? [])].find(([first, last]) => first <= line && line <= last)?.[1];
  }

  private mapStatements(debug: DebugInfo): Map<string, Int32Array> {
    const { program } = this;
    const statements = this.allStatements(debug);
    for (const fn of program.functions) {
      if (fn.index < 0) continue;
      const layout = new CallLayout(this.inlined);
      let last = -1;
      for (let cursor = fn.body; cursor < fn.end; cursor++) {
        const found = indexAt(statements, program.offsets[cursor] - program.codeSection);
        if (found < 0) continue;
        const { file, line } = statements[found];
        const caller = layout.enter(cursor, (call) => this.callKey(call));
        const key = caller ?? this.keyOf(file, line);
        this.lineKeys[cursor] = key;
        this.extend(cursor, key);
        const statement = this.statementAt(cursor, key);
        this.statementKeys[cursor] = statement;
        const begins = layout.begins(key, statement, found > last);
        if (begins) this.statements[statement].cursors.push(cursor);
        if (begins === 'line') {
          this.starts[cursor] = 1;
          this.cursors[key].push(cursor);
        }
        last = found;
      }
    }
    const files = new Map<string, number[]>();
    this.places.forEach(({ file, line }, key) => {
      if (this.cursors[key].length === 0) return;
      const lines = files.get(file);
      if (lines) lines.push(line);
      else files.set(file, [line]);
    });
    return new Map([...files].map(([file, lines]) => [file, Int32Array.from(lines).sort()]));
  }

  /**
   * Every statement of every file, in order of code. Files that are not at hand, where others are, belong to libraries that
   * came compiled with debug information of their own: they are stepped through like all libraries.
   */
  private allStatements(debug: DebugInfo): { file: string; line: number; start: number; end: number }[] {
    const isAtHand = (name: string) => this.texts.has(this.sourceOf(name)) || existsSync(this.sourceOf(name));
    const own = debug.files.filter(isAtHand);
    const statements = (own.length > 0 ? own : debug.files).flatMap((name) => {
      const file = this.sourceOf(name);
      return debug
        .linesWithCode(name)
        .flatMap((line) => debug.statementsOf(name, line).map(({ start, end }) => ({ file, line, start, end })));
    });
    return statements.sort((a, b) => a.start - b.start);
  }

  /** A line has code of the function that is innermost at an instruction. */
  private extend(cursor: number, key: number): void {
    const call = this.inlined.at[cursor];
    const declared = call === NOT_INLINED ? this.sourceFunctionAt(cursor) : this.inlined.calls[call];
    const { file, line } = this.places[key];
    if (declared?.file === undefined || this.sourceOf(declared.file) !== file || declared.line > line) return;
    let extents = this.extents.get(file);
    if (!extents) {
      extents = new Map();
      this.extents.set(file, extents);
    }
    extents.set(declared.line, Math.max(extents.get(declared.line) ?? 0, line));
  }

  /** The number of the statement that an instruction of a line belongs to. */
  private statementAt(cursor: number, key: number): number {
    const { file, line } = this.places[key];
    const known = this.onLine[key];
    if (known.length === 0) {
      const text = file.endsWith('.wat') ? undefined : this.sources.line(file, line);
      for (const column of text ? statementColumns(text) : []) {
        known.push(this.statements.length);
        this.statements.push({ column, cursors: [] });
      }
      if (known.length === 0) {
        known.push(this.statements.length);
        this.statements.push({ column: 0, cursors: [] });
      }
    }
    if (known.length === 1) return known[0];
    const column = this.placeOf(cursor)?.column ?? 0;
    return known.findLast((statement) => this.statements[statement].column <= column) ?? known[0];
  }

  /** The number of a line. */
  private keyOf(file: string, line: number): number {
    const name = `${line}:${file}`;
    let key = this.keys.get(name);
    if (key === undefined) {
      key = this.places.length;
      this.keys.set(name, key);
      this.places.push({ file, line });
      this.cursors.push([]);
      this.onLine.push([]);
    }
    return key;
  }

  /** The number of the line that an inlined call was made on; NO_LINE when unknown. */
  private callKey(call: number): number {
    const { callFile, callLine } = this.inlined.calls[call];
    return callFile === undefined || callLine === 0 ? NO_LINE : this.keyOf(this.sourceOf(callFile), callLine);
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
