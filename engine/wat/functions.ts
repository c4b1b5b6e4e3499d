/**
 * The functions of a module's text as the binary has them: the names of what can be named in them, and every operator in
 * the order of its code. Assemblers keep no positions; but the n-th operator of the text is the n-th of the bytes, once
 * folded instructions are unfolded and the `end`s that parentheses stand for are counted.
 */
import { closing, type Field, fieldsOf } from './fields.ts';
import { scanWat, type WatToken } from './scanner.ts';

/** An operator at characters `start` up to but not including `end`. An `end` may be a parenthesis. */
export interface TextOperator {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A function with a body. Names begin with `$`; they are empty where the text gives none. */
export interface TextFunction {
  readonly name: string;
  /** Characters of the text, parentheses included. */
  readonly start: number;
  readonly end: number;
  /** Parameters that stand in the function itself: there are none where it only names its type. */
  readonly parameters: readonly string[];
  readonly locals: readonly string[];
  readonly operators: readonly TextOperator[];
}

export interface TextModule {
  /** Those with bodies, as the binary orders them. */
  readonly functions: readonly TextFunction[];
  /** Names of the globals by index, imported ones included. */
  readonly globals: readonly string[];
}

/** Lists in a body that hold no operators. */
const ASIDE: readonly string[] = ['param', 'result', 'local', 'type', 'export', 'import'];
const OPENING: readonly string[] = ['block', 'loop', 'if', 'try', 'try_table'];
/** In a folded `try` parts of it, in a `try_table` clauses, which hold no operators. */
const CATCHES: readonly string[] = ['catch', 'catch_all', 'catch_ref', 'catch_all_ref'];

/**
 * Reads the module of a text that an assembler takes; of others, something.
 * @param isOperator whether a word is the name of an operator, rather than an immediate
 */
export function readFunctions(text: string, isOperator: (word: string) => boolean): TextModule {
  const tokens = scanWat(text);
  const word = (i: number) => (tokens[i]?.kind === 'atom' ? text.slice(tokens[i].start, tokens[i].end) : '');
  const functions: TextFunction[] = [];
  const globals: string[] = [];
  for (const field of fieldsOf(text, tokens)) {
    const { keyword, first, last, name } = field;
    if (keyword === 'global') globals.push(name);
    if (keyword === 'import' && hasList('global', field, word)) globals.push(name);
    if (keyword !== 'func' || hasList('import', field, word)) continue;
    functions.push({
      name,
      start: tokens[first].start,
      end: tokens[last].end,
      parameters: declared('param', field, tokens, word),
      locals: declared('local', field, tokens, word),
      operators: new Unfolding(tokens, word, isOperator).read(field),
    });
  }
  return { functions, globals };
}

/** Whether a list of this kind stands in the field, in front of its body. */
function hasList(kind: string, { first, body }: Field, word: (i: number) => string): boolean {
  for (let i = first + 1; i < body; i++) if (word(i) === kind && i > first + 1) return true;
  return false;
}

/** Names of what a function declares in `(param ...)` or `(local ...)`, one for each. */
function declared(
  kind: string,
  { first, body }: Field,
  tokens: readonly WatToken[],
  word: (i: number) => string,
): string[] {
  const names: string[] = [];
  for (let i = first + 1; i < body; i++) {
    if (tokens[i].kind !== '(' || word(i + 1) !== kind) continue;
    const last = closing(tokens, i);
    if (word(i + 2).startsWith('$')) names.push(word(i + 2));
    else for (let at = i + 2; at < last; at++) names.push('');
    i = last;
  }
  return names;
}

/** A list that is open: a folded instruction by the index of its operator, or a part of one. */
interface Open {
  readonly kind: 'plain' | 'block' | 'if' | 'try' | 'part';
  readonly operator: number;
}

/** Operators of one body in the order of the code. */
class Unfolding {
  private readonly tokens: readonly WatToken[];
  private readonly word: (i: number) => string;
  private readonly isOperator: (word: string) => boolean;
  private readonly operators: TextOperator[] = [];
  private readonly open: Open[] = [];
  /** An `else` with nothing behind it is left out by assemblers. */
  private pendingElse = -1;

  constructor(tokens: readonly WatToken[], word: (i: number) => string, isOperator: (word: string) => boolean) {
    this.tokens = tokens;
    this.word = word;
    this.isOperator = isOperator;
  }

  read({ body, last }: Field): TextOperator[] {
    for (let i = body; i < last; i++) {
      const { kind } = this.tokens[i];
      const word = this.word(i);
      if (kind === '(' && this.isAside(this.word(i + 1))) i = closing(this.tokens, i);
      else if (kind === '(') this.begin(++i);
      else if (kind === ')') this.finish(i);
      else if (word === 'else') this.pendingElse = i;
      else if (this.isOperator(word)) this.add(word, i);
    }
    this.add('end', last);
    return this.operators;
  }

  private isAside(name: string): boolean {
    return ASIDE.includes(name) || (CATCHES.includes(name) && this.open.at(-1)?.kind !== 'try');
  }

  /** A list opens; `i` is its first word. */
  private begin(i: number): void {
    const name = this.word(i);
    if (name === 'then' || name === 'else') {
      // Operands of the condition come before the `if` itself.
      const owner = this.open.at(-1);
      if (name === 'then' && owner?.kind === 'if') this.add('if', owner.operator);
      if (name === 'else') this.pendingElse = i;
      this.open.push({ kind: 'part', operator: i });
    } else if (name === 'do' || CATCHES.includes(name)) {
      if (name !== 'do') this.add(name, i);
      this.open.push({ kind: 'part', operator: i });
    } else if (name === 'delegate') {
      // It ends its `try`, which has no `end` of its own.
      this.open.pop();
      this.add(name, i);
      this.open.push({ kind: 'part', operator: i }, { kind: 'part', operator: i });
    } else if (OPENING.includes(name)) {
      if (name !== 'if') this.add(name, i);
      this.open.push({ kind: name === 'if' || name === 'try' ? name : 'block', operator: i });
    } else {
      this.open.push({ kind: 'plain', operator: i });
    }
  }

  /** A list closes at `i`. */
  private finish(i: number): void {
    const list = this.open.pop();
    if (!list || list.kind === 'part') return;
    if (list.kind === 'plain') this.add(this.word(list.operator), list.operator);
    else this.add('end', i);
  }

  private add(name: string, i: number): void {
    const at = this.pendingElse;
    this.pendingElse = -1;
    if (at >= 0 && name !== 'end') this.add('else', at);
    const { start, end } = this.tokens[i];
    this.operators.push({ name, start, end });
  }
}
