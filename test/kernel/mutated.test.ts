/**
 * The machine with single weights changed, and with heads that nobody designed: whatever it then computes, the kernel
 * computes the same. Nothing in the kernel may rely on what the weights were meant to do.
 */
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { readSafetensors, writeSafetensors } from '../../engine/transformer/safetensors.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';
import { assertSamePass, assertSameTokens } from './agree.ts';
import { randomizer } from './random-model.ts';

const files = modelFiles();
const prompt = encodePrompt(
  programOf([
    ['i32.const', 300],
    ['i32.const', 7],
    ['i32.mul'],
    ['i32.const', 9],
    ['i32.div_s'],
    ['global.set', 0],
    ['global.get', 0],
    ['i32.const', 12],
    ['i32.sub'],
    ['write_byte'],
    ['halt'],
  ]),
  new Uint8Array(),
);

/** Runs both on the prompt and compares tokens, then a few passes in full. */
function assertAgree(model: Model, what: string, random: (n: number) => number): void {
  const [kernel, plain] = [Kernel.create(model), new Transformer(model, 'hull')];
  for (const pass of [kernel, plain]) {
    pass.append(prompt);
    pass.generate(80);
  }
  assertSameTokens(kernel, plain, what);
  for (let i = 0; i < 3; i++) assertSamePass(kernel, plain, plain.length - 1 - random(60), what);
  assertSamePass(kernel, plain, random(prompt.length), what);
}

for (let seed = 1; seed <= 12; seed++) {
  test(`weights changed (seed ${seed})`, () => {
    const random = randomizer(seed);
    const tensors = [...readSafetensors(files.safetensors).values()];
    const layers = tensors.filter(({ name, data }) => name.startsWith('layers') && data.some((weight) => weight !== 0));
    const changes: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { name, data } = layers[random(layers.length)];
      const nonzero = Array.from(data.keys()).filter((at) => data[at] !== 0);
      const at = nonzero[random(nonzero.length)];
      const old = data[at];
      // Smaller, so that sums stay exact.
      data[at] = [0, -old, old / 2][random(3)];
      changes.push(`${name}[${at}]: ${old} -> ${data[at]}`);
    }
    const model = Model.load({ ...files, safetensors: writeSafetensors(tensors) });
    assertAgree(model, changes.join(', '), random);
  });
}

test('random heads beside the designed ones', () => {
  const random = randomizer(5);
  const { config } = files;
  const { heads, dModel, layers } = config;
  const more = heads + 2;
  const tensors = [...readSafetensors(files.safetensors).values()].map((tensor) => {
    const [rows, columns] = tensor.shape;
    if (/attn\.[qkv]/.test(tensor.name)) {
      const data = new Float64Array(2 * more * dModel);
      data.set(tensor.data);
      // Small weights on a few slots for the new heads' rows.
      for (let row = 2 * heads; row < 2 * more; row++) {
        for (let i = 0; i < 3; i++) data[row * dModel + random(12)] = random(5) - 2;
      }
      return { ...tensor, shape: [2 * more, dModel], data };
    }
    if (/attn\.o/.test(tensor.name)) {
      const data = new Float64Array(dModel * 2 * more);
      for (let r = 0; r < rows; r++) {
        data.set(tensor.data.subarray(r * columns, (r + 1) * columns), r * 2 * more);
      }
      // Into a slot that later layers no longer read, in the last layer only: the heads work and change nothing.
      if (tensor.name.startsWith(`layers.${layers - 1}.`)) {
        for (let head = heads; head < more; head++) data[config.position.squareSlot * 2 * more + 2 * head] = 1;
      }
      return { ...tensor, shape: [dModel, 2 * more], data };
    }
    return tensor;
  });
  const recencySlopes = config.recencySlopes.map((slopes, l) => [...slopes, l % 2, 0]);
  const names = { ...config.names, heads: config.names.heads.map((list) => [...list, 'random', 'random']) };
  const model = Model.load({
    ...files,
    safetensors: writeSafetensors(tensors),
    config: { ...config, heads: more, recencySlopes, names },
  });
  assertAgree(model, 'random heads', random);
});
