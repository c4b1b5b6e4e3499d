/**
 * Reads what clang and lld print. clang runs with one diagnostic per line (`file:line:column: severity: message`);
 * lld's messages name objects instead of lines.
 */
import { PlacedError } from '../errors.ts';
import { hostPath } from './clang-paths.ts';

/** One message of the compiler or linker. Lines and columns count from 1; 0 where there is none. */
export interface Diagnostic {
  severity: 'error' | 'warning' | 'note';
  message: string;
  /** Absolute host path; empty where there is none. */
  file: string;
  line: number;
  /** In UTF-16 code units, as editors count. */
  column: number;
}

/** Compiling or linking failed. The place is that of the first error. */
export class CompileFailed extends PlacedError {
  readonly diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    const first = errors[0];
    const more =
      errors.length > 1 ? ` (and ${errors.length - 1} more ${errors.length === 2 ? 'error' : 'errors'})` : '';
    super(`${first.message}${more}`, {
      file: first.file || undefined,
      line: first.line || undefined,
      column: first.column || undefined,
    });
    this.name = 'CompileFailed';
    this.diagnostics = diagnostics;
  }
}

const CLANG_LINE = /^(.*):(\d+):(\d+): (fatal error|error|warning|note|remark): (.*)$/;
const CLANG_PLACELESS = /^(?:clang: )?(fatal error|error|warning|note): (.*)$/;

/** Bytes of a source file by host path, for turning byte columns into code units. */
export type SourceLookup = (file: string) => Uint8Array | undefined;

/** What `clang -cc1` printed, as diagnostics; lines of other forms (counts, include stacks) carry nothing. */
export function parseClang(log: string, source: SourceLookup): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const text of log.split('\n')) {
    const placed = CLANG_LINE.exec(text);
    if (placed) {
      const file = hostPath(placed[1]);
      const line = Number(placed[2]);
      const column = codeUnitColumn(source(file), line, Number(placed[3]));
      diagnostics.push({ severity: severity(placed[4]), message: placed[5], file, line, column });
      continue;
    }
    const bare = CLANG_PLACELESS.exec(text);
    if (bare) diagnostics.push({ severity: severity(bare[1]), message: bare[2], file: '', line: 0, column: 0 });
  }
  return diagnostics;
}

function severity(word: string): Diagnostic['severity'] {
  if (word.endsWith('error')) return 'error';
  return word === 'warning' ? 'warning' : 'note';
}

/** Column in code units of the byte column that clang counts (a byte order mark is not counted by either). */
function codeUnitColumn(bytes: Uint8Array | undefined, line: number, column: number): number {
  if (!bytes || column <= 1) return column;
  let start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let left = line - 1; left > 0; left--) {
    start = bytes.indexOf(10, start) + 1;
    if (start === 0) return column;
  }
  return new TextDecoder().decode(bytes.subarray(start, start + column - 1)).length + 1;
}

/** The objects of a link: host path of the C file behind each object's name. */
export type ObjectNames = ReadonlyMap<string, string>;

/** What `wasm-ld` printed, as diagnostics. */
export function parseLinker(log: string, objects: ObjectNames): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  /* Lines starting with `>>>` continue the message before. */
  for (const entry of log.split(/\n(?!>>>)/)) {
    const match = /^wasm-ld: (error|warning): ([\s\S]*)$/.exec(entry.trim());
    if (!match) continue;
    let file = '';
    const named = match[2].replaceAll(/\/(?:out|libc)\/[\w.-]+(?:\([\w.-]+\))?/g, (name) => {
      const source = objects.get(name.replace(/\.lto.*$/, ''));
      if (source && !file) file = source;
      return source ?? name.replace(/^\/libc\/libc\.a\((.*)\)$/, 'the C library ($1)');
    });
    diagnostics.push({ ...linkerMessage(named, match[1] as 'error' | 'warning', file), line: 0, column: 0 });
  }
  return diagnostics;
}

function linkerMessage(text: string, kind: 'error' | 'warning', file: string) {
  const missing = /undefined symbol: (\S+)/.exec(text);
  if (missing) {
    const name = missing[1];
    if (name === '__main_argc_argv' || name === '__main_void' || name === 'main') {
      return {
        severity: 'error' as const,
        message: 'the program has no `main` function; define `int main(void)` or `int main(int argc, char **argv)`',
        file: '',
      };
    }
    return {
      severity: 'error' as const,
      message: `\`${name}\` is used but defined nowhere: no file of the program has it, nor does the C library`,
      file,
    };
  }
  const twice = /duplicate symbol: (\S+)\n>>> defined in (.*)\n>>> defined in (.*)/.exec(text);
  if (twice) {
    return {
      severity: 'error' as const,
      message: `\`${twice[1]}\` is defined in ${twice[2]} and in ${twice[3]}`,
      file,
    };
  }
  return { severity: kind, message: text.replaceAll('\n>>> ', '; '), file };
}
