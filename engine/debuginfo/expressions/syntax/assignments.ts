/**
 * Assignments (C17, section 6.5.16, and `++` and `--`) as text: what is assigned to, and an expression for its new value.
 * They are no expressions here, which have no effect: whoever makes the assignment evaluates both and writes.
 */
import { PlacedError } from '../../../errors.ts';
import { lex, type Token } from './lexer.ts';

/** See the file's comment. */
export interface AssignmentText {
  readonly target: string;
  readonly value: string;
  /** Whether it stands for the value that was there before: `n++`. */
  readonly isPostfix: boolean;
}

const OPERATORS = new Set(['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=']);

/** The parts of an assignment; undefined for text that is none, whatever else it is. */
export function assignmentIn(text: string): AssignmentText | undefined {
  const tokens = tokensOf(text);
  const [first] = tokens;
  const last = tokens.at(-2);
  if (tokens.length < 3 || !last) return undefined;
  const between = (from: number, to: number) => text.slice(from - 1, to - 1).trim();
  const end = text.length + 1;
  const operator = topLevel(tokens).find(({ text: spelt }) => OPERATORS.has(spelt) || spelt === ',' || spelt === '?');
  if (operator) {
    if (!OPERATORS.has(operator.text)) return undefined;
    const target = between(1, operator.column);
    const value = between(operator.column + operator.text.length, end);
    const arithmetic = operator.text.slice(0, -1);
    return { target, value: arithmetic === '' ? value : `(${target}) ${arithmetic} (${value})`, isPostfix: false };
  }
  const isStep = (token: Token) => token.kind === 'operator' && (token.text === '++' || token.text === '--');
  const step = isStep(first) ? first : isStep(last) ? last : undefined;
  if (!step) return undefined;
  const isPostfix = step === last;
  const target = isPostfix ? between(1, step.column) : between(step.column + 2, end);
  return { target, value: `(${target}) ${step.text[0]} 1`, isPostfix };
}

/** No tokens for what has none. */
function tokensOf(text: string): Token[] {
  try {
    return lex(text);
  } catch (error) {
    if (error instanceof PlacedError) return [];
    throw error;
  }
}

/** The operators outside of all brackets. */
function topLevel(tokens: readonly Token[]): Token[] {
  const found: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind !== 'operator') continue;
    if (/^[)\]}]$/.test(token.text)) depth--;
    if (depth === 0) found.push(token);
    if (/^[([{]$/.test(token.text)) depth++;
  }
  return found;
}
