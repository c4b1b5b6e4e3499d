/** The checksum that the build noted is taken only for the files that it was noted of, as they were. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { stampedChecksum, stampModel } from '../../engine/run/model-stamp.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-stamp-'));
after(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => path.join(folder, ...names);
const stamp = at('stamp.json');
const write = (model: string, weights: string) => {
  const files = { 'model.safetensors': weights, 'vocab.json': '[]', 'config.json': '{}' };
  for (const [name, text] of Object.entries(files)) writeFileSync(at(model, name), text);
};
mkdirSync(at('model'));
write('model', 'weights');

test('files that nobody touched have the checksum that was noted', async () => {
  assert.equal(await stampedChecksum(at('model'), stamp), undefined, 'nothing is noted');
  await stampModel(at('model'), 'abc', stamp);
  assert.equal(await stampedChecksum(at('model'), stamp), 'abc');
});

test('a copy, a change, and one that hides its time are read', async () => {
  cpSync(at('model'), at('copy'), { recursive: true, preserveTimestamps: true });
  assert.equal(await stampedChecksum(at('copy'), stamp), undefined, 'a copy');
  const times = new Date(1e12);
  utimesSync(at('model', 'model.safetensors'), times, times);
  await stampModel(at('model'), 'abc', stamp);
  write('model', 'WEIGHTS');
  utimesSync(at('model', 'model.safetensors'), times, times);
  assert.equal(await stampedChecksum(at('model'), stamp), undefined, 'other bytes of the same size and time');
});

test('a file that is missing, and a note that is damaged, are no checksum', async () => {
  await stampModel(at('model'), 'abc', stamp);
  renameSync(at('model', 'vocab.json'), at('vocab.json'));
  assert.equal(await stampedChecksum(at('model'), stamp), undefined);
  renameSync(at('vocab.json'), at('model', 'vocab.json'));
  for (const damage of ['', '{}', 'null', '{"checksum": "abc", "files": []}']) {
    writeFileSync(stamp, damage);
    assert.equal(await stampedChecksum(at('model'), stamp), undefined, damage);
  }
});
