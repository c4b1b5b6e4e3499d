/**
 * S-expressions of WebAssembly's text format, with the places they come from, built of the scanner's words: as much of the
 * syntax as scripts need.
 * What is inside a module is not looked at: its text goes to wabt as it stands.
 */
import { type Place, PlacedError } from '../errors.ts';
import { Lines } from './lines.ts';
import { scanWat } from './scanner.ts';

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

/**
 * Reads all expressions of a text.
 * @throws PlacedError with line and column where parentheses do not match, or something is neither
 */
export function parseExpressions(text: string, file: string): Expression[] {
  const lines = new Lines(text);
  const place = (start: number): Place => ({ file, ...lines.placeOf(start) });
  const top: Expression[] = [];
  const open: { items: Expression[]; line: number; start: number }[] = [];
  let items = top;
  for (const { kind, start, end } of scanWat(text)) {
    const { line } = lines.placeOf(start);
    switch (kind) {
      case '(':
        open.push({ items, line, start });
        items = [];
        break;
      case ')': {
        const list = open.pop();
        if (!list) throw new PlacedError('a `)` without its `(`', place(start));
        list.items.push({ kind: 'list', items, line: list.line, start: list.start, end });
        items = list.items;
        break;
      }
      case 'string': {
        const bytes = stringBytes(text.slice(start + 1, end - 1), place(start));
        items.push({ kind: 'string', bytes, line, start, end });
        break;
      }
      case 'atom':
        items.push({ kind: 'word', text: text.slice(start, end), line, start, end });
        break;
      case 'broken':
        throw new PlacedError(brokenText(text.slice(start, end)), place(start));
    }
  }
  const unclosed = open.pop();
  if (unclosed) throw new PlacedError('a `(` without its `)`', place(unclosed.start));
  return top;
}

/** What is wrong with a broken token. */
export function brokenText(token: string): string {
  if (token.startsWith('"')) return 'a string that does not end';
  if (token.startsWith('(;')) return 'a comment that does not end';
  return `unexpected ${JSON.stringify(token)}`;
}

const ESCAPES: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, '"': 34, "'": 39, '\\': 92 };

/** Bytes of what stands between quotes. @throws PlacedError for an escape that is none */
export function stringBytes(source: string, place: Place): Uint8Array {
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
