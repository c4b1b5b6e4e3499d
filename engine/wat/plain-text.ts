/**
 * Text as wabt's reader takes it: without annotations and what a table begins with anyway, and with plain identifiers for
 * those in quotes. What stands in the text keeps its place, so that places which wabt names are right.
 */
import { PlacedError } from '../errors.ts';
import { Lines } from './lines.ts';
import { stringBytes } from './s-expression.ts';
import { scanWat, type WatRange, type WatToken } from './scanner.ts';

/** What an identifier may be made of. */
const PLAIN = /^[\w!#$%&'*+\-./:<=>?@\\^`|~]+$/;
const NOT_PLAIN = /[^\w!#$%&'*+\-./:<=>?@\\^`|~]/g;
/** No character of a string, but by an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const CONTROL = /[\x00-\x1f\x7f]/;

/** The text, of the same length. @throws PlacedError for an identifier without characters, which wabt takes */
export function plainText(text: string, file: string): string {
  if (!/\(@|\$["\s()]|\bref\.null\b/.test(text)) return text;
  const annotations: WatRange[] = [];
  const tokens = scanWat(text, annotations);
  const empty = tokens.find(({ start, end }) => text.slice(start, end) === '$');
  if (empty) throw new PlacedError('empty identifier', { file, ...new Lines(text).placeOf(empty.start) });
  const edits = [
    ...annotations.filter(({ start, end }) => nameOf(text.slice(start + 2, end)) !== undefined),
    ...initialNulls(text, tokens),
  ].map(({ start, end }) => ({ start, end, text: text.slice(start, end).replace(/[^\r\n]/g, ' ') }));
  const names = new Names(text, tokens);
  for (const { kind, start, end } of tokens) {
    const word = text.slice(start, end);
    // What follows it without a space is part of the same word, which then is none.
    const isWhole = kind === 'atom' && word.startsWith('$"') && /^[\s();]?$/.test(text.charAt(end));
    const identifier = isWhole ? names.plain(word) : undefined;
    if (identifier !== undefined) edits.push({ start, end, text: identifier.padEnd(word.length) });
  }
  let result = '';
  let at = 0;
  for (const edit of edits.sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** `(ref.null func)` as the initial value of a table of `funcref`: so it begins anyway. */
function initialNulls(text: string, tokens: readonly WatToken[]): WatRange[] {
  const word = (i: number) => (tokens[i] ? text.slice(tokens[i].start, tokens[i].end) : '');
  const found: WatRange[] = [];
  for (let i = 1; i < tokens.length; i++) {
    if (word(i) !== 'ref.null' || word(i - 2) !== `${word(i + 1)}ref` || word(i + 2) !== ')' || word(i + 3) !== ')')
      continue;
    if (headBefore(i - 2, word) === 'table') found.push({ start: tokens[i - 1].start, end: tokens[i + 2].end });
  }
  return found;
}

/** First word of the list in which token `at` stands. */
function headBefore(at: number, word: (i: number) => string): string {
  let depth = 0;
  for (let i = at; i >= 0; i--) {
    if (word(i) === ')') depth++;
    if (word(i) === '(' && depth-- === 0) return word(i + 1);
  }
  return '';
}

/** The identifier that a word is, be it in quotes or not: of `$"a b"`, `$a b`. A word that is none is itself. */
export function identifierOf(word: string): string {
  const name = word.startsWith('$"') ? nameOf(word.slice(1)) : undefined;
  return name === undefined ? word : `$${name}`;
}

/** What a text begins with that is in quotes, decoded; undefined where it is not right, '' where nothing is in quotes. */
function nameOf(text: string): string | undefined {
  const quoted = /^"((?:[^"\\\n]|\\[^\n])*)"/.exec(text)?.[1];
  if (quoted === undefined) return '';
  if (quoted === '' || CONTROL.test(quoted)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(stringBytes(quoted, {}));
  } catch {
    return undefined;
  }
}

/** Plain identifiers for those that are not, each its own. */
class Names {
  private readonly taken: Set<string>;
  private readonly made = new Map<string, string>();

  constructor(text: string, tokens: readonly WatToken[]) {
    const words = tokens.filter(({ kind }) => kind === 'atom').map(({ start, end }) => text.slice(start, end));
    this.taken = new Set(words.filter((word) => word.startsWith('$')).map(identifierOf));
  }

  /** Undefined for a word that is no identifier. */
  plain(word: string): string | undefined {
    const identifier = identifierOf(word);
    if (identifier === word) return undefined;
    if (PLAIN.test(identifier)) return identifier;
    const known = this.made.get(identifier);
    if (known !== undefined) return known;
    const base = identifier.replace(NOT_PLAIN, '_');
    let made = base;
    for (let i = 1; this.taken.has(made); i++) made = `${base}${i}`;
    this.taken.add(made);
    this.made.set(identifier, made);
    return made;
  }
}
