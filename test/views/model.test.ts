/** What the Model view shows of the shipped model: nothing that its files do not say. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readModel } from '../../engine/run/model-files.ts';
import { shippedModel } from '../../engine/run/shipped-model.ts';
import { workingHeads } from '../../engine/transformer/model.ts';
import type { MatrixPicture } from '../../engine/transformer/portrait.ts';
import { readSafetensors } from '../../engine/transformer/safetensors.ts';
import { deedsOf } from '../../extension/views/model/deeds.ts';
import { limitsOf } from '../../extension/views/model/limits.ts';
import { outline } from '../../extension/views/model/outline.ts';
import { residentsOf } from '../../extension/views/model/residents.ts';

const { portrait, files } = await shippedModel('dist/model');
const model = await readModel();

test('sizes, heads and files are those of the model', () => {
  const { sizes, layers } = portrait;
  assert.equal(layers.length, model.config.layers);
  assert.equal(
    layers.flatMap(({ heads }) => heads).length,
    model.layers.flatMap((layer) => workingHeads(layer)).length,
  );
  assert.equal(sizes.heads, layers.flatMap(({ heads }) => heads).length);
  assert.equal(
    sizes.neurons,
    model.layers.reduce((sum, { gate }) => sum + gate.rows, 0),
  );
  for (const { name, bytes, sha256 } of files) {
    const content = readFileSync(`dist/model/${name}`);
    assert.equal(bytes, content.length);
    assert.equal(sha256, createHash('sha256').update(content).digest('hex'));
  }
});

test('a picture has a block exactly where a weight of the file is not zero', () => {
  const tensors = readSafetensors(readFileSync('dist/model/model.safetensors'));
  const pictures: MatrixPicture[] = [
    portrait.embed,
    portrait.unembed,
    ...portrait.layers.flatMap(({ matrices }) => matrices),
  ];
  assert.deepEqual(pictures.map(({ name }) => name).sort(), [...tensors.keys()].sort());
  for (const { name, rows, columns, nonzero, down, across, blocks } of pictures) {
    const tensor = tensors.get(name);
    assert.deepEqual(tensor?.shape, [rows, columns], name);
    const light = new Set<number>();
    let count = 0;
    tensor?.data.forEach((weight, i) => {
      if (weight === 0) return;
      count++;
      const [row, column] = [Math.floor(i / columns), i % columns];
      light.add(Math.floor((row * down) / rows) * across + Math.floor((column * across) / columns));
    });
    assert.equal(nonzero, count, name);
    assert.deepEqual(
      blocks,
      [...light].sort((a, b) => a - b),
      name,
    );
  }
});

test('a picture is the blocks of its matrix, those beside each other as one', () => {
  assert.equal(outline({ blocks: [1, 2, 3, 4, 5, 11], across: 4 }), 'M1 0h3v1h-3zM0 1h2v1h-2zM3 2h1v1h-1z');
  assert.equal(outline({ blocks: [], across: 4 }), '');
});

test('every layer does something that is said in words', () => {
  const deeds = portrait.layers.map(deedsOf);
  assert.equal(new Set(deeds).size, deeds.length);
  const fetching = portrait.layers.findIndex(({ heads }) => heads.some(({ role }) => role === 'fetch opcode'));
  assert.match(deeds[fetching], /fetches the instruction/);
  const unknown = {
    heads: [{ head: 0, role: 'something new', latest: false }],
    circuits: [],
    neurons: 0,
    matrices: [],
  };
  assert.equal(deedsOf(unknown), 'something new');
});

test('every limit of the configuration is told with what ends it', () => {
  const limits = limitsOf(portrait);
  assert.deepEqual(
    limits.map(({ limit }) => limit),
    Object.values(model.config.limits?.machine ?? {}),
  );
  for (const { name, why, limit, exact } of limits) {
    assert.doesNotMatch(why, /stated in config/, name);
    assert.ok(exact >= limit, name);
  }
});

test('variables of a slot follow each other without a gap or an overlap; each is written by somebody', () => {
  for (const [slot, one] of portrait.slots.entries()) {
    const residents = residentsOf(one, portrait.layers.length);
    assert.equal(residents.map(({ name }) => name).join(', then '), model.config.names.slots[slot]);
    let at = 0;
    for (const { start, end, title, name } of residents) {
      assert.equal(start, at, name);
      assert.ok(end > start, name);
      assert.match(title, /written by the embedding|L\d+: /, `${slot} ${name}`);
      at = end;
    }
    assert.equal(at, portrait.layers.length + 1);
  }
});

test('the next byte is written by neurons of several layers, and what a head brings is told with its role', () => {
  const residents = portrait.slots.flatMap((slot) => residentsOf(slot, portrait.layers.length));
  const next = residents.find(({ name }) => name === 'next byte');
  assert.equal(next?.role, undefined);
  assert.ok((next?.title.match(/neuron/g)?.length ?? 0) > 3);
  const operand = residents.find(({ name }) => name === 'byte of stack top: byte');
  assert.equal(operand?.role, 'byte of stack top');
});

test('what the build keeps of the model is what its files say', async () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'stepformer-model-'));
  try {
    // The build knows nothing of a model in another place.
    cpSync('dist/model', path.join(copy, 'model'), { recursive: true });
    assert.deepEqual(await shippedModel(path.join(copy, 'model')), await shippedModel('dist/model'));
  } finally {
    rmSync(copy, { recursive: true });
  }
});

test('a folder without a model is refused', async () => {
  await assert.rejects(shippedModel('test/views'), /config\.json/);
});
