/**
 * Makes what is wrong in a module's text harmless, so that the rest can be judged: an instruction becomes `unreachable`,
 * behind which any stack will do; where that does not help, the instruction with its operands, then the body of the
 * function, at last the whole field.
 */
import { Edits } from './edits.ts';
import { closing, type Field, fieldsOf } from './fields.ts';
import { lastTokenBefore, scanWat, tokenAt, type WatToken } from './scanner.ts';

/** Lists inside of a body that are no instructions by themselves. */
const PARTS: readonly string[] = ['then', 'else', 'do', 'catch', 'catch_all', 'type', 'param', 'result', 'local'];
/** Instructions that others stand in: one of them alone cannot be replaced where it is not folded. */
const STRUCTURE: readonly string[] = ['block', 'loop', 'if', 'else', 'end', 'then', 'try', 'do', 'catch', 'catch_all'];

/** What stands for a field that cannot be read: of the same kind, so that the indices of others stay as they are. */
const STUBS: ReadonlyMap<string, (name: string) => string> = new Map([
  ['func', (name: string) => `(func ${name} unreachable)`],
  ['global', (name: string) => `(global ${name} (mut i32) (i32.const 0))`],
  ['memory', (name: string) => `(memory ${name} 1)`],
  ['table', (name: string) => `(table ${name} 1 funcref)`],
  ['type', (name: string) => `(type ${name} (func))`],
  ['elem', (name: string) => `(elem ${name} declare func)`],
]);

export class Repairs {
  private readonly text: string;
  private readonly tokens: readonly WatToken[];
  private readonly fields: readonly Field[];
  private readonly edits = new Edits();
  /** Names of fields that were replaced: what is said of them elsewhere means nothing. */
  private readonly unknown = new Set<string>();

  /** @param text with parentheses that match */
  constructor(text: string) {
    this.text = text;
    this.tokens = scanWat(text);
    this.fields = fieldsOf(text, this.tokens);
  }

  /** The text with what was repaired. */
  get result(): string {
    return this.edits.apply(this.text);
  }

  /** The offset in the text of one in the result. */
  originalOffset(offset: number): number {
    return this.edits.originalOffset(offset);
  }

  /** Start of the word at an offset, or of the next one before it. */
  wordAt(offset: number): number {
    return this.tokens[this.indexAt(offset)]?.start ?? 0;
  }

  /** Whether what stands at an offset has been replaced. */
  isReplaced(offset: number): boolean {
    const token = this.tokens[this.indexAt(offset)];
    return !token || this.edits.covers(token.start, token.end);
  }

  /** Whether the word at an offset names a field that has been replaced. */
  isUnknown(offset: number): boolean {
    return this.unknown.has(this.word(this.indexAt(offset)));
  }

  /** Whether a field of a known kind begins at an offset, which stands at its parenthesis or its keyword. */
  beginsField(offset: number): boolean {
    const token = this.indexAt(offset);
    return this.fields.some(({ first, keyword }) => STUBS.has(keyword) && (token === first || token === first + 1));
  }

  /** Replaces what stands at an offset, and more of it if that was done before. False when there is nothing more. */
  repair(offset: number): boolean {
    const token = this.indexAt(offset);
    const field = this.fieldOf(token);
    if (!field) return false;
    const { keyword, last, body } = field;
    if (token >= body && token < last) {
      const instruction = this.instruction(token, body);
      if (instruction && this.replace(...instruction, 'unreachable')) return true;
      const list = this.foldedInstruction(token, body);
      if (list !== undefined && this.replace(list, closing(this.tokens, list), '(unreachable)')) return true;
    }
    if (keyword === 'func' && body < last && this.replace(body, last - 1, 'unreachable')) return true;
    return this.replaceField(field);
  }

  private replaceField(field: Field): boolean {
    if (!this.replace(field.first, field.last, this.stub(field))) return false;
    if (field.name && !this.isTwice(field)) this.forget(field.name);
    return true;
  }

  private stub(field: Field): string {
    return STUBS.get(field.keyword)?.(this.isTwice(field) ? '' : field.name) ?? '';
  }

  /** Whether another field of the same kind has the name, too: then that is the one which is meant elsewhere. */
  private isTwice({ keyword, name }: Field): boolean {
    return this.fields.filter((other) => other.keyword === keyword && other.name === name).length > 1;
  }

  /** Nothing more is said of a name: the instructions that have it are replaced. */
  private forget(name: string): void {
    this.unknown.add(name);
    for (const [i, { start, end }] of this.tokens.entries()) {
      if (this.word(i) !== name || this.edits.covers(start, end)) continue;
      const field = this.fieldOf(i);
      // A function of an unknown type is as little known.
      if (field && i < field.body) this.replaceField(field);
      else this.repair(start);
    }
  }

  private fieldOf(token: number): Field | undefined {
    return this.fields.find(({ first, last }) => first <= token && token <= last);
  }

  /** An instruction in a body and its immediates: its first and its last token. */
  private instruction(token: number, body: number): [number, number] | undefined {
    let first = token;
    while (first >= body && !this.isInstruction(first)) {
      first--;
      const { kind } = this.tokens[first];
      if (kind === '(' || kind === ')') return undefined;
    }
    if (first < body || STRUCTURE.includes(this.word(first)) || this.isPart(first)) return undefined;
    let last = first;
    while (this.tokens[last + 1].kind === 'string' || (this.word(last + 1) && !this.isInstruction(last + 1))) last++;
    return [first, last];
  }

  /** Whether a word is the first of a list that is no instruction, or in one. */
  private isPart(token: number): boolean {
    const open = this.enclosing(token, 0);
    return open !== undefined && open + 1 !== token && PARTS.slice(-4).includes(this.word(open + 1));
  }

  /** Parenthesis of the innermost folded instruction around a token of a body. */
  private foldedInstruction(token: number, body: number): number | undefined {
    let open = this.enclosing(token, body);
    while (open !== undefined && PARTS.includes(this.word(open + 1))) open = this.enclosing(open, body);
    return open;
  }

  /** The innermost parenthesis that is open at a token, not before `from`. */
  private enclosing(token: number, from: number): number | undefined {
    let depth = 0;
    for (let i = token - 1; i >= from; i--) {
      const { kind } = this.tokens[i];
      if (kind === ')') depth++;
      if (kind === '(' && depth-- === 0) return i;
    }
    return undefined;
  }

  private isInstruction(token: number): boolean {
    return (
      /^[a-z](?!\w*=)/.test(this.word(token)) &&
      !/^(?:inf|nan|func|extern|funcref|externref)(?![._])/.test(this.word(token))
    );
  }

  private word(index: number): string {
    const token = this.tokens[index];
    return token?.kind === 'atom' ? this.text.slice(token.start, token.end) : '';
  }

  private indexAt(offset: number): number {
    const at = tokenAt(this.tokens, offset);
    return at >= 0 ? at : Math.max(0, lastTokenBefore(this.tokens, offset));
  }

  /** Replaces tokens `first` to `last`; false when they have been. */
  private replace(first: number, last: number, text: string): boolean {
    const { start } = this.tokens[first];
    const { end } = this.tokens[last];
    if (this.edits.covers(start, end)) return false;
    this.edits.add({ start, end, text: ` ${text} ` });
    return true;
  }
}
