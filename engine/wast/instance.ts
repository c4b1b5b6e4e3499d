/**
 * An instance of a module inside the model: one sequence of tokens. Calls of its exports are appended to it, so memory
 * and globals are as the calls before left them, also behind a trap.
 */
import { PlacedError } from '../errors.ts';
import { encodePrompt, type ProgramEntry, type TokenProgram, widthOf } from '../isa/program.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { History } from '../trace/history.ts';
import type { Generator } from '../transformer/generator.ts';
import { hostLines } from './host-lines.ts';
import type { Value } from './numbers.ts';

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
  readonly history: History;
  /** What the program has put out. */
  readonly output: number[] = [];
  /** How instantiation ended: the start function may trap. */
  readonly start: Outcome;
  private readonly generator: Generator;
  private readonly budget: number;
  private readonly promptLength: number;
  private last: Outcome;

  /**
   * Instantiates a program that was lowered with its exports.
   * @param budget most tokens to generate in all
   */
  constructor(program: TokenProgram, generator: Generator, budget: number, input = new Uint8Array()) {
    this.program = program;
    this.generator = generator;
    this.budget = budget;
    const prompt = encodePrompt(program, input);
    this.promptLength = prompt.length;
    this.history = new History(program, prompt);
    generator.append(prompt);
    this.start = this.run(undefined);
    this.last = this.start;
  }

  /** Tokens behind the prompt, the host's included. */
  get tokens(): number {
    return this.history.tokenCount - this.promptLength;
  }

  /** The exported function of this name, or undefined. */
  entry(name: string): ProgramEntry | undefined {
    return this.program.entries?.find((entry) => entry.name === name);
  }

  /**
   * Calls an exported function.
   * @throws PlacedError when there is none of this name and these parameters
   */
  call(name: string, args: readonly Value[]): Outcome {
    const entry = this.entry(name);
    if (!entry) throw new PlacedError(`the module exports no function ${JSON.stringify(name)}`);
    const given = args.map(({ type }) => type).join(', ');
    const wanted = entry.params.join(', ');
    if (given !== wanted) throw new PlacedError(`${name} takes (${wanted}), but (${given}) was given`);
    if (this.last.kind === 'limit') return this.last;
    const { history } = this;
    const line = history.lines;
    const state = {
      cursor: history.cursorOf(line),
      stackDepth: history.stackDepthOf(line),
      callDepth: history.depthOf(line),
      trapped: this.last.kind === 'trap',
    };
    this.last = this.within(() => {
      const tokens = hostLines(state, entry, args);
      this.generator.append(tokens);
      history.appendGiven(tokens);
      return this.run(entry);
    });
    return this.last;
  }

  /** The value of an exported global, or undefined. */
  global(name: string): Value | undefined {
    const found = this.program.globals.find(({ exports }) => exports?.includes(name));
    if (!found) return undefined;
    const moment = this.history.moment(this.history.lines);
    const { type, cell } = found;
    return { type, bits: widthOf(type) === 8 ? moment.wideCell(cell) : BigInt(moment.cell(cell)) };
  }

  /** Generates until the program ends. */
  private run(entry: ProgramEntry | undefined): Outcome {
    const { history, generator } = this;
    return this.within(() => {
      while (!history.end) {
        const count = Math.min(BATCH, this.budget - this.tokens);
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
    const { history } = this;
    const { kind, reason = '', code, line } = history.end as NonNullable<History['end']>;
    if (kind === 'trap') return { kind, reason };
    if (!entry) return { kind: 'results', values: [] };
    if (history.cursorOf(line) !== entry.cursor + 1) return { kind: 'exit', code };
    const moment = history.moment(history.lines);
    const below = moment.stackDepth - entry.results.length;
    const values = entry.results.map((type, i) => ({ type, bits: BigInt(moment.stackBits(below + i)) }));
    return { kind: 'results', values };
  }
}
