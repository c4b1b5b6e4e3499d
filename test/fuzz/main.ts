/**
 * `npm run fuzz -- [--seconds N] [--seed S] [--cases N] [--out DIR]`: random modules and C programs, the model (by its
 * kernel) against V8. Prints each seed that fails and writes the program, made smaller, to DIR; exit status 1 then.
 *
 * With `--floats N`: so many operands of the operators on floats instead, hard ones and random ones; prints what differs. With
 * `--contexts [WORD...]`: every shared program, or those whose name has a word, to its end in contexts of several lengths.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOptions, wholeNumber } from '../../engine/cli/options.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { runCase } from './cases.ts';
import { fuzzContexts } from './contexts.ts';
import { fuzzFloats } from './floats.ts';

const parsed = parseOptions(process.argv.slice(2), {
  seconds: 'value',
  seed: 'value',
  cases: 'value',
  out: 'value',
  floats: 'value',
  contexts: 'flag',
});
const seconds = wholeNumber(parsed, 'seconds', 1, 1_000_000) ?? 60;
const first = wholeNumber(parsed, 'seed', 0, 2 ** 32) ?? Math.floor(Date.now() / 1000);
const most = wholeNumber(parsed, 'cases', 1, 2 ** 32) ?? Number.POSITIVE_INFINITY;
const out = parsed.value('out') ?? 'fuzz-failures';
const floats = wholeNumber(parsed, 'floats', 1, 2 ** 32);

const model = Model.load(modelFiles());
const generator = () => Kernel.create(model);
if (floats !== undefined) process.exit(await fuzzFloats(floats, first, generator));
const compiler = new Compiler();
if (parsed.flag('contexts')) {
  const status = await fuzzContexts(compiler, parsed.files);
  compiler.dispose();
  process.exit(status);
}
const bench = { generator, compiler };
const traps = new Map<string, number>();
const end = performance.now() + 1000 * seconds;
let cases = 0;
let tokens = 0;
let failures = 0;
console.log(`seeds from ${first} on`);
for (let seed = first; performance.now() < end && cases < most; seed++, cases++) {
  try {
    const result = await runCase(seed, bench);
    tokens += result.tokens;
    for (const trap of result.traps) traps.set(trap, (traps.get(trap) ?? 0) + 1);
    if (!result.source) continue;
    failures++;
    mkdirSync(out, { recursive: true });
    const file = join(out, `seed-${seed}.${result.kind}`);
    writeFileSync(file, result.source);
    console.log(`${file}: ${JSON.stringify(result.difference)}`);
  } catch (error) {
    failures++;
    console.log(`seed ${seed}: ${error instanceof Error ? error.stack : error}`);
  }
}
compiler.dispose();
const met = [...traps].map(([name, count]) => `${name} ${count}`).join(', ');
console.log(`${cases} cases, ${tokens.toLocaleString('en')} tokens, traps: ${met || 'none'}`);
console.log(failures === 0 ? 'the model and V8 agree' : `${failures} cases differ`);
process.exitCode = failures === 0 ? 0 : 1;
