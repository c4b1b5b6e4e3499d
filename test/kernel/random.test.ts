/** Random models: the kernel and the plain pass agree on every token and on every head at every token. */
import { test } from 'node:test';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { assertSamePass, assertSameTokens } from './agree.ts';
import { randomizer, randomModel, TABLE } from './random-model.ts';

const FIRST = Number(process.env.SEED ?? 1);
const COUNT = Number(process.env.MODELS ?? 40);

for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
  test(`random model ${seed}`, () => {
    const model = randomModel(seed);
    const random = randomizer(seed + 1000);
    const kernel = Kernel.create(model);
    const plain = new Transformer(model, 'hull');
    const table = Array.from({ length: TABLE }, (_, t) => t);
    const prompt = Array.from({ length: 30 + random(40) }, () => random(model.config.vocabulary));
    // Some prompts have the table, some have it late, some never.
    const tokens = [[...table, ...prompt], [...prompt, ...table], prompt][random(3)];
    for (const pass of [kernel, plain]) pass.append(tokens);
    for (let i = 0; i < 6; i++) {
      const count = random(25);
      const made = [kernel, plain].map((pass) => pass.generate(count));
      if (made[0] === made[1]) assertSameTokens(kernel, plain, `model ${seed}`);
      if (random(2)) assertSamePass(kernel, plain, plain.length - 1, `model ${seed}`);
      const more = Array.from({ length: random(4) }, () => random(model.config.vocabulary));
      for (const pass of [kernel, plain]) pass.append(more);
    }
    assertSameTokens(kernel, plain, `model ${seed}`);
    for (let t = 0; t < plain.length; t += 1 + random(5)) assertSamePass(kernel, plain, t, `model ${seed}`);
  });
}
