/**
 * A run of a program in the model: the prompt is read, tokens are generated, the history reads what they say, until the
 * program ends, the budget is used up, or the model cannot go on. The command line, the debug adapter and the instances
 * of `invoke` and `wast` all run programs by this; when and how much at a time is theirs to say.
 */
import { PlacedError } from '../errors.ts';
import { inputTokens } from '../isa/input-lines.ts';
import type { TokenProgram } from '../isa/program.ts';
import { type End, History } from '../trace/history.ts';
import { OutputReader } from '../trace/output.ts';
import type { Generator } from '../transformer/generator.ts';
import { Output } from './output.ts';

/** Tokens that are generated when no budget is given: close to what the model has positions for. */
export const DEFAULT_BUDGET = 64_000_000;

/** What a run needs of a generator. See there for what its methods promise. */
export type SequenceSource = Pick<Generator, 'length' | 'read' | 'append' | 'generate'>;

/** Why a run does not go on. */
export type Stop =
  | { readonly kind: 'ended'; readonly end: End }
  /** The program reads input that was not given: `give` lets it go on. */
  | { readonly kind: 'input' }
  /** So many tokens were allowed. */
  | { readonly kind: 'budget'; readonly tokens: number }
  /** The model is at a limit of its own, says what is no trace, or has a fault: what there is, stays. */
  | { readonly kind: 'failed'; readonly error: Error };

export interface RunOptions {
  /** Most tokens behind the prompt. */
  readonly budget: number;
  /** Where the program's output goes; a new one if it is not shared with another run. */
  readonly output?: Output;
}

export class Run {
  readonly history: History;
  readonly output: Output;
  /** Why the last `advance` did nothing more; undefined while it can go on. */
  stop: Stop | undefined;
  /** Seconds of generation alone. */
  seconds = 0;
  private readonly prompt: Uint16Array;
  private readonly source: SequenceSource;
  private readonly budget: number;
  private readonly written: OutputReader;
  /** Tokens that may be generated: the budget, and as many again with each `extend`. */
  private limit: number;

  /** @param source has no tokens yet */
  constructor(program: TokenProgram, prompt: Uint16Array, source: SequenceSource, { budget, output }: RunOptions) {
    this.prompt = prompt;
    this.source = source;
    this.budget = budget;
    this.limit = budget;
    this.output = output ?? new Output();
    this.history = new History(program, prompt);
    this.written = new OutputReader(this.history);
  }

  /** Tokens behind the prompt, those that a host stated included. */
  get generated(): number {
    return this.history.tokenCount - this.prompt.length;
  }

  /**
   * Reads at most `count` tokens of the prompt, or generates at most as many. Never throws: what goes wrong, an error of
   * this program included, is why the run stops.
   */
  advance(count: number): void {
    if (this.stop) return;
    const { prompt, source } = this;
    try {
      const { length } = source;
      if (length < prompt.length) source.append(prompt.subarray(length, length + count));
      else this.generate(count);
    } catch (error) {
      this.stop = { kind: 'failed', error: error as Error };
    }
  }

  /** Advances by batches of `count` tokens until the run stops. */
  toEnd(count: number): Stop {
    while (!this.stop) this.advance(count);
    return this.stop;
  }

  /** Appends tokens that a host states; the run goes on behind an end. @throws PlacedError for what is no trace */
  appendGiven(tokens: ArrayLike<number>): void {
    while (this.source.length < this.prompt.length) this.source.append(this.prompt.subarray(this.source.length));
    this.source.append(tokens);
    this.history.appendGiven(tokens);
    this.stop = undefined;
  }

  /**
   * Gives the program more input, at this moment of its context.
   * @param end whether no more will come
   */
  give(bytes: Uint8Array, end: boolean): void {
    this.appendGiven(inputTokens(bytes, this.history.input.count, end));
  }

  /** Lets a run that its budget ended go on, for as many tokens again; false if none did. */
  extend(): boolean {
    if (this.stop?.kind !== 'budget') return false;
    this.stop = undefined;
    this.limit += this.budget;
    return true;
  }

  private generate(count: number): void {
    const { source, history } = this;
    const left = this.limit - this.generated;
    if (left <= 0) {
      this.stop = { kind: 'budget', tokens: this.limit };
      return;
    }
    const from = source.length;
    const line = history.lines;
    const start = performance.now();
    try {
      source.generate(Math.min(count, left));
      if (source.length === from) throw new PlacedError('the model says nothing more', { token: from });
    } finally {
      this.seconds += (performance.now() - start) / 1000;
      // What was said before something failed was said.
      this.hear(source.read(from, source.length), line);
    }
    if (history.end) this.stop = { kind: 'ended', end: history.end };
    else if (history.wantsInput) this.stop = { kind: 'input' };
  }

  private hear(tokens: Uint16Array, line: number): void {
    const { history, output, written } = this;
    try {
      history.append(tokens);
    } finally {
      written.read(line, history.lines, (byte, stream) => output.add(byte, stream));
    }
  }
}

/** The end of a budget, in words. */
export function budgetText(tokens: number): string {
  return `the budget of ${tokens.toLocaleString('en')} tokens is used up`;
}
