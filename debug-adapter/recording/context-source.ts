/**
 * A source of tokens without end: where the context of the model is full, another one begins (docs/contexts.md), and the
 * tokens are numbered on as if there were one. Which contexts there are follows from the tokens and the length of a context,
 * so nothing need be kept of them: one that has no tokens any more is made again when it is wanted again.
 */
import { renumbered } from '../../engine/isa/input-lines.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { contextLength, nextContext, TooShort } from '../../engine/run/contexts.ts';
import type { Given, SequenceSource } from '../../engine/run/run.ts';
import type { History } from '../../engine/trace/history.ts';
import { Carried, type Stated, sharedBy } from './carried.ts';
import type { TokenSource } from './token-source.ts';

/** What is said in all contexts. */
export interface Said {
  readonly history: History;
  readonly given: readonly Given[];
}

/** A context. */
interface Span {
  /** The first token of the run in it, and the number that it has in the context: so many tokens come before. */
  readonly start: number;
  readonly carried: number;
  /** The token of the run at which it is full, unless the host gives some there. */
  readonly full: number;
  /** Bytes of input that were read before: those that it is given are numbered from there. */
  readonly read: number;
}

/**
 * Tokens of a context that begins with so many. The first one is as long as in other runs: most programs need no more, and
 * all their keys are in one picture. Later ones are so short that they are made again within a second.
 */
const FIRST_LENGTH = 2 ** 24;
const LATER_LENGTH = 2 ** 22;
export type ContextLength = (state: number, context: number) => number;
const usualLength: ContextLength = (state, context) =>
  contextLength(state, context === 0 ? FIRST_LENGTH : LATER_LENGTH);

/** Where a token is read by the model: in which context, by which source, and under which number. */
export interface Place {
  readonly context: number;
  readonly source: TokenSource;
  readonly position: number;
}

/** See the file's comment. */
export class ContextSource implements SequenceSource {
  private readonly said: () => Said;
  private readonly program: TokenProgram;
  private readonly lengthOf: ContextLength;
  private readonly spans: Span[] = [];
  /** Of contexts that were wanted, what says their tokens. */
  private readonly sources: TokenSource[];
  /** The context that tokens are asked of. */
  private at = 0;
  /** What the context is told that was asked about last, and what that stands for. */
  private told: { readonly context: number; readonly stated: Stated; carried?: Carried } | undefined;

  /** `said` is asked for when tokens are wanted. */
  constructor(program: TokenProgram, source: TokenSource, said: () => Said, lengthOf: ContextLength = usualLength) {
    this.program = program;
    this.sources = [source];
    this.said = said;
    this.lengthOf = lengthOf;
  }

  /** Tokens of the run up to which the present context has come. */
  get length(): number {
    return this.lengthIn(this.at);
  }

