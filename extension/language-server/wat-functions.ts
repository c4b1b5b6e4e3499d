/**
 * The functions of WebAssembly text and, of each, its operators in the order in which they are encoded: what leads
 * from an operator's number in the module back to its place in the text.
 *
 * Folded instructions stand behind their operands in the module: `(i32.add (local.get 0) (i32.const 1))` is get, const,
 * add. A function ends with an `end` of its own, whose place is the closing parenthesis.
 */
import type { WatToken } from '../../engine/wat/scanner.ts';

export interface WatFunction {
  /** `$name`, or empty. */
  readonly name: string;
  readonly nameToken: WatToken | undefined;
  /** The word `func`. */
  readonly keyword: WatToken;
  /** Its opening parenthesis, and the closing one (or the last token of a text that ends too early). */
  readonly open: WatToken;
  readonly close: WatToken;
  readonly operators: readonly WatToken[];
}

/** Lists that are no instructions wherever they stand in a body. */
const NO_CODE: ReadonlySet<string> = new Set(['export', 'type', 'param', 'result', 'local']);
/** Folded instructions that come before what they enclose, with an `end` behind it. */
const BLOCKS: ReadonlySet<string> = new Set(['block', 'loop']);

/** The functions of a text that have bodies, in its order. */
export function watFunctions(text: string, tokens: readonly WatToken[]): WatFunction[] {
  const word = (i: number) => (tokens[i]?.kind === 'atom' ? text.slice(tokens[i].start, tokens[i].end) : '');
  const functions: WatFunction[] = [];
  let depth = 0;
  /** Depth of the fields of a module: 1 inside `(module`, 0 where a file has fields only. */
  let fields = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (tokens[i].kind === ')') depth--;
    if (tokens[i].kind !== '(') continue;
    if (depth === 0) fields = word(i + 1) === 'module' ? 1 : 0;
    if (depth === fields && word(i + 1) === 'func') {
      const body = new Body(text, tokens, i);
      if (!body.imported) functions.push(body.function);
      i = body.last;
    } else {
      depth++;
    }
  }
  return functions;
}

interface Open {
  readonly kind: 'skip' | 'plain' | 'block' | 'if' | 'then' | 'else';
  readonly token: WatToken;
}

/** Reads one function from its parenthesis on. */
class Body {
  imported = false;
  /** Index of its closing parenthesis. */
  last: number;
  readonly function: WatFunction;
  private readonly operators: WatToken[] = [];

  constructor(text: string, tokens: readonly WatToken[], first: number) {
    const word = (i: number) => text.slice(tokens[i].start, tokens[i].end);
    const open: Open[] = [];
    let i = first + 2;
    const nameToken = tokens[i]?.kind === 'atom' && word(i).startsWith('$') ? tokens[i++] : undefined;
    for (; i < tokens.length; i++) {
      const token = tokens[i];
      if (token.kind === ')') {
        const closed = open.pop();
        if (!closed) break;
        this.close(text, closed, token);
      } else if (token.kind === '(') {
        const name = tokens[i + 1]?.kind === 'atom' ? word(i + 1) : '';
        if (name === 'import' && open.length === 0) this.imported = true;
        open.push({ kind: this.open(name, tokens[i + 1], open.at(-1)), token: tokens[i + 1] ?? token });
        // The word behind the parenthesis is dealt with.
        if (name) i++;
      } else if (token.kind === 'atom' && open.at(-1)?.kind !== 'skip' && isInstruction(word(i))) {
        // Immediates of a folded instruction never look like instructions.
        this.flat(text, word(i), token);
      }
    }
    this.last = Math.min(i, tokens.length - 1);
    const close = tokens[this.last];
    this.operators.push(close);
    const name = nameToken ? text.slice(nameToken.start, nameToken.end) : '';
    const keyword = tokens[first + 1];
    this.function = { name, nameToken, keyword, open: tokens[first], close, operators: this.operators };
  }

  /** What a list is, by its first word. */
  private open(name: string, token: WatToken | undefined, outer: Open | undefined): Open['kind'] {
    if (!token || outer?.kind === 'skip' || NO_CODE.has(name) || name === 'import' || name === '') return 'skip';
    if (BLOCKS.has(name)) {
      this.operators.push(token);
      return 'block';
    }
    if (name === 'if') return 'if';
    if (name === 'then') {
      // Behind the condition, which was folded into the `if`.
      if (outer?.kind === 'if') this.operators.push(outer.token);
      return 'then';
    }
    if (name === 'else') {
      this.operators.push(token);
      return 'else';
    }
    return 'plain';
  }

  private close(text: string, { kind, token }: Open, at: WatToken): void {
    if (kind === 'plain') this.operators.push(token);
    if (kind === 'block' || kind === 'if') this.operators.push(at);
    if (kind === 'else') this.dropEmptyElse(text);
  }

  private flat(text: string, name: string, token: WatToken): void {
    if (name === 'end') this.dropEmptyElse(text);
    this.operators.push(token);
  }

  /** An `else` with nothing in it is not encoded. */
  private dropEmptyElse(text: string): void {
    const last = this.operators.at(-1);
    if (last && text.slice(last.start, last.end) === 'else') this.operators.pop();
  }
}

/** Whether an atom is an instruction's name, not one of its immediates. */
function isInstruction(word: string): boolean {
  return /^[a-z]/.test(word) && !/^(?:offset|align)=|^(?:inf$|nan(?:$|:)|func$|funcref$|extern$|externref$)/.test(word);
}
