/**
 * The words of WebAssembly text with their places, comments left out. No grammar: any text has words, however broken.
 * Linear in the text, without recursion.
 */

export type WatTokenKind = '(' | ')' | 'atom' | 'string';

/** Characters `start` up to but not including `end` of the text, from 0. */
export interface WatToken {
  readonly kind: WatTokenKind;
  readonly start: number;
  readonly end: number;
}

const PIECE = /[ \t\r\n]+|;;[^\n]*|\(;|"(?:[^"\\\n]|\\[^\n])*"?|[()]|[^\s()";]+|;/g;
const COMMENT_EDGE = /\(;|;\)/g;

/** The words of a text, in order. */
export function scanWat(text: string): WatToken[] {
  const tokens: WatToken[] = [];
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    const [piece] = match;
    const { index } = match;
    if (piece === '(;') PIECE.lastIndex = endOfComment(text, index);
    else if (piece === '(' || piece === ')') tokens.push({ kind: piece, start: index, end: index + 1 });
    else if (piece[0] === '"') tokens.push({ kind: 'string', start: index, end: index + piece.length });
    else if (piece[0] > ' ' && piece[0] !== ';') tokens.push({ kind: 'atom', start: index, end: index + piece.length });
  }
  return tokens;
}

/** Where a block comment that starts at `start` ends; comments nest. */
function endOfComment(text: string, start: number): number {
  let depth = 0;
  COMMENT_EDGE.lastIndex = start;
  for (let edge = COMMENT_EDGE.exec(text); edge; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '(;' ? 1 : -1;
    if (depth === 0) return COMMENT_EDGE.lastIndex;
  }
  return text.length;
}

/** Index of the token that holds the character at `offset`, or -1. O(log n). */
export function tokenAt(tokens: readonly WatToken[], offset: number): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (offset < tokens[middle].start) high = middle - 1;
    else if (offset >= tokens[middle].end) low = middle + 1;
    else return middle;
  }
  return -1;
}
