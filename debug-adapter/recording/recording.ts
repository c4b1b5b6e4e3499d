/**
 * The recording that a session plays: prompt, the tokens generated so far, and their history; written further by the
 * token source when somebody wants a line that is not there yet.
 *
 * Tokens are generated in batches, so the recording may run ahead of what the user has reached. What lies behind the
 * furthest line reached is not shown: `reached` and `now` are where the user's recording ends.
 */
import { PlacedError } from '../../engine/errors.ts';
import { instructionText, type TokenProgram } from '../../engine/isa/program.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { budgetText, type Given, Run } from '../../engine/run/run.ts';
import type { End, History } from '../../engine/trace/history.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import { type SentencePart, sentence } from '../../engine/trace/sentence.ts';
import type { FrameSource } from './frames.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { Pace, Work } from './pace.ts';
import type { Timeline } from './stepping.ts';
import type { TokenSource } from './token-source.ts';
import { PAGE_LINES } from './trace-pages.ts';

/** Why no more tokens come, though the program has not ended. */
export interface Failure {
  kind: 'budget' | 'memory' | 'error';
  message: string;
}

/** A page of the trace as text. */
export interface TracePage {
  text: string;
  firstLine: number;
  lines: number;
  /** Whether no line will be added to it. */
  final: boolean;
}

/** Tokens of a batch: few enough for a slice however slow the source is, and no more than this. */
const FIRST_BATCH = 32;
const MOST_BATCH = 4096;
/** Milliseconds that a batch should take at least and at most. */
const SHORT = 2;
const LONG = 4;

/** First tokens of the lines between a read and what it is given. */
const WAITING: readonly number[] = [TOKEN.needInput, TOKEN.input, TOKEN.inputEnd];

/** Tokens whose heads are remembered: looking at them again costs nothing. */
const INSPECTIONS = 16;

/** What was generated, and which of it (counted from its first token) a host gave. */
export interface Restored {
  readonly tokens: Uint16Array;
  readonly given: readonly Given[];
}

export class Recording implements Timeline, FrameSource {
  readonly history: History;
  /** What the program reads. */
  readonly input: Uint8Array;
  /** Whether it asks for more than there is. */
  readonly more: boolean;
  /** The furthest line that the user has stood at. */
  reached = 0;
  /** Where the last motion began. */
  departure = 0;
  private readonly program: TokenProgram;
  private readonly source: TokenSource;
  private readonly budget: number;
  private readonly megabytes: number;
  private readonly run: Run;
  private readonly memory: MemoryBudget;
  private readonly inspections = new Map<number, ReturnType<TokenSource['inspect']>>();
  private batch = FIRST_BATCH;

  /**
   * `budget`: tokens to generate; `megabytes`: of memory to take; each until it is extended. `more`: whether the program asks
   * for more input than there is.
   * @throws PlacedError when the prompt is longer than the model has positions
   */
  constructor(
    program: TokenProgram,
    input: Uint8Array,
    source: TokenSource,
    budget: number,
    megabytes = Number.POSITIVE_INFINITY,
    more = false,
  ) {
    this.program = program;
    this.input = input;
    this.more = more;
    this.source = source;
    this.budget = budget;
    this.megabytes = megabytes;
    this.run = new Run(program, encodePrompt(program, input, more), source, { budget });
    this.history = this.run.history;
    this.memory = new MemoryBudget(megabytes, () => this.history.bytes + source.bytes);
  }

  /** Another of the same program whose trace is this one's up to a line, and from there on that of its own source. */
  fork(line: number, edit: Uint16Array): Recording {
    const { program, input, source, budget, megabytes, more } = this;
    const { tokens, given } = this.everything;
    const from = this.firstToken(line) - this.history.promptLength;
    const all = new Uint16Array(from + edit.length);
    all.set(tokens.subarray(0, from));
    all.set(edit, from);
    const fork = new Recording(program, input, source.another(), budget, megabytes, more);
    fork.restore({ tokens: all, given: [...given.filter(({ to }) => to <= from), { from, to: all.length }] });
    return fork;
  }

  /** Takes over what was generated before; see `Run.restore`. @throws PlacedError for what is no trace */
  restore({ tokens, given }: Restored): void {
    this.run.restore(tokens, given);
  }

  /** Checksum of the model that said the tokens. */
  get model(): string {
    return this.source.model;
  }

  /** All tokens, the prompt's apart. */
  get everything(): Restored & { readonly prompt: Uint16Array } {
    const { history, run } = this;
    const { promptLength } = history;
    const given = run.given.map(({ from, to }) => ({ from: from - promptLength, to: to - promptLength }));
    const prompt = history.tokensFrom(0, promptLength);
    return { prompt, tokens: history.tokensFrom(promptLength, history.tokenCount), given };
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
    this.run.give(bytes, end);
  }

  /** Why no more tokens come, if it is not that the program has ended. */
  get failure(): Failure | undefined {
    const { stop } = this.run;
    if (this.memory.usedUp) return { kind: 'memory', message: this.memory.text };
    switch (stop?.kind) {
      case 'budget': {
        const message = `${capitalized(budgetText(stop.tokens))} (maxTokens). Continue goes on for as many again.`;
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

  /** Generates until `line` is complete; false when it is not: the program has ended, wants input, or something failed. */
  *complete(line: number, pace: Pace): Work<boolean> {
    while (this.lines <= line && !this.run.stop && !this.memory.usedUp) {
      this.advance();
      if (!this.run.stop) this.memory.look(this.tokens);
      if (pace.due()) yield;
    }
    return this.lines > line;
  }

  /** Lets a recording that a budget ended go on, for as many tokens or as much memory again; false if none did. */
  extend(): boolean {
    return this.memory.extend() || this.run.extend();
  }

  /** Reads or generates a batch, and adapts the size of batches to how long one takes. */
  private advance(): void {
    const start = performance.now();
    this.run.advance(this.batch);
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
    return cursor >= 0 && cursor < this.program.ops.length ? cursor : -1;
  }

  instructionText(cursor: number): string {
    return instructionText(this.program, cursor);
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

  /** What the heads did in the pass over a token. */
  inspect(token: number): ReturnType<TokenSource['inspect']> {
    const known = this.inspections.get(token);
    if (known) return known;
    this.run.feed(token + 1);
    const found = this.source.inspect(token);
    if (this.inspections.size >= INSPECTIONS) this.inspections.delete([...this.inspections.keys()][0]);
    this.inspections.set(token, found);
    return found;
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

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
