/** A run of a program in the model: tokens in slices, what they say, and how it ends. */
import { PlacedError } from '../errors.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { Loaded } from '../toolchain/load.ts';
import { sourceLine } from '../toolchain/load.ts';
import { History } from '../trace/history.ts';
import type { Generator } from '../transformer/generator.ts';

/** How a run ended. */
export interface Ending {
  kind: 'halt' | 'trap' | 'budget';
  code: number | null;
  reason: string | null;
  /** Of what did not halt, where there is C. */
  file: string | undefined;
  line: number | undefined;
}

/** Tokens between two looks at the clock. */
const BATCH = 4096;

export class Generation {
  readonly history: History;
  ending: Ending | undefined;
  /** Seconds of generation alone. */
  seconds = 0;
  private readonly loaded: Loaded;
  private readonly prompt: Uint16Array;
  private readonly generator: Generator;
  private readonly budget: number;
  private written = Buffer.alloc(1024);
  private outputLength = 0;

  /** `budget`: most tokens to generate. */
  constructor(loaded: Loaded, prompt: Uint16Array, generator: Generator, budget: number) {
    this.loaded = loaded;
    this.prompt = prompt;
    this.generator = generator;
    this.budget = budget;
    this.history = new History(loaded.program, prompt);
  }

  get generated(): number {
    return this.history.tokenCount - this.prompt.length;
  }

  get lines(): number {
    return this.history.lines;
  }

  /** What the program has put out so far. */
  get output(): Buffer {
    return this.written.subarray(0, this.outputLength);
  }

  /** Reads the prompt, then generates, for some milliseconds or until the end. */
  run(milliseconds: number): void {
    const { generator, prompt } = this;
    const end = performance.now() + milliseconds;
    while (!this.ending && performance.now() < end) {
      const rest = prompt.length - generator.length;
      if (rest > 0) generator.append(prompt.subarray(generator.length, generator.length + Math.min(rest, BATCH)));
      else this.generate();
    }
  }

  private generate(): void {
    const { generator, history } = this;
    const count = Math.min(BATCH, this.budget - this.generated);
    const from = generator.length;
    const start = performance.now();
    const made = this.attempt(() => generator.generate(count));
    this.seconds += (performance.now() - start) / 1000;
    if (made === undefined) return;
    const tokens = generator.read(from, from + made);
    this.collect(tokens);
    this.attempt(() => history.append(tokens));
    if (history.end) {
      const { kind, code, reason } = history.end;
      this.finish({ kind, code: kind === 'halt' ? code : null, reason: reason ?? null });
    } else if (this.generated >= this.budget) {
      const budget = this.budget.toLocaleString('en');
      this.finish({ kind: 'budget', code: null, reason: `the budget of ${budget} tokens is used up (--max-tokens)` });
    }
  }

  /** What the model's limits end, ends the run like a budget: with what there is. */
  private attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof PlacedError)) throw error;
      this.finish({ kind: 'budget', code: null, reason: error.message });
      return undefined;
    }
  }

  private collect(tokens: Uint16Array): void {
    for (let i = 0; i < tokens.length; i++) {
      const byte = tokens[i] - TOKEN.out;
      if (byte < 0 || byte > 255) continue;
      if (this.outputLength === this.written.length) {
        this.written = Buffer.concat([this.written], 2 * this.outputLength);
      }
      this.written[this.outputLength++] = byte;
    }
  }

  private finish(ending: Pick<Ending, 'kind' | 'code' | 'reason'>): void {
    const place = ending.kind === 'halt' ? undefined : this.place();
    this.ending = { ...ending, file: place?.file, line: place?.line };
  }

  /** The C line of the last line, or of the innermost call that has one. */
  private place(): { file: string; line: number } | undefined {
    const { history, loaded } = this;
    const { offsets, codeSection } = loaded.program;
    const last = Math.max(0, history.lines - 1);
    for (const line of [last, ...[...history.moment(last).calls].reverse()]) {
      const offset = offsets[history.cursorOf(line)];
      const found = offset < 0 ? undefined : sourceLine(loaded.debug, offset - codeSection);
      if (found) return found;
    }
    return undefined;
  }

  /** The result as `run --json` prints it. */
  report() {
    const { seconds, generated, lines } = this;
    const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
    return {
      output: this.output.toString(),
      exit: this.ending,
      tokens: { prefix: this.prompt.length, generated },
      lines,
      seconds,
      tokensPerSecond: rate(generated),
      linesPerSecond: rate(lines),
      peakBytes: this.generator.bytes,
    };
  }
}
