/**
 * S-expressions of WebAssembly's text format, with the places they come from: as much of the syntax as scripts need.
 * What is inside a module is not looked at: its text goes to wabt as it stands.
 */
import { type Place, PlacedError } from '../errors.ts';

/** Offsets count characters of the text; lines count from 1. */
interface Placed {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

export interface List extends Placed {
  readonly kind: 'list';
  readonly items: readonly Expression[];
}

/** A word: keyword, number, `$name`. */
export interface Word extends Placed {
  readonly kind: 'word';
  readonly text: string;
}

/** A string: any bytes. */
export interface Text extends Placed {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
}

export type Expression = List | Word | Text;

/** White space, comments (but for nested ones), parentheses, strings, words. */
const TOKEN = /[ \t\n\r]+|;;[^\n\r]*|(\(;)|([()])|"([^"\\]*(?:\\[\s\S][^"\\]*)*)"|([^\s()";]+)|[\s\S]/g;

/** Column of an offset, counted from 1 in characters. */
export function columnOf(text: string, offset: number): number {
  return offset - text.lastIndexOf('\n', offset - 1);
}

/**
 * Reads all expressions of a text.
 * @throws PlacedError with line and column where parentheses do not match, or something is neither
 */
export function parseExpressions(text: string, file: string): Expression[] {
  const top: Expression[] = [];
  const open: { items: Expression[]; line: number; start: number }[] = [];
  let items = top;
  let line = 1;
  let counted = 0;
  const lineAt = (offset: number) => {
    for (; counted < offset; counted++) if (text.charCodeAt(counted) === 10) line++;
    return line;
  };
  const place = (start: number) => ({ file, line: lineAt(start), column: columnOf(text, start) });
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
    const [whole, comment, parenthesis, string, word] = match;
    const start = match.index;
    const end = start + whole.length;
    if (comment) {
      TOKEN.lastIndex = commentEnd(text, start);
      if (TOKEN.lastIndex === 0) throw new PlacedError('a comment that does not end', place(start));
    } else if (parenthesis === '(') {
      open.push({ items, line: lineAt(start), start });
      items = [];
    } else if (parenthesis === ')') {
      const list = open.pop();
      if (!list) throw new PlacedError('a `)` without its `(`', place(start));
      list.items.push({ kind: 'list', items, line: list.line, start: list.start, end });
      items = list.items;
    } else if (string !== undefined) {
      const bytes = stringBytes(string, place(start));
      items.push({ kind: 'string', bytes, line: lineAt(start), start, end });
    } else if (word !== undefined) {
      items.push({ kind: 'word', text: word, line: lineAt(start), start, end });
    } else if (!/^(?:\s|;;)/.test(whole)) {
      const what = whole === '"' ? 'a string that does not end' : `unexpected ${JSON.stringify(whole)}`;
      throw new PlacedError(what, place(start));
    }
  }
  const unclosed = open.pop();
  if (unclosed) {
    const column = columnOf(text, unclosed.start);
    throw new PlacedError('a `(` without its `)`', { file, line: unclosed.line, column });
  }
  return top;
}

/** Where the block comment that begins at `start` ends, those inside it included; 0 if it does not. */
function commentEnd(text: string, start: number): number {
  const edge = /\(;|;\)/g;
  edge.lastIndex = start;
  let depth = 0;
  for (let match = edge.exec(text); match; match = edge.exec(text)) {
    depth += match[0] === '(;' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return 0;
}

const ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, '\\': 92 };

function stringBytes(source: string, place: Place): Uint8Array {
  if (!source.includes('\\')) return new TextEncoder().encode(source);
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [, escaped, plain] of source.matchAll(/\\(u\{[\da-f_]+\}|[\da-f]{2}|[\s\S])|([^\\]+)/gi)) {
    if (plain !== undefined) {
      for (const byte of encoder.encode(plain)) bytes.push(byte);
    } else if (escaped.startsWith('u{')) {
      const code = Number.parseInt(escaped.slice(2, -1).replaceAll('_', ''), 16);
      if (code > 0x10ffff) throw new PlacedError(`no character ${escaped}`, place);
      for (const byte of encoder.encode(String.fromCodePoint(code))) bytes.push(byte);
    } else if (escaped.length === 2) {
      bytes.push(Number.parseInt(escaped, 16));
    } else if (escaped in ESCAPES) {
      bytes.push(ESCAPES[escaped]);
    } else {
      throw new PlacedError(`unknown escape \\${escaped} in a string`, place);
    }
  }
  return Uint8Array.from(bytes);
}
