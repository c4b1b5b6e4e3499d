/**
 * A source of tokens without end: where the context of the model is full, another one begins (docs/contexts.md), and the
 * tokens are numbered on as if there were one. Which contexts there are follows from the tokens and the length of a context,
 * so nothing is kept of them: one has tokens at a time, the one that is wanted, and is made again when it is wanted again.
 */
import { renumbered } from '../../engine/isa/input-lines.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { nextContext, TooShort } from '../../engine/run/contexts.ts';
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

/** See the file's comment. */
export class ContextSource implements SequenceSource {
  private readonly said: () => Said;
  private readonly program: TokenProgram;
  private readonly lengthOf: (state: number) => number;
  private readonly spans: Span[] = [];
  /** The context that has tokens: its number, its source, and the tokens that it begins with. */
  private at = 0;
  private inner: TokenSource;
  private opening: Uint16Array | undefined;
  /** What these stand for, of the context that was asked about last. */
  private carried: { readonly context: number; readonly of: Carried } | undefined;

  /** `said` is asked for when tokens are wanted; `lengthOf`: tokens of a context that begins with so many. */
  constructor(
    program: TokenProgram,
    source: TokenSource,
    said: () => Said,
    lengthOf: (state: number) => number = () => LIMITS.tokens,
  ) {
    this.program = program;
    this.inner = source;
    this.said = said;
    this.lengthOf = lengthOf;
  }

  /** The source of the context that has tokens: the first one's, unless there is more than one. */
  get source(): TokenSource {
    return this.inner;
  }

  /** Tokens of the run up to which the present context has come. */
  get length(): number {
    const { start, carried } = this.span;
    return start - carried + this.inner.length;
  }

  get bytes(): number {
    return this.inner.bytes;
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
    return this.contextOf(end - 1) === this.at && this.length >= end;
  }

  /**
   * Comes nearer to token `to - 1`, by at most `count` tokens of what its context begins with; false when that is read. As for
   * the tokens behind it, the source is to be let say them.
   */
  prepare(to: number, count: number): boolean {
    const wanted = this.contextOf(to - 1);
    if (wanted !== this.at) {
      this.inner.release();
      this.inner = this.inner.another();
      this.at = wanted;
      this.opening = undefined;
    }
    const { length } = this.inner;
    if (length >= this.span.carried) return false;
    this.opening ??= this.openingOf(this.at);
    this.inner.append(this.opening.subarray(length, length + count));
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

  /** The number that a token has in its context. */
  positionOf(token: number): number {
    const context = this.contextOf(token);
    const { start, carried } = this.spans[context];
    return context === 0 ? token : token - start + carried;
  }

  /** The token of the run that a number of a context is, or stands for; `role`: of the head that attends to it. */
  standsFor(context: number, position: number, role: string): number {
    const { start, carried } = this.spans[context];
    if (context === 0) return position;
    if (position >= carried) return position - carried + start;
    if (this.carried?.context !== context) this.carried = { context, of: this.carriedTo(context) };
    return this.carried.of.tokenOf(position, role);
  }

  /** Whether what a token wrote is read by a context among what that begins with, beside the program. */
  isCarried(token: number, context: number): boolean {
    return context > 0 && token >= sharedBy(this.program) && token < this.spans[context].start;
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
      spans.push({ start: carried, carried, full: lengthOf(carried), read: 0 });
    }
    for (let last = spans[spans.length - 1]; ; last = spans[spans.length - 1]) {
      const full = fullAt(last, given);
      if (token < full) return;
      const line = history.lineOfToken(full);
      const start = history.firstToken(line);
      if (start <= last.start) throw new TooShort();
      const { prompt, open, read } = nextContext(this.program, history, line, encodePrompt);
      const carried = prompt.length + open.length;
      spans.push({ start, carried, full: start + lengthOf(carried) - carried, read });
    }
  }

  /** The tokens that a context begins with. */
  private openingOf(context: number): Uint16Array {
    const { history } = this.said();
    return context === 0 ? history.tokensFrom(0, history.promptLength) : this.statedTo(context).tokens;
  }

  private carriedTo(context: number): Carried {
    return new Carried(this.program, this.said().history, this.statedTo(context));
  }

  /** What a later context is told before its first line. */
  private statedTo(context: number): Stated {
    const { history } = this.said();
    const line = history.lineOfToken(this.spans[context].start);
    const { prompt, open, read } = nextContext(this.program, history, line, encodePrompt);
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
