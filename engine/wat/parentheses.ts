/**
 * Parentheses of WebAssembly text that do not match, each where it probably stands wrong or is missing: a field of a
 * module cannot begin inside another one, and nothing follows a module.
 */
import type { Edit } from './edits.ts';
import { brokenText } from './s-expression.ts';
import type { WatToken } from './scanner.ts';

export interface Mismatch {
  readonly message: string;
  /** Character of the text, from 0. */
  readonly offset: number;
  /** What makes it right. */
  readonly edit: Edit;
}

/** Words that begin a field, and the lists in which one of the same name can stand instead. */
const FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['func', ['import', 'export', 'type', 'rec', 'sub']],
  ['global', ['import', 'export']],
  ['memory', ['import', 'export', 'data']],
  ['table', ['import', 'export', 'elem']],
  ['data', ['memory']],
  ['elem', ['table']],
  ['start', []],
]);

/** What is wrong with the parentheses, strings and comments of a text. */
export function mismatches(text: string, tokens: readonly WatToken[]): Mismatch[] {
  const found: Mismatch[] = [];
  const word = (i: number) => (tokens[i]?.kind === 'atom' ? text.slice(tokens[i].start, tokens[i].end) : '');
  const level = tokens[0]?.kind === '(' && word(1) === 'module' ? 1 : 0;
  const last = tokens.findLastIndex(({ kind }) => kind !== 'broken');
  /** Indices of the open parentheses. */
  const open: number[] = [];
  /** Closes the last `count` of them at `at`. */
  const missing = (count: number, at: number) => {
    const { start } = tokens[open[open.length - 1]];
    const edit = { start: at, end: at, text: ')'.repeat(count) };
    found.push({ message: 'a `(` without its `)`', offset: start, edit });
    open.length -= count;
  };
  for (const [i, { kind, start, end }] of tokens.entries()) {
    if (kind === 'broken') {
      const isString = text[start] === '"';
      found.push({
        message: brokenText(text.slice(start, end)),
        offset: start,
        edit: { start, end, text: isString ? '""' : '' },
      });
    } else if (kind === '(') {
      const others = FIELDS.get(word(i + 1));
      const outer = word((open.at(-1) ?? -2) + 1);
      if (others && open.length > level && !others.includes(outer)) missing(open.length - level, start);
      open.push(i);
    } else if (kind === ')') {
      const isLast = i === last;
      if (open.length === 0 || (open.length === level && !isLast)) {
        found.push({ message: 'a `)` without its `(`', offset: start, edit: { start, end, text: '' } });
      } else {
        open.pop();
      }
    }
  }
  if (open.length > 0) missing(open.length, text.length);
  return found;
}
