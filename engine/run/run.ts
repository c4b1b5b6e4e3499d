/**
 * A run of a program in the model: the prompt is read, tokens are generated, the history reads what they say, until the
 * program ends, the budget is used up, or the model cannot go on. The command line, the debug adapter and the instances
 * of `invoke` and `wast` all run programs by this; when and how much at a time is theirs to say.
 */
import { PlacedError } from '../errors.ts';
import { inputTokens } from '../isa/input-lines.ts';
import type { TokenProgram } from '../isa/program.ts';
import { VOCABULARY } from '../isa/vocabulary.ts';
import type { Steps } from '../steps.ts';
import { type End, History } from '../trace/history.ts';
import { OutputReader } from '../trace/output.ts';
import type { Generator } from '../transformer/generator.ts';
import { Output } from './output.ts';

/** Tokens that are generated when no budget is given: close to what the model has positions for. */
export const DEFAULT_BUDGET = 64_000_000;

/** Tokens that are restored, and those that a source is fed, in one go. */
const RESTORED = 1 << 16;
const FED = 1 << 16;

/** What a run needs of a generator. See there for what its methods promise. */
export interface SequenceSource extends Pick<Generator, 'length' | 'read' | 'append' | 'generate'> {
  /**
   * Of a source that begins with more than the prompt: comes by `count` tokens nearer to where token `to - 1` can be said again,
   * or the one behind the last be generated; false when it is there.
   */
  prepare?(to: number, count: number): boolean;
}

/** Tokens of a sequence that a host gave: those from an index on, up to but not including `to`. */
export interface Given {
  readonly from: number;
  readonly to: number;
}

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
  /** What was said before, which the source says again when it is first needed. */
  readonly before?: Before;
}

/** A trace to go on from. */
export interface Before {
  readonly history: History;
  /** See `Run.given`. */
  readonly given: readonly Given[];
}

export class Run {
  readonly history: History;
  readonly output: Output;
  /** Why the last `advance` did nothing more; undefined while it can go on. */
  stop: Stop | undefined;
  /** Seconds of generation alone. */
  seconds = 0;
  /** Tokens behind the prompt that a host gave, by their indices, ascending. */
  readonly given: Given[];
  private readonly prompt: Uint16Array;
  private readonly source: SequenceSource;
  private readonly budget: number;
  private readonly written: OutputReader;
  /** Tokens that may be generated: the budget, and as many again with each `extend`. */
  private limit: number;

  /** @param source has no tokens yet */
  constructor(
    program: TokenProgram,
    prompt: Uint16Array,
    source: SequenceSource,
    { budget, output, before }: RunOptions,
  ) {
    this.prompt = prompt;
    this.source = source;
    this.budget = budget;
    this.limit = budget;
    this.output = output ?? new Output();
    this.history = before?.history ?? new History(program, prompt);
    this.given = [...(before?.given ?? [])];
    this.written = new OutputReader(this.history);
    this.heard(0);
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
    try {
      if (!this.feed(this.history.tokenCount + 1, count)) this.generate(count);
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
    while (this.feed(this.history.tokenCount, FED));
    this.source.append(tokens);
    this.note(tokens);
  }

  /** As `appendGiven`, where the source is to be told only when it is first needed. */
  note(tokens: ArrayLike<number>): void {
    const from = this.history.tokenCount;
    this.history.appendGiven(tokens);
    this.given.push({ from, to: from + tokens.length });
    this.stop = undefined;
  }

  /**
   * Gives the program more input, at this moment of its context.
   * @param end whether no more will come
   */
  give(bytes: Uint8Array, end: boolean): void {
    this.appendGiven(inputTokens(bytes, this.history.input.count, end));
  }

  /**
   * Takes over tokens that were generated before, and those of them (counted from the first) that a host gave. The source
   * says them again when it is first needed, and so checks them. Yields now and then.
   * @throws PlacedError for what is no trace
   */
  *restore(tokens: Uint16Array, given: readonly Given[]): Steps {
    const { history } = this;
    const start = history.tokenCount;
    const line = history.lines;
    for (let at = 0; at < tokens.length; yield) {
      const next = given.find(({ to }) => to > at);
      const from = next?.from ?? tokens.length;
      if (next && from <= at) {
        history.appendGiven(tokens.subarray(at, next.to));
        this.given.push({ from: start + from, to: start + next.to });
        at = next.to;
      } else {
        const end = Math.min(at + RESTORED, from);
        history.append(tokens.subarray(at, end));
        at = end;
      }
    }
    this.heard(line);
  }

  /** Whether the source has said the tokens before `to` as far as there are some. */
  hasFed(to: number): boolean {
    return this.source.length >= Math.min(to, this.history.tokenCount);
  }

  /**
   * Brings the source up to `count` tokens nearer to token `to`, over what was restored; false when it is there.
   * @throws PlacedError where the source says something else than was recorded
   */
  feed(to: number, count: number): boolean {
    const { prompt, source } = this;
    if (source.prepare?.(to, count)) return true;
    const { length } = source;
    if (this.hasFed(to)) return false;
    if (length < prompt.length) source.append(prompt.subarray(length, length + count));
    else this.follow(count);
    return true;
  }

  /** Lets a run that its budget ended go on, for so many tokens more; false if none did. What was restored may exceed it. */
  extend(by = this.budget): boolean {
    if (this.stop?.kind !== 'budget') return false;
    this.stop = undefined;
    this.limit = Math.max(this.limit, this.generated) + by;
    return true;
  }

  /** Lets the source say at most `count` tokens that were restored. */
  private follow(count: number): void {
    const { source, history, given } = this;
    const start = source.length;
    const next = given.find(({ to }) => to > start);
    if (next && next.from <= start) {
      source.append(history.tokensFrom(start, next.to));
      return;
    }
    const end = Math.min(start + count, next?.from ?? history.tokenCount);
    source.generate(end - start);
    const said = source.read(start, source.length);
    const wrong = said.findIndex((token, i) => token !== history.tokenAt(start + i));
    if (wrong < 0 && said.length > 0) return;
    const at = Math.max(wrong, 0);
    const says = wrong < 0 ? 'says nothing more' : `says "${VOCABULARY[said[at]]}"`;
    throw new PlacedError(
      `the recording has "${VOCABULARY[history.tokenAt(start + at)]}" here, and the model ${says}`,
      {
        token: start + at,
      },
    );
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
  }

  private hear(tokens: Uint16Array, line: number): void {
    try {
      this.history.append(tokens);
    } finally {
      this.heard(line);
    }
  }

  /** The lines from one on are there: what they print is read, and whether they let the program go on. */
  private heard(line: number): void {
    const { history, output, written } = this;
    written.read(line, history.lines, (byte, stream) => output.add(byte, stream));
    if (history.end) this.stop = { kind: 'ended', end: history.end };
    else if (history.wantsInput) this.stop = { kind: 'input' };
  }
}

/** The end of a budget, in words. */
export function budgetText(tokens: number): string {
  return `the budget of ${tokens.toLocaleString('en')} tokens is used up`;
}
