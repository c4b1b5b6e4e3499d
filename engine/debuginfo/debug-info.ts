/**
 * What a debugger asks about a module's code, answered by code offset: which line of which source, which functions and
 * variables. What all debug information has in common, whatever it was read from, is here; see `DwarfInfo` and `MappedInfo`.
 *
 * A *code offset* counts from the start of the code section's payload (the function count): what DWARF holds. A file
 * offset is `codeStart` more.
 */
import type { Unit } from './dwarf/entries.ts';
import { ROW } from './dwarf/line-registers.ts';
import { type FileTable, type LineTable, rowAt } from './dwarf/lines.ts';
import type { Range } from './dwarf/ranges.ts';
import type { ModuleSections } from './dwarf/sections.ts';
import type { NameIndex } from './scopes/names.ts';
import { type FunctionInfo, type Scope, scopesAt, type Variable } from './scopes/scopes.ts';
import { type Statement, StatementIndex } from './scopes/statements.ts';

/** A place in the source; lines and columns from 1, column 0 when unknown. */
export interface SourceLine {
  file: string;
  line: number;
  column: number;
  /** Whether the compiler recommends the place for a breakpoint. */
  isStmt: boolean;
}

/** A function as the source has it: one with code of its own, or one inlined into it. */
export interface SourceFrame {
  name: string;
  /** Where the function is declared. */
  file: string | undefined;
  line: number;
  /** For one that is inlined, where it was called (line and column 0 when unknown); undefined for one with code. */
  call: { file: string | undefined; line: number; column: number } | undefined;
  /** Its code, code inlined into it included. */
  ranges: readonly Range[];
}

export abstract class DebugInfo {
  /** What could not be read, in words. */
  readonly warnings: string[] = [];
  /** Whether variables are the source's, with its types, rather than numbers of the machine. */
  abstract readonly isTyped: boolean;
  /** Every row of the line table, sorted by code offset. */
  abstract readonly lines: LineTable;
  /** Functions with code, by their first byte. */
  abstract readonly functions: FunctionInfo[];
  /** Variables outside functions, file-static ones included. */
  abstract readonly globals: Variable[];
  /** File offset of code offset 0. */
  readonly codeStart: number;
  protected readonly module: ModuleSections;
  protected readonly fileTable: FileTable;
  private statementIndex: StatementIndex | undefined;
  private functionsByName: Map<string, FunctionInfo> | undefined;

  protected constructor(module: ModuleSections, fileTable: FileTable) {
    this.module = module;
    this.fileTable = fileTable;
    this.codeStart = module.codeStart;
  }

  /** A global by name as `unit` sees it: its own first, then those of others. */
  abstract globalNamed(name: string, unit?: Unit): Variable | undefined;

  /** Typedefs, tags and enum constants: of `unit` first, then of the other units. */
  abstract namesFor(unit?: Unit): NameIndex[];

  /** Normalised source paths: directory and name joined. */
  get files(): string[] {
    return this.fileTable.paths;
  }

  /** The source line of a code offset; undefined outside known code and in code that belongs to no line. */
  lineAt(codeOffset: number): SourceLine | undefined {
    const row = rowAt(this.lines, codeOffset);
    return row < 0 || this.lines.lines[row] === 0 ? undefined : this.sourceLine(row);
  }

  /** Like `lineAt`, but code without a line counts to the line before it in the same function. */
  nearestLineAt(codeOffset: number): SourceLine | undefined {
    const low = this.functionAt(codeOffset)?.lowPc ?? codeOffset;
    for (let row = rowAt(this.lines, codeOffset); row >= 0 && this.lines.offsets[row] >= low; row--) {
      if (this.lines.flags[row] & ROW.endSequence) return undefined;
      if (this.lines.lines[row] !== 0) return this.sourceLine(row);
    }
    return undefined;
  }

  private sourceLine(row: number): SourceLine {
    const { files, lines, columns, flags } = this.lines;
    const isStmt = (flags[row] & ROW.isStatement) !== 0;
    return { file: this.files[files[row]] ?? '', line: lines[row], column: columns[row], isStmt };
  }

  /** Statements that begin on a line of a file (a path as in `files`): where its breakpoints go. */
  statementsOf(file: string, line: number): Statement[] {
    const index = this.fileTable.find(file);
    return index === undefined ? [] : this.statements().at(index, line);
  }

  /** Lines of a file with statements, ascending. */
  linesWithCode(file: string): number[] {
    const index = this.fileTable.find(file);
    return index === undefined ? [] : this.statements().linesOf(index);
  }

