/**
 * The fields of a module in text form: functions, memories, exports ... They stand beside each other, so what is wrong in
 * one says nothing about the next.
 */
import type { WatToken } from './scanner.ts';

/** A field: tokens `first` (its parenthesis) to `last` (the closing one), by index. */
export interface Field {
  readonly first: number;
  readonly last: number;
  /** `func`, `memory` ...; empty where none stands there. */
  readonly keyword: string;
  /** `$name` behind the keyword, or of what is imported; empty where there is none. */
  readonly name: string;
  /** Index of the first token of a function's instructions; `last` where there are none, and for other fields. */
  readonly body: number;
}

/** Lists at the start of a function that are not instructions. */
const HEADER: readonly string[] = ['export', 'import', 'type', 'param', 'result', 'local'];

/** The fields of the one module in a text whose parentheses match; they may also stand there without it. */
export function fieldsOf(text: string, tokens: readonly WatToken[]): Field[] {
  const word = (i: number) => (tokens[i]?.kind === 'atom' ? text.slice(tokens[i].start, tokens[i].end) : '');
  const fields: Field[] = [];
  // Depth of the lists that are fields.
  const level = tokens[0]?.kind === '(' && word(1) === 'module' ? 1 : 0;
  let depth = 0;
  let first = 0;
  for (let i = 0; i < tokens.length; i++) {
    const { kind } = tokens[i];
    if (kind === '(' && depth++ === level) first = i;
    if (kind !== ')' || --depth !== level) continue;
    const keyword = word(first + 1);
    const names = tokens.slice(first + 2, i).findIndex((_, at) => word(first + 2 + at).startsWith('$'));
    const isNamed = names === 0 || (keyword === 'import' && names > 0);
    const name = isNamed ? word(first + 2 + names) : '';
    fields.push({ first, last: i, keyword, name, body: keyword === 'func' ? bodyOf(tokens, word, first, i) : i });
  }
  return fields;
}

/** Where the instructions of a function begin. */
function bodyOf(tokens: readonly WatToken[], word: (i: number) => string, first: number, last: number): number {
  let i = first + 2;
  if (word(i).startsWith('$')) i++;
  while (i < last && tokens[i].kind === '(' && HEADER.includes(word(i + 1))) i = closing(tokens, i) + 1;
  return Math.min(i, last);
}

/** Index of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly WatToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i].kind === '(') depth++;
    if (tokens[i].kind === ')' && --depth === 0) return i;
  }
  return tokens.length - 1;
}
