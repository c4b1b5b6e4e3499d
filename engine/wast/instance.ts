/**
 * An instance of a module inside the model. Calls of its exports are appended to a sequence of tokens, so memory and
 * globals are as the calls before left them, also behind a trap. Where a sequence has no room for another call, the
 * next one goes on from the state that its tokens say.
 */
import { PlacedError } from '../errors.ts';
import { type ProgramEntry, type TokenProgram, widthOf } from '../isa/program.ts';
import { encodePrompt } from '../isa/prompt.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { History } from '../trace/history.ts';
import type { Moment } from '../trace/moment.ts';
import type { Generator } from '../transformer/generator.ts';
import { hostLines } from './host-lines.ts';
import type { Value } from './numbers.ts';
import { refusedGrowth } from './refusals.ts';
import { programAt } from './state.ts';

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

/** A program's prompt and what follows it. */
class Sequence {
  readonly history: History;
  readonly generator: Generator;
  private readonly promptLength: number;

  constructor(program: TokenProgram, generator: Generator) {
    const prompt = encodePrompt(program, new Uint8Array());
    this.promptLength = prompt.length;
    this.history = new History(program, prompt);
    this.generator = generator;
    generator.append(prompt);
  }

  /** Tokens behind the prompt, the host's included. */
  get tokens(): number {
    return this.history.tokenCount - this.promptLength;
  }

  /** The machine behind the last line. */
  get moment(): Moment {
    return this.history.moment(this.history.lines);
  }
}

export class Instance {
  readonly program: TokenProgram;
  /** What the program has put out. */
  readonly output: number[] = [];
  /** How instantiation ended: the start function may trap. */
  readonly start: Outcome;
  private readonly generator: () => Generator;
  private readonly budget: number;
  private sequence: Sequence;
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
    this.sequence = new Sequence(program, generator());
    this.start = this.run(undefined);
    this.last = this.start;
    this.wanted = refusedGrowth(program, this.sequence.history, 0);
  }

  /** Tokens behind the prompts of all sequences, the host's included. */
  get tokens(): number {
    return this.earlier + this.sequence.tokens;
  }

  /** The machine as it is now. */
  get moment(): Moment {
    return this.sequence.moment;
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
      if (this.sequence.tokens + this.lastTokens > this.budget) this.renew(this.moment);
      const { moment } = this;
      const { tokens } = this.sequence;
      const shown = this.output.length;
      const outcome = this.attempt(entry, args);
      this.lastTokens = this.sequence.tokens - tokens;
      if (outcome.kind !== 'limit' || tokens === 0) return outcome;
      this.output.length = shown;
      this.renew(moment);
      return this.attempt(entry, args);
    });
    return this.last;
  }

  /** The value of an exported global, or undefined. */
  global(name: string): Value | undefined {
    const found = this.program.globals.find(({ exports }) => exports?.includes(name));
    if (!found) return undefined;
    const { moment } = this;
    const { type, cell } = found;
    return { type, bits: widthOf(type) === 8 ? moment.wideCell(cell) : BigInt(moment.cell(cell)) };
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
    const program = programAt(this.program, moment);
    this.earlier += this.sequence.tokens;
    this.sequence = new Sequence(program, this.generator());
  }

  private attempt(entry: ProgramEntry, args: readonly Value[]): Outcome {
    const { history, generator } = this.sequence;
    const line = history.lines;
    const state = {
      cursor: history.cursorOf(line),
      stackDepth: history.stackDepthOf(line),
      callDepth: history.depthOf(line),
      trapped: history.end?.kind === 'trap',
    };
    return this.within(() => {
      const tokens = hostLines(state, entry, args);
      generator.append(tokens);
      history.appendGiven(tokens);
      const outcome = this.run(entry);
      this.wanted ??= refusedGrowth(this.program, history, line);
      return outcome;
    });
  }

  /** Generates until the program ends. */
  private run(entry: ProgramEntry | undefined): Outcome {
    const { history, generator } = this.sequence;
    return this.within(() => {
      while (!history.end) {
        const count = Math.min(BATCH, this.budget - this.sequence.tokens);
        if (count <= 0) {
          const reason = `the budget of ${this.budget.toLocaleString('en')} tokens is used up`;
          return { kind: 'limit', reason };
        }
        const from = generator.length;
        const made = generator.generate(count);
        const tokens = generator.read(from, from + made);
        for (const token of tokens)
          if (token >= TOKEN.out && token < TOKEN.out + 256) this.output.push(token - TOKEN.out);
        history.append(tokens);
      }
      return this.outcome(entry);
    });
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

  private outcome(entry: ProgramEntry | undefined): Outcome {
    const { history } = this.sequence;
    const { kind, reason = '', code, line } = history.end as NonNullable<History['end']>;
    if (kind === 'trap') return { kind, reason };
    if (!entry) return { kind: 'results', values: [] };
    if (history.cursorOf(line) !== entry.cursor + 1) return { kind: 'exit', code };
    const { moment } = this;
    const below = moment.stackDepth - entry.results.length;
    const values = entry.results.map((type, i) => ({ type, bits: BigInt(moment.stackBits(below + i)) }));
    return { kind: 'results', values };
  }
}
