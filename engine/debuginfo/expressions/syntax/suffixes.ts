/**
 * What debuggers let stand behind an expression: `flags,x` shows it in a format, `p,4` shows four objects in a row.
 *
 * A comma before a format's letter or a number alone begins a suffix; in parentheses it is C's comma.
 */
import { type DisplayFormat, isDisplayFormat } from '../../types/integer-text.ts';
import type { TokenStream } from './lexer.ts';
import type { Expression } from './tree.ts';

/** An expression with how it is to be shown. */
export interface Parsed {
  tree: Expression;
  /** The format that a suffix names. */
  format: DisplayFormat | undefined;
  /** The text without the format, a count as `@count`. */
  source: string;
}

/** What stands behind the expression: `,x` or another format, `,4` for so many objects in a row, or both. */
export function withSuffixes(tree: Expression, tokens: TokenStream, text: string): Parsed {
  const parsed: Parsed = { tree, format: undefined, source: text.slice(0, tokens.token.column - 1).trim() };
  while (suffixFollows(tokens)) {
    tokens.at++;
    const { token } = tokens;
    const { column } = token;
    if (token.kind === 'integer') {
      const count: Expression = { kind: 'integer', value: token.value, type: token.type, column };
      parsed.tree = { kind: 'span', start: parsed.tree, count, column };
      parsed.source = `${/^\w+$/.test(parsed.source) ? parsed.source : `(${parsed.source})`}@${token.text}`;
    } else if (isDisplayFormat(token.text)) {
      parsed.format = token.text;
    }
    tokens.at++;
  }
  return parsed;
}

/** Whether a comma begins a suffix: a format's letter or a number, alone. In parentheses it is C's comma. */
export function suffixFollows(tokens: TokenStream): boolean {
  if (!tokens.is(',')) return false;
  const { following } = tokens;
  const behind = tokens.ahead(2);
  const isAlone = behind.kind === 'end' || (behind.kind === 'operator' && behind.text === ',');
  return isAlone && (following.kind === 'integer' || (following.kind === 'name' && isDisplayFormat(following.text)));
}
