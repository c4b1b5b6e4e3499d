/**
 * The expression at a place of a C source's line. Debug information gives the line and column of an operand; what stands
 * there is what people call it.
 */

const OPENERS: Record<string, string> = { '(': ')', '[': ']' };
const CLOSERS: Record<string, string> = { ')': '(', ']': '[' };

/**
 * The operand whose text begins at, or goes through, a column (from 1): a name with its members, indices and calls
 * (`board->can[i]`), a literal, or one of them behind `*`, `&`, `-`, `!`, `~`. Undefined where there is none.
 */
export function expressionAt(text: string, column: number): string | undefined {
  const from = column - 1;
  // What a compound assignment reads has the operator's place.
  if (/^(?:[-+*/%&|^]|<<|>>)=/.test(text.slice(from))) return assigned(text.slice(0, from).trimEnd());
  const prefix = /^[*&!~-]\s*/.exec(text.slice(from))?.[0] ?? '';
  const name = from + prefix.length;
  const literal = /^(?:'(?:\\.|[^'\\])+'|\d[\w.]*)/.exec(text.slice(name))?.[0];
  if (literal) return prefix + literal;
  const word = /^[A-Za-z_]\w*/.exec(text.slice(name))?.[0];
  if (!word) return undefined;
  const start = prefix ? name : startOfPostfix(text, name);
  const end = endOfPostfix(text, name + word.length);
  return prefix + text.slice(start, end);
}

/** The object that stands at the end of a text: `*can`, `board->can[i]`. */
function assigned(text: string): string | undefined {
  let at = text.length;
  while (Object.hasOwn(CLOSERS, text[at - 1] ?? '')) {
    at = matching(text, at - 1, -1, CLOSERS, OPENERS);
    if (at < 0) return undefined;
  }
  const name = /[A-Za-z_]\w*$/.exec(text.slice(0, at))?.[0] ?? '';
  const start = name ? startOfPostfix(text, at - name.length) : at;
  const stars = /(?:\*\s*)*$/.exec(text.slice(0, start))?.[0] ?? '';
  return text.slice(start - stars.length) || undefined;
}

/** Index behind the members, indices and arguments that follow a name. */
function endOfPostfix(text: string, at: number): number {
  for (;;) {
    const member = /^\s*(?:\.|->)\s*[A-Za-z_]\w*/.exec(text.slice(at))?.[0];
    if (member) {
      at += member.length;
      continue;
    }
    if (!Object.hasOwn(OPENERS, text[at] ?? '')) return at;
    const close = matching(text, at, 1, OPENERS, CLOSERS);
    if (close < 0) return at;
    at = close + 1;
  }
}

/** Index where the expression begins of which the name at `at` is a member. */
function startOfPostfix(text: string, at: number): number {
  for (;;) {
    const access = /(?:\.|->)\s*$/.exec(text.slice(0, at));
    if (!access) return at;
    let before = access.index;
    while (Object.hasOwn(CLOSERS, text[before - 1] ?? '')) {
      const open = matching(text, before - 1, -1, CLOSERS, OPENERS);
      if (open < 0) return at;
      before = open;
    }
    at = before - (/[A-Za-z_]\w*$/.exec(text.slice(0, before))?.[0].length ?? 0);
  }
}

/** Index of the bracket that matches the one at `at`, going by `by`; -1 where there is none on the line. */
function matching(
  text: string,
  at: number,
  by: 1 | -1,
  opens: Record<string, string>,
  closes: Record<string, string>,
): number {
  let depth = 0;
  for (; at >= 0 && at < text.length; at += by) {
    if (Object.hasOwn(opens, text[at])) depth++;
    else if (Object.hasOwn(closes, text[at]) && --depth === 0) return at;
  }
  return -1;
}
