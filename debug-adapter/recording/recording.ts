/**
 * The recording that a session plays: prompt, the tokens generated so far, and their history; written further by the
 * token source when somebody wants a line that is not there yet.
 *
 * Tokens are generated in batches, so the recording may run ahead of what the user has reached. What lies behind the
 * furthest line reached is not shown: `reached` and `now` are where the user's recording ends.
 */
import { PlacedError } from '../../engine/errors.ts';
import { inputTokens } from '../../engine/isa/input-lines.ts';
import { instructionText, type TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { Output } from '../../engine/run/output.ts';
import { type Before, budgetText, type Given, Run } from '../../engine/run/run.ts';
import type { End, History } from '../../engine/trace/history.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { type SentencePart, sentence } from '../../engine/trace/sentence.ts';
import { type ContextLength, ContextSource } from './context-source.ts';
import type { FrameSource } from './frames.ts';
import { MemoryBudget } from './memory-budget.ts';
import { type Pace, paced, type Work } from './pace.ts';
import { Passes } from './passes.ts';
import type { Timeline } from './stepping.ts';
import type { TokenSource } from './token-source.ts';
import { PAGE_LINES, type TracePage } from './trace-pages.ts';

/** Why no more tokens come, though the program has not ended. */
export interface Failure {
  kind: 'budget' | 'memory' | 'error';
  message: string;
}

/** Tokens of a batch: few enough for a slice however slow the source is, and no more than this. */
const FIRST_BATCH = 32;
const MOST_BATCH = 4096;
/** Milliseconds that a batch should take at least and at most. */
const SHORT = 2;
const LONG = 4;

/** First tokens of the lines between a read and what it is given. */
const WAITING: readonly number[] = [TOKEN.needInput, TOKEN.input, TOKEN.inputEnd];

/** What was generated, and which of it (counted from its first token) a host gave. */
export interface Restored {
  readonly tokens: Uint16Array;
  readonly given: readonly Given[];
}

/** What a recording is made for. */
export interface RecordingOptions {
  readonly program: TokenProgram;
  /** What the program reads. */
  readonly input: Uint8Array;
  /** Whether it asks for more input than there is. */
  readonly more?: boolean;
  /** Has no tokens yet. */
  readonly source: TokenSource;
  /** Tokens to generate, until it is extended. */
  readonly budget: number;
  /** Megabytes of memory to take, until it is extended. */
  readonly megabytes?: number;
  /** Where contexts are full; see there for what they are if it is not given. */
  readonly contextLength?: ContextLength;
  /** What it goes on from. */
  readonly before?: Before;
}

export class Recording implements Timeline, FrameSource {
  readonly history: History;
  /** What the program reads. */
  readonly input: Uint8Array;
  /** The furthest line that the user has stood at. */
  reached = 0;
  /** Where the last motion began. */
  departure = 0;
  private readonly options: RecordingOptions;
  private readonly run: Run;
  private readonly contexts: ContextSource;
  private readonly memory: MemoryBudget;
  readonly passes: Passes;
  private batch = FIRST_BATCH;
  private isFeeding = false;

  /** @throws PlacedError when the prompt is longer than the model has positions */
  constructor(options: RecordingOptions) {
    const { program, input, source, budget, megabytes = Number.POSITIVE_INFINITY, more = false, before } = options;
    this.options = options;
    this.input = input;
    const contexts = new ContextSource(program, source, () => this.run, options.contextLength);
    this.contexts = contexts;
    this.run = new Run(program, encodePrompt(program, input, more), contexts, before ? { budget, before } : { budget });
    this.history = this.run.history;
    this.passes = new Passes(contexts);
    this.memory = new MemoryBudget(megabytes, () => this.history.bytes + contexts.bytes);
  }

  /**
   * Another of the same program whose trace is this one's up to a line, and from there on that of its own source. `given`:
   * tokens that a host states there, whole lines; none is a fork where the source says the same again.
   *
   * It costs what copying some arrays does. Nothing is generated: its source has no tokens before the first that somebody
   * wants, by `complete` or `feed`, and is then given all the others, which takes a second for nine million.
   */
  *fork(line: number, given: Uint16Array, pace: Pace): Work<Recording> {
    const { options, run } = this;
    const history = yield* paced(this.history.before(line), pace);
    const inherited = run.given.filter(({ to }) => to <= history.tokenCount);
    const before = { history, given: inherited };
    const fork = new Recording({ ...options, source: options.source.another(), before });
    if (given.length > 0) fork.run.note(given);
    return fork;
  }

  /**
   * A run on the side: of a program like this one, in a context of its own.
   * @throws PlacedError when the prompt is longer than the model has positions
   */
  aside(program: TokenProgram, input: Uint8Array, more: boolean, budget: number): Recording {
    const { before: _, ...options } = this.options;
    return new Recording({
      ...options,
      program,
      input,
      more,
      budget,
      source: options.source.aside(program, input, more),
    });
  }

  /** Another of the same program, from its beginning. */
  sibling(): Recording {
    const { before: _, ...options } = this.options;
    return new Recording({ ...options, source: options.source.another() });
  }

  /** Whether it asks for more input than there is. */
  get asks(): boolean {
    return this.options.more ?? false;
  }

  /** Takes over what was generated before; see `Run.restore`. @throws PlacedError for what is no trace */
  restore({ tokens, given }: Restored, pace: Pace): Work {
    return paced(this.run.restore(tokens, given), pace);
  }

  /** Nobody needs it any more: what the model keeps of it can go. */
  release(): void {
    this.contexts.release();
  }

  /** Checksum of the model that said the tokens. */
  get model(): string {
    return this.options.source.model;
  }

  /** What the program has printed in all that was generated. */
  get printed(): Output {
    return this.run.output;
  }

  /** The tokens that the model is given at first. */
  get prompt(): Uint16Array {
    return this.history.tokensFrom(0, this.history.promptLength);
  }

  /** All tokens behind the prompt. */
  get everything(): Restored {
    const { history, run } = this;
    const { promptLength } = history;
    const given = run.given.map(({ from, to }) => ({ from: from - promptLength, to: to - promptLength }));
    return { tokens: history.tokensFrom(promptLength, history.tokenCount), given };
  }

  /** Trace lines that are complete. */
  get lines(): number {
    return this.history.lines;
  }

  /** The last line where one can stand: the one that ended the program, or the one that comes next. */
  get lastPosition(): number {
    return this.end?.line ?? this.lines;
  }

  /** Tokens in all, the prompt included. */
  get tokens(): number {
    return this.history.tokenCount;
  }

  /** The last token of the furthest line that the user has stood at. */
  get now(): number {
    return this.firstToken(this.reached + 1) - 1;
  }

  get generated(): number {
    return this.run.generated;
  }

  /** The line that ended the program, and how. */
  get end(): End | undefined {
    return this.history.end;
  }

  /** Whether no more tokens come because the program reads input that was not given. */
  get wantsInput(): boolean {
    return this.run.stop?.kind === 'input';
  }

  /** Gives input to the program; `end`: no more will come. */
  give(bytes: Uint8Array, end: boolean): void {
    // The context may be full: where the model reads it, is found when it goes on.
    this.run.note(inputTokens(bytes, this.history.input.count, end));
  }

  /** Why no more tokens come, if it is not that the program has ended. */
  get failure(): Failure | undefined {
    const { stop } = this.run;
    if (this.memory.usedUp) return { kind: 'memory', message: this.memory.text };
    switch (stop?.kind) {
      case 'budget': {
        const text = budgetText(stop.tokens);
        const message = `${text.charAt(0).toUpperCase()}${text.slice(1)} (maxTokens). Continue goes on for as many again.`;
        return { kind: 'budget', message };
      }
      case 'failed': {
        const { error } = stop;
        const message = error instanceof PlacedError ? error.toString() : error.message;
        return { kind: 'error', message: `The run cannot go on: ${message}.` };
      }
      default:
        return undefined;
    }
  }

  /**
   * Generates until `line` is complete; false when it is not: the program has ended, wants input, or something failed, or
   * `isEnough` says so.
   */
  *complete(line: number, pace: Pace, isEnough = () => false): Work<boolean> {
    while (this.lines <= line && !this.run.stop && !this.memory.usedUp && !isEnough()) {
      this.isFeeding = !this.run.hasFed(this.tokens);
      this.inTime((count) => this.run.advance(count));
      if (!this.run.stop) this.memory.look(this.tokens);
      if (pace.due()) yield;
    }
    return this.lines > line;
  }

  /**
   * Lets the source say again what it has not said yet of the tokens before `to`.
   * @throws PlacedError where it says something else than was recorded
   */
  *feed(to: number, pace: Pace): Work {
    while (!this.contexts.hasSaid(to)) {
      this.isFeeding = true;
      this.inTime((count) => this.run.feed(to, count));
      if (pace.due()) yield;
    }
    this.isFeeding = false;
  }

  /** Whether the source has said everything that there is. */
  get isFed(): boolean {
    return this.run.hasFed(this.tokens);
  }

  /** The context in which a token is read by the model, counted from 0. */
  contextOf(token: number): number {
    return this.contexts.contextOf(token);
  }

  /** How far the source has come with what it says again, in words; undefined while it says new tokens. */
  get feeding(): string | undefined {
    const fed = this.contexts.length.toLocaleString('en');
    return this.isFeeding
      ? `the model goes through the tokens so far: ${fed} of ${this.tokens.toLocaleString('en')}`
      : undefined;
  }

  /**
   * Lets a recording that a budget ended go on, for as many tokens or as much memory again; false if none did.
   * `always`: tokens are not counted any more. Memory is, for there is an end to it.
   */
  extend(always = false): boolean {
    return this.memory.extend() || this.run.extend(always ? Number.POSITIVE_INFINITY : undefined);
  }

  /** Does something with a batch of tokens, and adapts the size of batches to how long one takes. */
  private inTime(work: (count: number) => void): void {
    const start = performance.now();
    work(this.batch);
    const took = performance.now() - start;
    if (took < SHORT) this.batch = Math.min(2 * this.batch, MOST_BATCH);
    else if (took > LONG) this.batch = Math.max(this.batch >> 1, 1);
  }

  cursorOf(line: number): number {
    return this.history.cursorOf(line);
  }

  depthOf(line: number): number {
    return this.history.depthOf(line);
  }

  stackDepthOf(line: number): number {
    return this.history.stackDepthOf(line);
  }

  /** Whether a line executes nothing: it says that the program waits for input, or brings some. */
  waits(line: number): boolean {
    return line >= 0 && WAITING.includes(this.tokenAt(this.firstToken(line)));
  }

  /** The machine before a line. */
  moment(line: number): Moment {
    return this.history.moment(line);
  }

  tokenAt(index: number): number {
    return this.history.tokenAt(index);
  }

  /** Index of a line's first token; of the line behind the last, where its first would stand. */
  firstToken(line: number): number {
    return this.history.firstToken(line);
  }

  /** The line that a token belongs to; -1 for tokens of the prompt. */
  lineOfToken(token: number): number {
    return this.history.lineOfToken(token);
  }

  /** The instruction of the program that a token of the prompt is a part of; -1 for others. */
  instructionOfToken(token: number): number {
    const cursor = Math.floor((token - PROGRAM_START) / INSTRUCTION_TOKENS);
    return cursor >= 0 && cursor < this.options.program.ops.length ? cursor : -1;
  }

  instructionText(cursor: number): string {
    return instructionText(this.options.program, cursor);
  }

  lineText(line: number): string {
    return this.history.text(line);
  }

  /** A line in words. */
  sentence(line: number): SentencePart[] {
    return sentence(this.history, line);
  }

  /** A part of a sentence with the line of its token, where that is of the trace. */
  followed<Part extends { readonly token?: number }>(part: Part): Part & { traceLine?: number } {
    const traceLine = part.token === undefined ? -1 : this.lineOfToken(part.token);
    return traceLine < 0 ? part : { ...part, traceLine };
  }

  /** A source of its own for a look at what would be; it has no tokens yet, and is to be released. */
  scratch(): TokenSource {
    const { source, program } = this.options;
    return source.aside(program, this.input, this.asks);
  }

  /** A page of the trace, up to the furthest line reached. */
  page(page = 0): TracePage {
    const firstLine = page * PAGE_LINES;
    const last = Math.min(firstLine + PAGE_LINES, this.lines, this.reached + 1);
    const lines: string[] = [];
    for (let line = firstLine; line < last; line++) lines.push(`${this.lineText(line)}\n`);
    const final = last === firstLine + PAGE_LINES || this.end?.line === this.reached;
    return { text: lines.join(''), firstLine, lines: lines.length, final };
  }
}
