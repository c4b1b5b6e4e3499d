/**
 * The recording that a session plays: prompt, the tokens generated so far, and their history; written further by the
 * token source when somebody wants a line that is not there yet.
 */
import { PlacedError } from '../engine/errors.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START, type TokenProgram } from '../engine/isa/program.ts';
import type { FrameSource, Moment } from './moment.ts';
import type { Pace, Work } from './pace.ts';
import { Replay } from './replay.ts';
import type { Timeline } from './stepping.ts';
import type { TokenSource } from './token-source.ts';
import { PAGE_LINES } from './trace-pages.ts';

/** Why no more tokens come, though the program has not ended. */
export interface Failure {
  kind: 'budget' | 'error';
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

/** Tokens between two looks at the clock. */
const BATCH = 64;

export class Recording implements Timeline, FrameSource {
  failure: Failure | undefined;
  private readonly program: TokenProgram;
  private readonly source: TokenSource;
  private readonly budget: number;
  private readonly prompt: Uint16Array;
  private readonly history: Replay;
  private fed = 0;

  /** @throws PlacedError when the prompt is longer than the model has positions */
  constructor(program: TokenProgram, input: Uint8Array, source: TokenSource, budget: number) {
    this.program = program;
    this.source = source;
    this.budget = budget;
    this.prompt = encodePrompt(program, input);
    this.history = new Replay(program, this.prompt);
  }

  /** Trace lines that are complete. */
  get lines(): number {
    return this.history.lines;
  }

  /** Tokens in all, the prompt included. */
  get tokens(): number {
    return this.history.tokens.length;
  }

  get generated(): number {
    return this.tokens - this.prompt.length;
  }

  /** The line that ended the program, and how. */
  get end(): Replay['end'] {
    return this.history.end;
  }

  /** Generates until `line` is complete; false when it will never be: the program has ended, or something failed. */
  *complete(line: number, pace: Pace): Work<boolean> {
    try {
      for (; this.fed < this.prompt.length; this.fed++) {
        this.source.append(this.prompt[this.fed]);
        if (this.fed % BATCH === 0 && pace.due()) yield;
      }
      for (let count = 1; this.lines <= line && !this.end && !this.failure; count++) {
        if (this.generated >= this.budget) {
          const budget = this.budget.toLocaleString('en');
          this.failure = { kind: 'budget', message: `The budget of ${budget} tokens is used up (maxTokens).` };
          break;
        }
        this.history.append(this.source.step());
        if (count % BATCH === 0 && pace.due()) yield;
      }
    } catch (error) {
      const message = error instanceof PlacedError ? error.toString() : (error as Error).message;
      this.failure = { kind: 'error', message: `The run cannot go on: ${message}.` };
    }
    return this.lines > line;
  }

  cursorOf(line: number): number {
    return this.history.cursors[line];
  }

  depthOf(line: number): number {
    return this.history.depths[line];
  }

  stackDepthOf(line: number): number {
    return this.history.stackDepths[line];
  }

  /** The machine before a line. */
  moment(line: number): Moment {
    return this.history.moment(line);
  }

  tokenAt(index: number): number {
    return this.history.tokens[index];
  }

  /** Index of a line's first token; of the line behind the last, where its first would stand. */
  firstToken(line: number): number {
    return this.history.first[line] ?? this.tokens;
  }

  /** The line that a token belongs to; -1 for tokens of the prompt. */
  lineOfToken(token: number): number {
    if (token < this.prompt.length) return -1;
    let low = 0;
    let high = this.history.first.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.history.first[middle] <= token) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The instruction of the program that a token of the prompt is a part of; -1 for others. */
  instructionOfToken(token: number): number {
    const cursor = Math.floor((token - PROGRAM_START) / INSTRUCTION_TOKENS);
    return cursor >= 0 && cursor < this.program.ops.length ? cursor : -1;
  }

  instructionText(cursor: number): string {
    return this.history.instruction(cursor);
  }

  lineText(line: number): string {
    return this.history.text(line);
  }

  /** A line in words. */
  sentence(line: number): { text: string; value?: string; token?: number }[] {
    return [{ text: this.history.text(line) }];
  }

  /** What the heads did in the pass over a token. */
  inspect(token: number): ReturnType<TokenSource['inspect']> {
    return this.source.inspect(token);
  }

  page(page = 0): TracePage {
    const firstLine = page * PAGE_LINES;
    const last = Math.min(firstLine + PAGE_LINES, this.lines);
    const lines: string[] = [];
    for (let line = firstLine; line < last; line++) lines.push(`${this.lineText(line)}\n`);
    return { text: lines.join(''), firstLine, lines: lines.length, final: last === firstLine + PAGE_LINES || this.end !== undefined };
  }
}
