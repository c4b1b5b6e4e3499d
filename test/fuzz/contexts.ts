/**
 * Every shared program to its end, in contexts of several lengths and in one, against the oracle: tokens, output, end, and the
 * values that there are then. `npm test` does this with the beginnings of programs (test/run/contexts.test.ts).
 */
import path from 'node:path';
import type { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { type ProgramRow, TABLE } from '../programs/table.ts';
import { assertIsOracle, runLong } from '../run/long.ts';

const LENGTHS = [2 ** 16, 2 ** 20, 2 ** 24];
/** Contexts of a program that none of these divides. */
const PARTS = 5;
/** Tokens of the longest line. */
const LINE = 15;

/** One that is longer than the longest of these. */
const LONG: ProgramRow = {
  name: 'n-body.c, 250 steps',
  language: 'c',
  async load(compiler) {
    const loaded = await load([path.resolve(import.meta.dirname, '../bench/reach/n-body.c')], { compiler });
    return { ...loaded, input: inputOf(loaded, ['250'], new Uint8Array()) };
  },
};

/** Prints how many tokens each had in how many contexts; with words, of those whose name has one. Returns the exit status. */
export async function fuzzContexts(compiler: Compiler, words: readonly string[]): Promise<number> {
  let tokens = 0;
  let failures = 0;
  const rows = [...TABLE, LONG].filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
  for (const row of rows) {
    const { program, input } = await row.load(compiler);
    const oracle = new Interpreter(program, input);
    oracle.run(Number.POSITIVE_INFINITY);
    const part = Math.max(LINE, Math.floor(oracle.tokens / PARTS));
    const dividing = LENGTHS.filter((length) => length < oracle.tokens);
    const lengths: ((state: number) => number)[] = [
      () => Number.POSITIVE_INFINITY,
      (state) => state + part,
      ...dividing.map((length) => (state: number) => Math.max(length, 2 * state)),
    ];
    const contexts: number[] = [];
    for (const length of lengths) {
      const long = runLong(program, { input, length });
      contexts.push(long.run.count);
      tokens += long.run.generated;
      try {
        assertIsOracle(long, oracle, row.name);
      } catch (error) {
        failures++;
        console.log(`${long.run.count} contexts: ${(error as Error).message}`);
      }
    }
    console.log(`${row.name}: ${oracle.tokens.toLocaleString('en')} tokens in ${contexts.join(', ')} contexts`);
  }
  console.log(
    `${rows.length} programs, ${tokens.toLocaleString('en')} tokens: ${failures === 0 ? 'all the same' : `${failures} differ`}`,
  );
  return failures === 0 ? 0 : 1;
}