  get bytes(): number {
    return this.sources.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Nobody needs the tokens any more. */
  release(): void {
    for (const source of this.sources) source.release();
  }

  /** The context in which a token is read by the model, counted from 0. */
  contextOf(token: number): number {
    this.plan(token);
    let at = this.spans.length - 1;
    while (at > 0 && this.spans[at].start > token) at--;
    return at;
  }

  /** Whether the tokens before `to` have been said in the context of the last of them. */
  hasSaid(to: number): boolean {
    const end = Math.min(to, this.said().history.tokenCount);
    return this.lengthIn(this.contextOf(end - 1)) >= end;
  }

  /**
   * Comes nearer to token `to - 1`, by at most `count` tokens of what its context begins with; false when that is read. As for
   * the tokens behind it, the source is to be let say them.
   */
  prepare(to: number, count: number): boolean {
    this.at = this.contextOf(to - 1);
    const { inner } = this;
    const { length } = inner;
    if (length >= this.span.carried) return false;
    const opening = this.at === 0 ? this.prompt : this.toldTo(this.at).stated.tokens;
    inner.append(opening.subarray(length, length + count));
    return true;
  }

  read(from: number, to: number): Uint16Array {
    const { start, carried } = this.span;
    return this.inner.read(from - start + carried, to - start + carried);
  }

  append(tokens: ArrayLike<number>): void {
    this.inner.append(this.at === 0 ? tokens : renumbered(tokens, -this.span.read));
  }

  generate(count: number): number {
    const left = this.span.full - this.length;
    return this.inner.generate(left > 0 ? Math.min(count, left) : count);
  }

  /** Where a token is read by the model. */
  placeOf(token: number): Place {
    const context = this.contextOf(token);
    const { start, carried } = this.spans[context];
    const position = context === 0 ? token : token - start + carried;
    return { context, source: this.sourceOf(context), position };
  }

  /** The token of the run that a number of a context is, or stands for; `role`: of the head that attends to it. */
  standsFor(context: number, position: number, role: string): number {
    const { start, carried } = this.spans[context];
    if (context === 0) return position;
    if (position >= carried) return position - carried + start;
    return this.carriedTo(context).tokenOf(position, role);
  }

  /** Tokens that a context begins with. */
  carriedBy(context: number): number {
    return this.spans[context].carried;
  }

  /** Whether what a token wrote is read by a context among what that begins with, beside the program. */
  isCarried(token: number, context: number): boolean {
    return context > 0 && token >= sharedBy(this.program) && token < this.spans[context].start;
  }

  /** The numbers under which a context reads a token, or what repeats its byte; none if it does not know of it. */
  positionsOf(token: number, context: number): number[] {
    if (this.contextOf(token) === context) return [this.placeOf(token).position];
    return token < sharedBy(this.program) ? [token] : this.carriedTo(context).repeats(token);
  }

  private get inner(): TokenSource {
    return this.sourceOf(this.at);
  }

  private sourceOf(context: number): TokenSource {
    const { sources } = this;
    while (sources.length <= context) sources.push(sources[0].another());
    return sources[context];
  }

  private get prompt(): Uint16Array {
    const { history } = this.said();
    return history.tokensFrom(0, history.promptLength);
  }

  /** Tokens of the run up to which a context has come. */
  private lengthIn(context: number): number {
    if (this.spans.length === 0) this.plan(0);
    const { start, carried } = this.spans[context];
    return start - carried + this.sourceOf(context).length;
  }

  private get span(): Span {
    if (this.spans.length === 0) this.plan(0);
    return this.spans[this.at];
  }

  /** Finds the contexts up to that of a token. */
  private plan(token: number): void {
    const { history, given } = this.said();
    const { spans, lengthOf } = this;
    if (spans.length === 0) {
      const carried = history.promptLength;
      spans.push({ start: carried, carried, full: lengthOf(carried, 0), read: 0 });
    }
    for (let last = spans[spans.length - 1]; ; last = spans[spans.length - 1]) {
      const full = fullAt(last, given);
      if (token < full) return;
      const line = history.lineOfToken(full);
      const start = history.firstToken(line);
      if (start <= last.start) throw new TooShort();
      const stated = this.stated(line);
      const carried = stated.tokens.length;
      const length = lengthOf(carried, spans.length);
      spans.push({ start, carried, full: start + length - carried, read: stated.read });
      this.told = { context: spans.length - 1, stated };
    }
  }

  private carriedTo(context: number): Carried {
    const told = this.toldTo(context);
    told.carried ??= new Carried(this.program, this.said().history, told.stated);
    return told.carried;
  }

  /** What a later context is told before its first line. */
  private toldTo(context: number) {
    if (this.told?.context !== context) {
      const line = this.said().history.lineOfToken(this.spans[context].start);
      this.told = { context, stated: this.stated(line) };
    }
    return this.told;
  }

  private stated(line: number): Stated {
    const { prompt, open, read } = nextContext(this.program, this.said().history, line, encodePrompt);
    const tokens = new Uint16Array(prompt.length + open.length);
    tokens.set(prompt);
    tokens.set(open, prompt.length);
    return { tokens, line, prompt: prompt.length, read };
  }
}

/** Where a context is full. What a host gives is not divided: it has room in it, or begins the next one. */
function fullAt({ start, full }: Span, given: readonly Given[]): number {
  const divided = given.find(({ from, to }) => from < full && full < to);
  if (!divided) return full;
  return divided.from > start ? divided.from : divided.to;
}
