/**
 * The words of WebAssembly text with their places, comments left out: what every reader of the text begins with. No
 * grammar: any text has words, however broken. Linear in the text, without recursion.
 */

/** `broken`: a string or a block comment that does not end, or a character that begins nothing. */
export type WatTokenKind = '(' | ')' | 'atom' | 'string' | 'broken';

/** Characters `start` up to but not including `end` of the text, from 0. */
export interface WatToken {
  readonly kind: WatTokenKind;
  readonly start: number;
  readonly end: number;
}

const PIECE = /[ \t\r\n]+|;;[^\r\n]*|(\(;)|([()])|("(?:[^"\\\n]|\\[^\n])*")|([^\s()";]+)|("[^\n]*|[\s\S])/g;
const COMMENT_EDGE = /\(;|;\)/g;

/** The words of a text, in order. */
export function scanWat(text: string): WatToken[] {
  const tokens: WatToken[] = [];
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    const [piece, comment, parenthesis, string, atom, broken] = match;
    const start = match.index;
    if (comment) {
      const end = endOfComment(text, start);
      if (end < 0) tokens.push({ kind: 'broken', start, end: text.length });
      PIECE.lastIndex = end < 0 ? text.length : end;
      continue;
    }
    if (broken?.[0] === '"') {
      // Parentheses at the end of the line are more likely code than text.
      let end = start + broken.length;
      while (') \t\r'.includes(text[end - 1])) end--;
      tokens.push({ kind: 'broken', start, end });
      PIECE.lastIndex = end;
      continue;
    }
    const kind = (parenthesis as '(' | ')') ?? (string ? 'string' : atom ? 'atom' : broken ? 'broken' : undefined);
    if (kind) tokens.push({ kind, start, end: start + piece.length });
  }
  return tokens;
}

/** Where a block comment that starts at `start` ends, those inside it included; -1 if it does not. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (let edge = COMMENT_EDGE.exec(text); edge; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '(;' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return -1;
}

/** Index of the token that holds the character at `offset`, or -1. O(log n). */
export function tokenAt(tokens: readonly WatToken[], offset: number): number {
  const index = lastTokenBefore(tokens, offset + 1);
  return index >= 0 && offset < tokens[index].end ? index : -1;
}

/** Index of the last token that begins before `offset`, or -1. O(log n). */
export function lastTokenBefore(tokens: readonly WatToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle].start < offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
