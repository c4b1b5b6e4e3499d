/**
 * Every program of the table: the kernel and the plain pass with each of its caches generate the same tokens, which
 * are the ones that the oracle says, and the output and exit that V8 gives for the same wasm. Where caches run side by
 * side, every head attends to the same token in each.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { sameTrap } from '../../engine/toolchain/native/native.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Model } from '../../engine/transformer/model.ts';
import { type Attention, Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';
import { TABLE } from './table.ts';

const model = Model.load(modelFiles());
const compiler = new Compiler();
after(() => compiler.dispose());

/** Tokens that the plain pass generates of each program with each cache, and those that the kernel does. */
const PLAIN: Record<Attention, number> = { hull: 1500, hardmax: 12, standard: 6 };
const KERNEL = 1_200_000;

/** Generates what is expected; fails at the first token that differs. */
function assertGenerates(generator: Generator, prompt: Uint16Array, expected: Uint16Array, what: string): void {
  generator.append(prompt.subarray(generator.length));
  const start = generator.length;
  const made = generator.generate(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const got = i < made ? generator.tokenAt(start + i) : -1;
    if (got === expected[i]) continue;
    const before = Array.from(expected.subarray(Math.max(0, i - 20), i), (token) => VOCABULARY[token]).join(' ');
    assert.fail(`${what}, token ${i}: expected ${VOCABULARY[expected[i]]}, got ${VOCABULARY[got]}, after ${before}`);
  }
}

for (const row of TABLE) {
  test(row.name, async () => {
    const { program, wasm, input, trap } = await row.load(compiler);
    const oracle = new Interpreter(program, input);
    oracle.run(KERNEL);
    const native = runNative(wasm, input);
    const output = Buffer.from(native.output).toString('latin1');
    if (oracle.end === 'budget') assert.ok(output.startsWith(oracle.outputText));
    else assert.equal(oracle.outputText, output);
    if (oracle.end !== 'budget') assert.equal(oracle.exitCode, native.exitCode);
    if (trap) assert.equal(oracle.trap, trap);
    else assert.ok(oracle.trap === native.trap || sameTrap(`${oracle.trap}`, `${native.trap}`), oracle.trap);

    const prompt = encodePrompt(program, input);
    assertGenerates(Kernel.create(model), prompt, oracle.trace, 'kernel');
    assertGenerates(new Transformer(model, 'hull'), prompt, oracle.trace.subarray(0, PLAIN.hull), 'hull');
  });
}

test('the three caches attend to the same tokens', async () => {
  const names = [
    'three plus five',
    'loads and stores of every width',
    'recursion keeps locals apart and starts them at zero',
  ];
  for (const row of TABLE.filter(({ name }) => names.includes(name))) {
    const { program, input } = await row.load(compiler);
    const prompt = encodePrompt(program, input);
    const passes = (['hull', 'hardmax', 'standard'] as const).map((attention) => new Transformer(model, attention));
    // Softmax looks at every key of every head: the table tokens, which all prompts share, are left out of the comparing.
    for (const pass of passes) pass.append(prompt);
    for (let i = 0; i < PLAIN.hardmax; i++) {
      for (const pass of passes) assert.equal(pass.generate(1), 1);
      const [hull, hardmax, standard] = passes;
      const at = hull.length - 1;
      assert.equal(hardmax.tokenAt(at), hull.tokenAt(at));
      assert.equal(standard.tokenAt(at), hull.tokenAt(at));
      assert.deepEqual(hardmax.targets, hull.targets, `${row.name}: hardmax, token ${at}`);
      // Where nothing was written yet all keys tie, and softmax shares between them.
      standard.targets.forEach((target, head) => {
        if (target >= 0) assert.equal(target, hull.targets[head], `${row.name}: softmax, token ${at}, head ${head}`);
      });
    }
  }
});

test('softmax refuses where it would not be exact, and names the limit', async () => {
  const far = '(module (memory 64) (func (export "_start") (i32.store (i32.const 4000000) (i32.const 7))))';
  const prompt = encodePrompt(await programOf(await wasmOf(far)), new Uint8Array());
  const pass = new Transformer(model, 'standard');
  pass.append(prompt);
  assert.throws(
    () => pass.generate(100),
    (error) => error instanceof PlacedError && /softmax attention is not exact here: at \d+ tokens/.test(error.message),
  );
});
