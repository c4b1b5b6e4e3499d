/**
 * Where breakpoints go: from a line of a file, or an instruction, to instructions of the token program. A line
 * without code slides to the next one of the same function that has some.
 */
import { realpathSync } from 'node:fs';
import { basename, normalize } from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { embeddedSource } from '../../engine/toolchain/debug/texts.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { CodeMap } from '../recording/code-map.ts';
import { PAGE_LINES, pageOfUri } from '../recording/trace-pages.ts';

/** Where a breakpoint lies, and how it is shown. */
export interface Placement {
  cursors: readonly number[];
  traceLine?: number;
  shown: Omit<DebugProtocol.Breakpoint, 'id'>;
}

/** Places a breakpoint on a line of a C file, or on the statement of it at a column. */
export function placeSource(code: CodeMap, path: string, line: number, column?: number): Placement {
  const unplaced = (message: string): Placement => ({ cursors: [], shown: { verified: false, message, line } });
  if (!code.debug) {
    return unplaced('The module has no debug information: set breakpoints in the trace or the disassembly.');
  }
  const file = fileOf(code, path);
  if (file === undefined) return unplaced(`${basename(path)} is not a part of the program, or has no code.`);
  const found = code.files.get(file)?.find((candidate) => candidate >= line);
  if (found === undefined || (found > line && found > (code.functionEnd(file, line) ?? -1))) {
    return unplaced('There is no code on this line, nor behind it in the same function.');
  }
  const source = { name: basename(file), path: file };
  const statements = code.statementsOf(file, found);
  if (column !== undefined && found === line && statements.length > 1) {
    const statement = statements.findLast((candidate) => candidate.column <= column) ?? statements[0];
    const { cursors } = statement;
    const instructionReference = reference(cursors[0]);
    return { cursors, shown: { verified: true, line, column: statement.column, source, instructionReference } };
  }
  const cursors = code.cursorsOf(file, found);
  return { cursors, shown: { verified: true, line: found, source, instructionReference: reference(cursors[0]) } };
}

/** Places a breakpoint on one instruction. */
export function placeInstruction(code: CodeMap, cursor: number): Placement {
  const place = code.placeOf(cursor);
  const where = place && { line: place.line, source: { name: basename(place.file), path: place.file } };
  return { cursors: [cursor], shown: { verified: true, instructionReference: reference(cursor), ...where } };
}

/** The program's own spelling of a path: equal, equal without case on systems without it, or the same real file. */
export function fileOf(code: CodeMap, path: string): string | undefined {
  const wanted = embeddedSource(path) ?? normalize(path);
  if (code.files.has(wanted)) return wanted;
  const files = [...code.files.keys()];
  if (process.platform === 'win32' || process.platform === 'darwin') {
    const found = files.find((file) => file.toLowerCase() === wanted.toLowerCase());
    if (found) return found;
  }
  const real = realPath(wanted);
  return files.find((file) => realPath(file) === real);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** How clients name an instruction: by its number in the program, which is its address too. */
export function reference(cursor: number): string {
  return String(cursor);
}

/**
 * Lines of a range where a breakpoint can lie, and where there are several statements on one, their columns. In a trace
 * page that is every line.
 */
export function placeLocations(
  code: CodeMap,
  { source: path, line, endLine = line }: ArgumentsOf<'breakpointLocations'>,
): DebugProtocol.BreakpointLocation[] {
  if (pageOfUri(path) !== undefined) {
    const last = Math.min(endLine, PAGE_LINES);
    return Array.from({ length: Math.max(last - line + 1, 0) }, (_, i) => ({ line: line + i }));
  }
  const file = fileOf(code, path);
  if (file === undefined) return [];
  const lines = [...(code.files.get(file) ?? [])].filter((found) => found >= line && found <= endLine);
  return lines.flatMap((found): DebugProtocol.BreakpointLocation[] => {
    const statements = code.statementsOf(file, found);
    return statements.length > 1 ? statements.map(({ column }) => ({ line: found, column })) : [{ line: found }];
  });
}
