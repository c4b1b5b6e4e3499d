/** The keys of past tokens: of every head, those that the weights make of the residual stream, whoever is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model, workingHeads } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';

const model = Model.load(modelFiles());

/** Stores to three addresses, to one of them twice. */
const program = programOf([
  ['call', 1],
  ['halt'],
  ...[8, 4, 8, 1000].flatMap((address): ['i32.const' | 'i32.store', number][] => [
    ['i32.const', address],
    ['i32.const', 7],
    ['i32.store', 0],
  ]),
  ['i32.const', 8],
  ['i32.load', 0],
  ['local.set', 0],
  ['return'],
]);

const [plain, kernel] = [new Transformer(model, 'hull'), Kernel.create(model)];
for (const generator of [plain, kernel]) {
  generator.append(encodePrompt(program, new Uint8Array()));
  generator.generate(1000);
}

test('keys are the key matrix times the residual stream', () => {
  for (const t of [0, 100, plain.length - 20, plain.length - 1]) {
    const { residuals } = plain.inspect(t);
    model.layers.forEach((layer, l) => {
      const x = residuals[2 * l];
      for (const head of workingHeads(layer)) {
        const expected = [layer.k.dot(2 * head, x), layer.k.dot(2 * head + 1, x)];
        assert.deepEqual([...plain.keys(l, head, t, t + 1)], expected, `layer ${l}, head ${head}, token ${t}`);
      }
    });
  }
});

test('the kernel knows the same keys, of any stretch of tokens', () => {
  const { length } = plain;
  for (const [from, to] of [
    [0, length],
    [length - 60, length - 10],
    [7, 7],
  ]) {
    model.layers.forEach((layer, l) => {
      for (const head of workingHeads(layer)) {
        const [got, expected] = [kernel.keys(l, head, from, to), plain.keys(l, head, from, to)];
        assert.equal(got.length, 2 * (to - from));
        const at = expected.findIndex((value, i) => Math.abs(value - got[i]) > 1e-9 * Math.max(1, Math.abs(value)));
        assert.equal(at, -1, `layer ${l}, head ${head}, token ${from + (at >> 1)}: ${got[at]}, not ${expected[at]}`);
      }
    });
  }
});

test('what does not exist has no keys', () => {
  const idle = model.layers.map((layer) => {
    const works = new Set(workingHeads(layer));
    return Array.from({ length: model.config.heads }, (_, head) => head).find((head) => !works.has(head));
  });
  const layer = idle.findIndex((head) => head !== undefined);
  for (const generator of [plain, kernel]) {
    assert.throws(() => generator.keys(layer, idle[layer] as number, 0, 1), /does nothing/);
    assert.throws(() => generator.keys(0, 0, 0, generator.length + 1), /there is no token/);
  }
});
