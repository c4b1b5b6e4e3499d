/**
 * The text of C sources: lines, and where statements begin on one. Line tables know columns, of operands as well as of
 * statements: which is which the text says.
 */
import { readFileSync } from 'node:fs';

/** Lines of files, read when first asked for. A file that is gone has none. */
export class SourceText {
  private readonly files = new Map<string, readonly string[]>();

  /** A line (from 1) as it stands there; undefined where there is none. */
  line(file: string, line: number): string | undefined {
    return this.lines(file)[line - 1];
  }

  lines(file: string): readonly string[] {
    let lines = this.files.get(file);
    if (!lines) {
      lines = read(file);
      this.files.set(file, lines);
    }
    return lines;
  }
}

function read(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}

/** A comment, a character, a string, or something else that is none. */
const PIECE = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"((?:\\[\s\S]|[^"\\\n])*)"|\S/g;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

/** String literals of C, those that stand behind one another as one: for each of its characters the line (from 1). */
export function literalsIn(lines: readonly string[]): { readonly text: string; readonly lines: readonly number[] }[] {
  const found: { text: string; lines: number[] }[] = [];
  let line = 1;
  let seen = 0;
  let goesOn = false;
  const source = lines.join('\n');
  for (const { 0: piece, 1: string, index } of source.matchAll(PIECE)) {
    for (; seen < index; seen++) if (source[seen] === '\n') line++;
    if (string !== undefined) {
      const text = unescaped(string);
      const last = goesOn ? found[found.length - 1] : { text: '', lines: [] };
      if (!goesOn) found.push(last);
      last.text += text;
      last.lines.push(...Array.from(text, () => line));
    }
    goesOn = string !== undefined || (goesOn && /^\/[*/]/.test(piece));
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(\n)|(.))/g, (_, hex, octal, join, other) => {
    if (hex ?? octal) return String.fromCharCode(Number.parseInt(hex ?? octal, hex ? 16 : 8));
    return join ? '' : (ESCAPES[other] ?? other);
  });
}

/** What is no end of a statement, though it may look like one: comments, characters and strings. */
const OPAQUE = /\/\*.*?(?:\*\/|$)|\/\/.*|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/g;

/** What a statement follows that belongs to it: the head before this parenthesis. */
const HEAD = /\b(?:for|if|while|switch)\s*$/;

/** Columns (from 1, ascending) at which statements of a line of C begin, the parts of a `for`'s head among them. */
export function statementColumns(text: string): number[] {
  const plain = text.replace(OPAQUE, (opaque) => (opaque.startsWith('/') ? ' ' : '_').repeat(opaque.length));
  const columns: number[] = [];
  const isHead: boolean[] = [];
  let begins = true;
  for (let at = 0; at < plain.length; at++) {
    const character = plain[at];
    if (/\s/.test(character)) continue;
    if (/[;{}]/.test(character)) {
      begins = true;
      continue;
    }
    if (begins) columns.push(at + 1);
    begins = /\b(?:else|do)$/.test(plain.slice(0, at + 1)) && !/\w/.test(plain[at + 1] ?? '');
    if (character === '(') isHead.push(HEAD.test(plain.slice(0, at)));
    if (character === ')') begins = isHead.pop() === true;
  }
  return columns;
}
