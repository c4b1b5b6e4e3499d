/**
 * An instance of a module inside the model. Calls of its exports are appended to a sequence of tokens, so memory and
 * globals are as the calls before left them, also behind a trap. Where a sequence has no room for another call, the
 * next one goes on from the state that its tokens say.
 */
import { PlacedError } from '../errors.ts';
import { type ProgramEntry, type TokenProgram, widthOf } from '../isa/program.ts';
import { encodePrompt } from '../isa/prompt.ts';
import { Output } from '../run/output.ts';
import { budgetText, Run } from '../run/run.ts';
import { programAt } from '../run/state.ts';
import type { End } from '../trace/history.ts';
import type { Moment } from '../trace/moment.ts';
import { UNCAUGHT, uncaughtText } from '../trace/uncaught.ts';
import type { Generator } from '../transformer/generator.ts';
import { hostLines } from './host-lines.ts';
import type { Value } from './numbers.ts';
import { refusedGrowth } from './refusals.ts';

/** How a call ended. */
export type Outcome =
  | { readonly kind: 'results'; readonly values: readonly Value[] }
  | { readonly kind: 'trap'; readonly reason: string }
  /** The program ended itself with this code. */
  | { readonly kind: 'exit'; readonly code: number }
  /** Tokens have run out: the model's, or those of the budget. */
  | { readonly kind: 'limit'; readonly reason: string };

/** Tokens that are generated before the budget is looked at again. */
const BATCH = 1 << 16;

export class Instance {
  readonly program: TokenProgram;
  /** What the program has put out. */
  readonly output = new Output();
  /** How instantiation ended: the start function may trap. */
  readonly start: Outcome;
  private readonly generator: () => Generator;
  private readonly budget: number;
  private sequence: Run;
  /** Tokens of the sequences before. */
  private earlier = 0;
  /** Tokens of the last call. */
  private lastTokens = 0;
  private last: Outcome;
  /** See `refused`. */
  private wanted: string | undefined;

  /**
   * Instantiates a program that was lowered with its exports. The program has no input.
   * @param generator makes the model ready for a new sequence
   * @param budget most tokens to generate in one sequence: no call can take more
   * @throws PlacedError when the program is too large for a prompt
   */
  constructor(program: TokenProgram, generator: () => Generator, budget: number) {
    this.program = program;
    this.generator = generator;
    this.budget = budget;
    this.sequence = this.begin(program);
    this.start = this.toEnd(undefined);
    this.last = this.start;
    this.wanted = refusedGrowth(program, this.sequence.history, 0);
  }

  /** Tokens behind the prompts of all sequences, the host's included. */
  get tokens(): number {
    return this.earlier + this.sequence.generated;
  }

  /** The machine as it is now. */
  get moment(): Moment {
    const { history } = this.sequence;
    return history.moment(history.lines);
  }

  /** Why the last call did not end; undefined if it did. */
  get limit(): string | undefined {
    return this.last.kind === 'limit' ? this.last.reason : undefined;
  }

  /** The exported function of this name, or undefined. */
  entry(name: string): ProgramEntry | undefined {
    return this.program.entries?.find((entry) => entry.name === name);
  }

  /**
   * Calls an exported function. After a call for which the tokens did not suffice there is no state to go on from: all
   * later ones end the same way.
   * @throws PlacedError when there is none of this name and these parameters
   */
  call(name: string, args: readonly Value[]): Outcome {
    const entry = this.entry(name);
    if (!entry) throw new PlacedError(`the module exports no function ${JSON.stringify(name)}`);
    const given = args.map(({ type }) => type).join(', ');
    const wanted = entry.params.join(', ');
    if (given !== wanted) throw new PlacedError(`${name} takes (${wanted}), but (${given}) was given`);
    if (this.last.kind === 'limit') return this.last;
    this.last = this.within(() => {
      // Another call like the last one would not end in this sequence: its tokens would be for nothing.
      if (this.sequence.generated + this.lastTokens > this.budget) this.renew(this.moment);
      const { moment } = this;
      const tokens = this.sequence.generated;
      const shown = this.output.length;
      const outcome = this.attempt(entry, args);
      this.lastTokens = this.sequence.generated - tokens;
      if (outcome.kind !== 'limit' || tokens === 0) return outcome;
      this.output.truncate(shown);
      this.renew(moment);
      return this.attempt(entry, args);
    });
    return this.last;
  }

  /** The value of an exported global, of a vector the halves; undefined where there is none. */
  global(name: string): Value[] | undefined {
    const { globals } = this.program;
    const found = globals.find(({ exports }) => exports?.includes(name));
    if (!found) return undefined;
    const { moment } = this;
    const all = found.half === undefined ? [found] : globals.filter(({ index }) => index === found.index);
    return all.map(({ type, cell, reference }) => ({
      type: reference ?? type,
      bits: widthOf(type) === 8 ? moment.wideCell(cell) : BigInt(moment.cell(cell)),
    }));
  }

  /**
   * Which growth of memory the module allows and the machine refused, in words; undefined if there was none. Another
   * machine would have gone on differently.
   */
  get refused(): string | undefined {
    return this.wanted;
  }

  /** Begins a sequence in which nothing has run, in the state of `moment`. */
  private renew(moment: Moment): void {
    const next = this.begin(programAt(this.program, moment));
    this.earlier += this.sequence.generated;
    this.sequence = next;
  }

  private attempt(entry: ProgramEntry, args: readonly Value[]): Outcome {
    const { history } = this.sequence;
    const line = history.lines;
    const state = {
      cursor: history.cursorOf(line),
      stackDepth: history.stackDepthOf(line),
      callDepth: history.depthOf(line),
      trapped: history.end?.kind === 'trap',
    };
    return this.within(() => {
      this.sequence.appendGiven(hostLines(state, entry, args));
      const outcome = this.toEnd(entry);
      this.wanted ??= refusedGrowth(this.program, history, line);
      return outcome;
    });
  }

  private begin(program: TokenProgram): Run {
    const { budget, output } = this;
    return new Run(program, encodePrompt(program, new Uint8Array()), this.generator(), { budget, output });
  }

  /** Generates until the program ends. */
  private toEnd(entry: ProgramEntry | undefined): Outcome {
    const stop = this.sequence.toEnd(BATCH);
    if (stop.kind === 'ended') return this.outcome(stop.end, entry);
    if (stop.kind === 'budget') return { kind: 'limit', reason: budgetText(stop.tokens) };
    if (stop.kind === 'input') return { kind: 'limit', reason: 'input is read, and none is given' };
    if (!(stop.error instanceof PlacedError)) throw stop.error;
    return { kind: 'limit', reason: stop.error.message };
  }

  /** The model's limits end a call with what there is. */
  private within(step: () => Outcome): Outcome {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error;
      return { kind: 'limit', reason: error.message };
    }
  }

  private outcome(end: End, entry: ProgramEntry | undefined): Outcome {
    const { kind, reason = '', code, line } = end;
    const { history } = this.sequence;
    if (kind === 'trap') {
      return { kind, reason: uncaughtText(end, history) === undefined ? reason : UNCAUGHT };
    }
    if (!entry) return { kind: 'results', values: [] };
    if (history.cursorOf(line) !== entry.halt) return { kind: 'exit', code };
    const { moment } = this;
    const below = moment.stackDepth - entry.results.length;
    const values = entry.results.map((type, i) => ({ type, bits: BigInt(moment.stackBits(below + i)) }));
    return { kind: 'results', values };
  }
}
