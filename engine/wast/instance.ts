/**
 * An instance of a module inside the model. Calls of its exports are appended to a run, so memory and globals are as the calls
 * before left them, also behind a trap. It has as many contexts as it takes (run/contexts.ts), within a call and between calls.
 */
import { PlacedError } from '../errors.ts';
import { type ProgramEntry, type TokenProgram, widthOf } from '../isa/program.ts';
import { encodePrompt } from '../isa/prompt.ts';
import { ContextRun, type ContextSource, contextLength } from '../run/contexts.ts';
import type { Output } from '../run/output.ts';
import { budgetText } from '../run/run.ts';
import type { End } from '../trace/history.ts';
import type { Moment } from '../trace/moment.ts';
import { UNCAUGHT, uncaughtText } from '../trace/uncaught.ts';
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
  /** How instantiation ended: the start function may trap. */
  readonly start: Outcome;
  private readonly budget: number;
  private readonly run: ContextRun;
  private last: Outcome;
  /** See `refused`. */
  private wanted: string | undefined;
  /** Up to which line of the present context growth of memory was looked for. */
  private seen = 0;

  /**
   * Instantiates a program that was lowered with its exports. The program has no input.
   * @param source has no tokens yet
   * @param budget most tokens of a call
   * @param length tokens of a context that begins with so many
   * @throws PlacedError when the program is too large for a prompt
   */
  constructor(
    program: TokenProgram,
    source: ContextSource,
    budget: number,
    length = (state: number) => contextLength(state),
  ) {
    this.program = program;
    this.budget = budget;
    this.run = new ContextRun(program, { input: new Uint8Array(), more: false }, source, {
      budget: Number.POSITIVE_INFINITY,
      prompt: encodePrompt,
      length,
      leaving: () => {
        this.look();
        this.seen = 0;
      },
    });
    this.start = this.toEnd(undefined);
    this.last = this.start;
  }

  /** What the program has put out. */
  get output(): Output {
    return this.run.output;
  }

  /** Tokens of all calls, the host's included. */
  get tokens(): number {
    return this.run.generated;
  }

  /** Contexts so far. */
  get contexts(): number {
    return this.run.count;
  }

  /** The machine as it is now. */
  get moment(): Moment {
    const { history } = this.run;
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
      const { history } = this.run;
      const line = history.lines;
      const state = {
        cursor: history.cursorOf(line),
        stackDepth: history.stackDepthOf(line),
        callDepth: history.depthOf(line),
        trapped: history.end?.kind === 'trap',
      };
      this.run.state(hostLines(state, entry, args));
      return this.toEnd(entry);
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

  /** Generates until the program ends. */
  private toEnd(entry: ProgramEntry | undefined): Outcome {
    const { run, budget } = this;
    const most = run.generated + budget;
    while (!run.stop && run.generated < most) run.advance(Math.min(BATCH, most - run.generated));
    this.look();
    const { stop } = run;
    if (stop === undefined || stop.kind === 'budget') return { kind: 'limit', reason: budgetText(budget) };
    if (stop.kind === 'ended') return this.outcome(stop.end, entry);
    if (stop.kind === 'input') return { kind: 'limit', reason: 'input is read, and none is given' };
    if (!(stop.error instanceof PlacedError)) throw stop.error;
    return { kind: 'limit', reason: stop.error.message };
  }

  /** Looks for growth of memory that was refused in the lines that were not looked at. */
  private look(): void {
    const { history } = this.run;
    this.wanted ??= refusedGrowth(this.program, history, this.seen);
    this.seen = history.lines;
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
    const { history } = this.run;
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
