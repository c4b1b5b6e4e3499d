/** What is made of a model ahead of time: the same as what is made when it runs, and never needed. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel, type Prepared } from '../../engine/kernel/kernel.ts';
import { prepare } from '../../engine/kernel/run/prepare.ts';
import { readModelFiles, readReadyModel } from '../../engine/run/model-files.ts';
import { modelChecksum } from '../../engine/run/model-stamp.ts';
import { readPrepared, writePrepared } from '../../engine/run/prepared-files.ts';
import { Model } from '../../engine/transformer/model.ts';
import { readSparse, writeSparse } from '../../engine/transformer/sparse-file.ts';
import { type Line, programOf } from '../oracle/build.ts';
import { assertSamePass, assertSameTokens } from './agree.ts';

const files = await readModelFiles();
const model = Model.load(files);
const checksum = await modelChecksum(files);
const built = new URL(`../../dist/prepared/${checksum}/`, import.meta.url);
const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-prepared-'));
after(() => rmSync(folder, { recursive: true }));

/** Calls, memory, division and output in a loop. */
const LINES: Line[] = [
  ['call', 1],
  ['halt'],
  ['i32.const', 9],
  ['local.set', 0],
  ['local.get', 0],
  ['local.get', 0],
  ['i32.store', 16],
  ['i32.const', -100],
  ['local.get', 0],
  ['i32.load', 16],
  ['i32.div_s'],
  ['write_byte'],
  ['local.get', 0],
  ['i32.const', 1],
  ['i32.sub'],
  ['local.tee', 0],
  ['br_if', -13],
  ['return'],
];
const PROMPT = encodePrompt(programOf(LINES), new Uint8Array());

function ran(prepared: Prepared | undefined): Kernel {
  const kernel = Kernel.create(model, prepared);
  kernel.append(PROMPT);
  kernel.generate(10_000);
  return kernel;
}

test('what the build has made is, byte for byte, what is made when a model runs', async () => {
  const made = prepare(model);
  assert.ok(made);
  await writePrepared(checksum, files, made, folder);
  // What the Model view shows is compared where that is tested.
  const names = readdirSync(built)
    .filter((name) => name !== 'portrait.json')
    .sort();
  assert.deepEqual(readdirSync(path.join(folder, checksum)).sort(), names);
  for (const name of names) {
    const same = readFileSync(new URL(name, built)).equals(readFileSync(path.join(folder, checksum, name)));
    assert.ok(same, name);
  }
});

test('weights without zeros are the weights', () => {
  assert.deepEqual(readSparse(writeSparse(files), files), model);
});

test('a program runs on functions that were made before as on those made for it', async () => {
  const { prepared, model: read } = await readReadyModel();
  assert.ok(prepared, 'the build has prepared the model');
  assert.deepEqual(read, model);
  const [kernel, fresh] = [ran(prepared), ran(undefined)];
  assert.equal(kernel.counts.functions, 0, 'nothing is made while it runs');
  assert.ok(fresh.counts.functions > 0);
  assertSameTokens(kernel, fresh, 'prepared');
  for (let t = PROMPT.length; t < kernel.length; t += 17) assertSamePass(kernel, fresh, t, 'prepared');
  assert.equal(kernel.counts.left, 0);
});

test('a function that was not made before is made when a program comes to it', async () => {
  const { prepared } = await readReadyModel();
  assert.ok(prepared);
  // A module of nothing.
  const functions = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
  const kernel = ran({ ...prepared, functions });
  assert.ok(kernel.counts.functions > 0);
  assert.equal(kernel.counts.left, 0, 'the token is done again, not left to the graph');
  assertSameTokens(kernel, ran(undefined), 'nothing prepared');
});

test('files that are cut short, or of another model, are not used', async () => {
  const copy = path.join(folder, 'copy');
  cpSync(built, path.join(copy, checksum), { recursive: true });
  assert.ok(await readPrepared(checksum, files, copy));
  truncateSync(path.join(copy, checksum, 'functions.wasm'), 1000);
  assert.equal(await readPrepared(checksum, files, copy), undefined);
  const config = { ...files.config, eos: [] };
  assert.notEqual(await modelChecksum({ ...files, config }), checksum);
});
