/** The shortened unembedding against the argmax over all rows, on residual streams no program ever makes too. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelGraph } from '../../engine/kernel/analysis/model-graph.ts';
import { unembeddingOf } from '../../engine/kernel/analysis/unembed.ts';
import { Model } from '../../engine/transformer/model.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { randomizer } from './random-model.ts';

test("the machine's unembedding is recognised, and its table is the full argmax", () => {
  const model = Model.load(modelFiles());
  const { final } = modelGraph(model, { general: new Set(), fractions: false });
  const found = unembeddingOf(model, final);
  assert.ok(found);
  const { u, x, least, kinds, width, ids, bound } = found;
  const [slotU, slotX] = [final.indexOf(u), final.indexOf(x)];
  const { unembed } = model;
  const residual = new Float64Array(final.length);
  final.forEach((node, slot) => {
    if (node.kind === 'const') residual[slot] = node.value;
  });
  const random = randomizer(7);
  for (let i = 0; i < 4000; i++) {
    const k = least + random(kinds);
    const wild = [1, 300, 1e6, bound * 0.99][random(4)];
    const r = random(2) ? random(width) + [0, 0.25, -0.375][random(3)] : (2 * random(1e6) * wild) / 1e6 - wild;
    if (Number.isInteger(r + 0.5)) continue;
    residual[slotU] = k;
    residual[slotX] = r;
    let best = Number.NEGATIVE_INFINITY;
    let token = -1;
    for (let row = 0; row < unembed.rows; row++) {
      const logit = unembed.dot(row, residual);
      if (logit > best) {
        best = logit;
        token = row;
      }
    }
    const v = Math.min(width - 1, Math.max(0, Math.floor(r + 0.5)));
    const short = ids[(k - least) * width + v];
    if (short !== 0xffff) assert.equal(model.vocab[short], model.vocab[token], `kind ${k}, byte ${r}`);
  }
});
