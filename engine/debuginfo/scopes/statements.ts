/**
 * From source lines to code: where the statements of a line begin. What breakpoints are built from.
 */

import { ROW } from '../dwarf/line-registers.ts';
import type { LineTable } from '../dwarf/lines.ts';
import type { FunctionInfo } from './scopes.ts';

/**
 * A stretch of code that belongs to one line: it begins at a statement and goes on until another line begins. A `for`
 * line has several: its head, and its increment behind the body.
 */
export interface Statement {
  line: number;
  column: number;
  /** Code offsets: from `start` up to but not including `end`. */
  start: number;
  end: number;
}

/** The statements of each line of each file, made once from the line table. */
export class StatementIndex {
  /** By file index, then by line. */
  private readonly files = new Map<number, Map<number, Statement[]>>();

  /** `functions` are sorted by their first byte. Prologues hold no statements: a function begins behind its own. */
  constructor(table: LineTable, functions: FunctionInfo[]) {
    let next = 0;
    let owner: FunctionInfo | undefined;
    let current: Statement | undefined;
    let currentFile = -1;
    for (let row = 0; row < table.count; row++) {
      const offset = table.offsets[row];
      const line = table.lines[row];
      const file = table.files[row];
      const flags = table.flags[row];
      while (next < functions.length && functions[next].lowPc <= offset) {
        owner = functions[next++];
        if (current) current.end = Math.min(current.end, owner.lowPc);
        current = undefined;
      }
      const inPrologue = owner !== undefined && offset >= owner.lowPc && offset < owner.prologueEnd;
      if (flags & ROW.endSequence || inPrologue) {
        if (current) current.end = offset;
        current = undefined;
        continue;
      }
      // Code without a line, and code of the same line, continues the statement before it.
      if (line === 0 || (current && current.line === line && currentFile === file)) continue;
      if (current) current.end = offset;
      current = undefined;
      if (!(flags & ROW.isStatement)) continue;
      current = { line, column: table.columns[row], start: offset, end: Number.POSITIVE_INFINITY };
      currentFile = file;
      this.add(file, current);
    }
  }

  private add(file: number, statement: Statement): void {
    let lines = this.files.get(file);
    if (!lines) {
      lines = new Map();
      this.files.set(file, lines);
    }
    const found = lines.get(statement.line);
    if (found) found.push(statement);
    else lines.set(statement.line, [statement]);
  }

  /** Statements of a line, in order of code. */
  at(file: number, line: number): Statement[] {
    return this.files.get(file)?.get(line) ?? [];
  }

  /** Lines of the file that have code, ascending. */
  linesOf(file: number): number[] {
    return [...(this.files.get(file)?.keys() ?? [])].sort((a, b) => a - b);
  }
}
