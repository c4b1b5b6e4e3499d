/**
 * Sources of tokens for tests: the oracle, which says what a right model must say, and a list of tokens from a file.
 * What heads did is made up (nobody knows it here), the same every time.
 */
import { readFile } from 'node:fs/promises';
import type { NamedHead, SourceFactory, TokenSource } from '../../debug-adapter/recording/token-source.ts';
import { EDIT_HEADER, editKindOf } from '../../engine/isa/edit-lines.ts';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { Interpreter } from '../oracle/interpreter.ts';

/** Two heads that work and one that does not. */
function inventedHeads(index: number) {
  const head = (number: number, target: number, value: number): NamedHead => ({
    layer: 1,
    head: number,
    name: `invented ${number}`,
    active: value !== 0,
    brings: ['invented', ''],
    query: [2 * target, 1],
    target,
    shared: target < 0 ? index + 1 : 1,
    score: 0,
    value: [value, 0],
    runnerUp: target > 0 ? target - 1 : -1,
    margin: value,
  });
  return { heads: [head(0, Math.max(index - 3, 0), 5), head(1, -1, 2), head(2, 0, 0)] };
}

/** Says the tokens of a list behind whatever prompt it is given; behind the list's end it fails. */
export class RecordedSource implements TokenSource {
  readonly model = 'recorded';
  length = 0;
  readonly bytes = 0;
  private prompt = 0;
  private readonly tokens: ArrayLike<number>;

  constructor(tokens: ArrayLike<number>) {
    this.tokens = tokens;
  }

  release(): void {}

  another(): TokenSource {
    return new RecordedSource(this.tokens);
  }

  aside(): TokenSource {
    return this.another();
  }

  append(tokens: ArrayLike<number>): void {
    this.prompt += tokens.length;
    this.length = this.prompt;
  }

  generate(count: number): number {
    const made = Math.min(count, this.tokens.length - (this.length - this.prompt));
    if (made === 0) throw new RangeError('the recording ends here');
    this.length += made;
    return made;
  }

  read(from: number, to: number): Uint16Array {
    return Uint16Array.from({ length: to - from }, (_, i) => this.tokens[from + i - this.prompt]);
  }

  inspect(index: number) {
    return inventedHeads(index);
  }

  forms(): undefined {}
}

/** Says what a right model must say. */
export class OracleSource implements TokenSource {
  readonly model = 'oracle';
  length = 0;
  readonly bytes = 0;
  private prompt = 0;
  private readonly interpreter: Interpreter;
  /** What it began with: more may have been given since. */
  private readonly input: Uint8Array;
  private readonly more: boolean;

  constructor(program: TokenProgram, input: Uint8Array, more = false) {
    this.input = input;
    this.more = more;
    this.interpreter = new Interpreter(program, input);
    this.interpreter.inputEnds = !more;
  }

  release(): void {}

  another(): TokenSource {
    return new OracleSource(this.interpreter.program, this.input, this.more);
  }

  aside(program: TokenProgram, input: Uint8Array, more: boolean): TokenSource {
    return new OracleSource(program, input, more);
  }

  /** The prompt; or, behind whole lines of the trace, an edit. */
  append(tokens: ArrayLike<number>): void {
    const kind = editKindOf(tokens[0]);
    this.length += tokens.length;
    if (kind !== undefined) {
      const bytes = Array.from(tokens, (token) => token - TOKEN.byte);
      const place = bytes.slice(1, EDIT_HEADER).reduceRight((sum, byte) => 256 * sum + byte, 0);
      this.interpreter.edit(kind, place, bytes.slice(EDIT_HEADER, -1));
    } else if (this.interpreter.end === 'input') {
      this.give(Array.from(tokens));
    } else {
      this.prompt = this.length;
    }
  }

  /** Input lines: opener, four bytes of a number, bytes, commit; and the end. */
  private give(tokens: readonly number[]): void {
    const ends = tokens.at(-1) === TOKEN.inputEnd;
    const lines = ends ? tokens.slice(0, -1) : tokens;
    this.interpreter.give(
      Uint8Array.from(lines.slice(5, -1), (token) => token - TOKEN.byte),
      ends,
    );
  }

  generate(count: number): number {
    const said = this.length - this.prompt;
    this.interpreter.run(said + count);
    const made = Math.min(count, this.interpreter.tokens - said);
    this.length += made;
    return made;
  }

  read(from: number, to: number): Uint16Array {
    return this.interpreter.trace.slice(from - this.prompt, to - this.prompt);
  }

  inspect(index: number) {
    return inventedHeads(index);
  }

  forms(): undefined {}
}

/** Sessions on the oracle, or on the file of tokens (two bytes each) that the environment names. */
export const testSources: SourceFactory = {
  warm: async () => {},
  async source({ program, input, more }) {
    const file = process.env.STEPFORMER_TEST_TOKENS;
    if (!file) return new OracleSource(program, input, more);
    const bytes = await readFile(file);
    return new RecordedSource(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
  },
};
