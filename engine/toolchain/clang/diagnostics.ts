/**
 * Reads what clang and lld print. clang runs with one diagnostic per line (`file:line:column: severity: message`);
 * lld's messages name objects instead of lines.
 */
import { PlacedError, type Problem } from '../../errors.ts';
import { explained, whyNoFunction } from './absent.ts';
import { hostPath } from './paths.ts';

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

/** Compiling or linking failed. Its problems are the errors among the diagnostics. */
export class CompileFailed extends PlacedError {
  readonly diagnostics: Diagnostic[];

  constructor(diagnostics: Diagnostic[]) {
    const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error').map(problemOf);
    super(first.message, first.place, others);
    this.name = 'CompileFailed';
    this.diagnostics = diagnostics;
  }
}

function problemOf({ message, file, line, column }: Diagnostic): Problem {
  const known = (value: number) => (value === 0 ? undefined : value);
  return { message, place: { file: file || undefined, line: known(line), column: known(column) } };
}

const CLANG_LINE = /^(.*):(\d+):(\d+): (fatal error|error|warning|note|remark): (.*)$/;
const CLANG_PLACELESS = /^(?:clang: )?(fatal error|error|warning|note): (.*)$/;

/** Bytes of a source file by host path, for turning byte columns into code units. */
export type SourceLookup = (file: string) => Uint8Array | undefined;

/** What clang calls the file that assembly outside of functions is in. */
const ASSEMBLY = '<inline asm>';

/**
 * What `clang -cc1` printed of a file, as diagnostics; lines of other forms (counts, include stacks) carry nothing.
 * @param main the file, by its host path: errors without a place are its own
 */
export function parseClang(log: string, source: SourceLookup, main = ''): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const text of log.split('\n')) {
    const placed = CLANG_LINE.exec(text);
    if (placed?.[1] === ASSEMBLY) {
      const found = { file: main, ...firstAssembly(source(main)) };
      diagnostics.push({ severity: severity(placed[4]), message: explained(placed[5]), ...found });
      continue;
    }
    if (placed) {
      const file = hostPath(placed[1]);
      const line = Number(placed[2]);
      const column = codeUnitColumn(source(file), line, Number(placed[3]));
      diagnostics.push({ severity: severity(placed[4]), message: explained(placed[5]), file, line, column });
      continue;
    }
    const bare = CLANG_PLACELESS.exec(text);
    if (bare && !bare[2].startsWith('too many errors'))
      diagnostics.push({ severity: severity(bare[1]), message: bare[2], file: main, line: 0, column: 0 });
  }
  return diagnostics;
}

function severity(word: string): Diagnostic['severity'] {
  if (word.endsWith('error')) return 'error';
  return word === 'warning' ? 'warning' : 'note';
}

/** Where a file first mentions assembly. */
function firstAssembly(bytes: Uint8Array | undefined): { line: number; column: number } {
  const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n');
  const found = lines.findIndex((line) => /\b(asm|__asm|__asm__)\b/.test(line));
  return found < 0 ? { line: 0, column: 0 } : { line: found + 1, column: lines[found].search(/\b(__)?asm/) + 1 };
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

/** What C++ programs say where its library's headers call these. */
const CXX_NAMES: Readonly<Record<string, string>> = { pthread_create: 'thread' };

/** The objects of a link: host path of the C file behind each object's name. */
export type ObjectNames = ReadonlyMap<string, string>;

/** What `wasm-ld` printed, as diagnostics; `source` serves to find where a missing name is used. */
export function parseLinker(log: string, objects: ObjectNames, source: SourceLookup): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  /* Lines starting with `>>>` continue the message before. */
  for (const entry of log.split(/\n(?!>>>)/)) {
    const match = /^wasm-ld: (error|warning): ([\s\S]*)$/.exec(entry.trim());
    if (!match) continue;
    const files: string[] = [];
    const named = match[2].replaceAll(/\/(?:out|libc)\/[\w.-]+(?:\([\w.-]+\))?/g, (name) => {
      const file = objects.get(name.replace(/\.lto.*$/, ''));
      if (file) files.push(file);
      return file ?? name.replace(/^\/libc\/libc(?:-float)?\.a\((.*)\)$/, 'the C library ($1)');
    });
    const candidates = files.length > 0 ? files : [...objects.values()];
    const found = linkerMessage(named, match[1] as 'error' | 'warning', candidates, source);
    if (!diagnostics.some((other) => other.message === found.message && other.file === found.file)) {
      diagnostics.push(found);
    }
  }
  return diagnostics;
}

function linkerMessage(
  text: string,
  kind: 'error' | 'warning',
  files: readonly string[],
  source: SourceLookup,
): Diagnostic {
  const place = { file: files.length === 1 ? files[0] : '', line: 0, column: 0 };
  /* clang's names for the forms of main. */
  const plain = text.replaceAll(/\b(?:__original_main|__main_void|__main_argc_argv)\b/g, 'main');
  const assembly = /<inline asm>:\d+:\d+: (.*)/.exec(plain);
  if (assembly) {
    return { severity: kind, message: explained(assembly[1]), file: place.file, ...firstAssembly(source(place.file)) };
  }
  const missing = /undefined symbol: (\S+)/.exec(plain);
  if (missing?.[1] === 'main') {
    return {
      severity: 'error',
      message: 'the program has no `int main(void)` and no `int main(int argc, char **argv)`',
      ...place,
      file: '',
    };
  }
  if (missing) {
    const name = missing[1].replace(/^__wrap_/, '');
    const reason = whyNoFunction(name) ?? 'not in the program, not in the C library';
    const message = `\`${name}\` is used but defined nowhere: ${reason}`;
    for (const file of files) {
      const use = findUse(source(file), name) ?? findUse(source(file), CXX_NAMES[name]);
      if (use) return { severity: 'error', message, file, ...use };
    }
    return { severity: 'error', message, ...place };
  }
  const twice = /duplicate symbol: (\S+)\n>>> defined in (.*)\n>>> defined in (.*)/.exec(plain);
  if (twice) {
    const message = `\`${twice[1]}\` is defined in ${twice[2]} and in ${twice[3]}`;
    return { severity: 'error', message, ...place, file: files.at(-1) ?? '' };
  }
  return { severity: kind, message: plain.replaceAll('\n>>> ', '; '), ...place };
}

/** The first place inside braces where a C file mentions a name, outside of comments and strings. */
function findUse(bytes: Uint8Array | undefined, name: string): { line: number; column: number } | undefined {
  if (!bytes) return undefined;
  const text = new TextDecoder().decode(bytes);
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(
    /\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[{}]|[A-Za-z_]\w*/g,
  )) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (token === name && depth > 0) {
      return { line: text.slice(0, index).split('\n').length, column: index - text.lastIndexOf('\n', index - 1) };
    }
  }
  return undefined;
}
