/** A short run of the fuzzer, that it sees what is wrong, and what it has found before. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import type { Generator } from '../../engine/transformer/generator.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { runCase } from './cases.ts';
import { moduleText } from './module.ts';
import { ModuleGenerator } from './module-generator.ts';

const SEED = Number(process.env.SEED ?? 1);
const CASES = 12;

let model: Model;
const compiler = new Compiler();

before(() => {
  model = Model.load(modelFiles());
});
after(() => compiler.dispose());

test(`the model and V8 agree on ${CASES} random programs from seed ${SEED} on`, async (context) => {
  let tokens = 0;
  for (let seed = SEED; seed < SEED + CASES; seed++) {
    const result = await runCase(seed, { generator: () => Kernel.create(model), compiler });
    assert.equal(result.difference, undefined, `seed ${seed}: ${JSON.stringify(result.difference)}\n${result.source}`);
    tokens += result.tokens;
  }
  assert.ok(tokens > 100_000, `${tokens} tokens`);
  context.diagnostic(`${tokens} tokens`);
});

/** A model that says fd where it should say fe. */
function faulty(): Generator {
  const kernel = Kernel.create(model);
  const prompt = { end: 0 };
  return {
    model,
    get length() {
      return kernel.length;
    },
    get bytes() {
      return kernel.bytes;
    },
    tokenAt(index) {
      const token = kernel.tokenAt(index);
      return token === TOKEN.byte + 0xfe && index >= prompt.end ? token - 1 : token;
    },
    read(from, to) {
      return Uint16Array.from({ length: to - from }, (_, i) => this.tokenAt(from + i));
    },
    append(tokens) {
      kernel.append(tokens);
      prompt.end ||= kernel.length;
    },
    generate: (count) => kernel.generate(count),
    inspect: (index) => kernel.inspect(index),
    keys: (...of) => kernel.keys(...of),
    anew: faulty,
  };
}

test('a machine that is wrong in one byte is found, and the program made smaller', async () => {
  for (const seed of [1, 2, 3, 5, 6, 7]) {
    const { difference, source = '' } = await runCase(seed, { generator: faulty, compiler });
    if (!difference) continue;
    assert.match(source, new RegExp(`^;; seed ${seed}: .*the model .*V8`));
    const whole = moduleText(new ModuleGenerator(seed).generate().module);
    assert.ok(source.length < 0.8 * whole.length, `${source.length} of ${whole.length} characters are left`);
    return;
  }
  assert.fail('it was not found');
});

test('found: quotients of long division whose digits are all 255, or one less than the divisor allows', () => {
  for (const [r, d, b] of [
    [0x7fffffff, -1, -0x80000000],
    [0x7ffffffe, 0, 0x7fffffff],
    [-2, -1, -1],
    [0x3fffffff, -1, 0x40000000],
  ]) {
    const program = programOf([['i32.const', r], ['i32.const', d], ['i32.const', b], ['divlu'], ['halt']]);
    const prompt = encodePrompt(program, new Uint8Array());
    for (const generator of [Kernel.create(model), new Transformer(model, 'hull')]) {
      generator.append(prompt);
      const trace = Array.from({ length: generator.generate(100) }, (_, i) => generator.tokenAt(prompt.length + i));
      assert.deepEqual(trace, Array.from(expectedTrace(program)), `${r} ${d} ${b}`);
    }
  }
});