  /** The function whose body holds a code offset. */
  functionAt(codeOffset: number): FunctionInfo | undefined {
    let low = 0;
    let high = this.functions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.functions[middle].lowPc <= codeOffset) low = middle + 1;
      else high = middle;
    }
    const found = this.functions[low - 1];
    return found && codeOffset < found.highPc ? found : undefined;
  }

  /** A function by its name; of several the first in the code. */
  functionNamed(name: string): FunctionInfo | undefined {
    if (!this.functionsByName) {
      this.functionsByName = new Map();
      for (const found of this.functions.toReversed()) this.functionsByName.set(found.name, found);
    }
    if (name.includes('::')) return this.functions.find(({ path }) => path === name);
    return this.functionsByName.get(name);
  }

  private statements(): StatementIndex {
    this.statementIndex ??= new StatementIndex(this.lines, this.functions);
    return this.statementIndex;
  }

  /**
   * The functions of the source that a code offset is in: the innermost inlined one first, the one with the code last;
   * none outside of functions. What `variablesAt` and `ProgramScope` call a frame is an index into this.
   */
  framesAt(codeOffset: number): SourceFrame[] {
    const owner = this.functionAt(codeOffset);
    if (!owner) return [];
    const { name, file, line, scope } = owner;
    const frames: SourceFrame[] = [{ name, file, line, call: undefined, ranges: scope.ranges }];
    for (const { inlined, ranges } of scopesAt(scope, codeOffset)) {
      if (!inlined) continue;
      const call = { file: inlined.callFile, line: inlined.callLine, column: inlined.callColumn };
      frames.unshift({ name: inlined.name, file: inlined.file, line: inlined.line, call, ranges });
    }
    return frames;
  }

  /**
   * Parameters and locals in scope, innermost block first, those hidden by an inner one of the same name left out. A
   * variable whose declaration lies on a later line of the same file is not in scope yet. `frame` is an index
   * into `framesAt(codeOffset)`.
   */
  variablesAt(codeOffset: number, frame = 0): Variable[] {
    const owner = this.functionAt(codeOffset);
    if (!owner) return [];
    const chain = scopesAt(owner.scope, codeOffset);
    const starts = [...chain.keys()].filter((index) => index === 0 || chain[index].inlined).reverse();
    const start = starts[frame];
    if (start === undefined) return [];
    const end = frame === 0 ? chain.length : starts[frame - 1];
    const call = frame === 0 ? undefined : chain[end].inlined;
    const here = call ? { file: call.callFile, line: call.callLine } : this.nearestLineAt(codeOffset);
    return visible(chain.slice(start, end), here?.file, here?.line ?? 0);
  }

  /** Name of the function that a function pointer of this value calls, where the module says so. */
  functionInTable(index: number): string | undefined {
    return this.calledThrough(index)?.name ?? this.module.functionNames.get(this.module.table.get(index) ?? -1);
  }

  /** The function of the source that a function pointer of this value calls. */
  calledThrough(index: number): FunctionInfo | undefined {
    const callee = this.module.table.get(index);
    const body = callee === undefined ? undefined : this.module.bodies[callee - this.module.importedFunctions];
    return body === undefined ? undefined : this.functionAt(body);
  }

  /** The function pointer of a function; undefined when no table entry holds it. */
  tableIndexOf(found: FunctionInfo): number | undefined {
    for (const [index, callee] of this.module.table) {
      if (this.module.bodies[callee - this.module.importedFunctions] === found.lowPc) return index;
    }
    return undefined;
  }

  /** The index of a function in the module's function space; undefined where it has no body of its own. */
  indexOf(found: FunctionInfo): number | undefined {
    const body = this.module.bodies.indexOf(found.lowPc);
    return body < 0 ? undefined : this.module.importedFunctions + body;
  }

  /** The function that a function pointer of this value calls, by its index in the module's function space. */
  indexInTable(entry: number): number | undefined {
    return this.module.table.get(entry);
  }

  /** Whether code of a function was put into others. */
  isInlined(name: string): boolean {
    const holds = ({ inlined, children }: Scope): boolean => inlined?.name === name || children.some(holds);
    return this.functions.some(({ scope }) => holds(scope));
  }

  /** The row the compiler marked; without one, where the function's second line begins, as debuggers do. */
  protected prologueEnd(found: FunctionInfo): number {
    const { offsets, lines, flags, count } = this.lines;
    const first = rowAt(this.lines, found.lowPc);
    if (first < 0) return found.lowPc;
    let second: number | undefined;
    for (let row = first; row < count && offsets[row] < found.highPc; row++) {
      if (flags[row] & ROW.prologueEnd) return Math.max(offsets[row], found.lowPc);
      if (row > first && second === undefined && lines[row] !== 0 && lines[row] !== lines[first]) second = offsets[row];
    }
    return second ?? found.lowPc;
  }
}

function visible(scopes: Scope[], file: string | undefined, line: number): Variable[] {
  const found: Variable[] = [];
  const seen = new Set<string>();
  for (const scope of [...scopes].reverse()) {
    const declared = scope.variables.filter(
      (variable) => variable.isParameter || variable.file !== file || line === 0 || variable.line <= line,
    );
    for (const variable of declared) {
      if (seen.has(variable.name)) continue;
      seen.add(variable.name);
      found.push(variable);
    }
  }
  return found;
}
