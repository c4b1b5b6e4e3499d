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

/** Characters of a text. */
export type WatRange = Pick<WatToken, 'start' | 'end'>;

const PIECE =
  /[ \t\r\n]+|;;[^\r\n]*|(\(;)|([()])|("(?:[^"\\\n]|\\[^\n])*")|(\$"(?:[^"\\\n]|\\[^\n])*"|[^\s()";]+)|("[^\n]*|[\s\S])/g;
const COMMENT_EDGE = /\(;|;\)/g;
/** An annotation begins with its name. In it may stand what is a token anywhere, and what is none yet. */
const ANNOTATION = /\(@(?:[\w!#$%&'*+\-./:<=>?@\\^`|~]+|"(?:[^"\\\n]|\\[^\n])+")/y;
const ANNOTATED = /\(;|;;[^\r\n]*|"(?:[^"\\\n]|\\[^\n])*"|[()]|[\t\r\n !#-'*-:<-~]+|;/y;

/**
 * The words of a text, in order.
 * @param annotations is given those of the text, `(@name ...)`: they are comments that have a form
 */
export function scanWat(text: string, annotations?: WatRange[]): WatToken[] {
  const tokens: WatToken[] = [];
  /** Up to where an annotation was looked at that is none: those in it are not looked at again. */
  let broken = 0;
  PIECE.lastIndex = 0;
  for (let match = PIECE.exec(text); match; match = PIECE.exec(text)) {
    const [piece, comment, parenthesis, string, atom, other] = match;
    const start = match.index;
    if (comment) {
      const end = endOfComment(text, start);
      if (end < 0) tokens.push({ kind: 'broken', start, end: text.length });
      PIECE.lastIndex = end < 0 ? text.length : end;
      continue;
    }
    if (parenthesis === '(' && text[start + 1] === '@' && start >= broken) {
      const { end, isWhole } = endOfAnnotation(text, start);
      if (isWhole) {
        annotations?.push({ start, end });
        PIECE.lastIndex = end;
        continue;
      }
      broken = end;
    }
    if (other?.[0] === '"') {
      // Parentheses at the end of the line are more likely code than text.
      let end = start + other.length;
      while (') \t\r'.includes(text[end - 1])) end--;
      tokens.push({ kind: 'broken', start, end });
      PIECE.lastIndex = end;
      continue;
    }
    const kind = (parenthesis as '(' | ')') ?? (string ? 'string' : atom ? 'atom' : other ? 'broken' : undefined);
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

/** Where an annotation that would start at `start` ends, or ceases to be one. */
function endOfAnnotation(text: string, start: number): { end: number; isWhole: boolean } {
  ANNOTATION.lastIndex = start;
  if (!ANNOTATION.test(text)) return { end: start, isWhole: false };
  let depth = 1;
  let end = ANNOTATION.lastIndex;
  while (depth > 0) {
    ANNOTATED.lastIndex = end;
    const [piece] = ANNOTATED.exec(text) ?? [''];
    const next = piece === '(;' ? endOfComment(text, end) : end + piece.length;
    if (next <= end) return { end, isWhole: false };
    if (piece === '(') depth++;
    if (piece === ')') depth--;
    end = next;
  }
  return { end, isWhole: true };
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
