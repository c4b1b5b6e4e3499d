/**
 * The lines of PyTorch in docs/pytorch.md: they name the tensors and settings that the model has, and read all of them.
 * Where STEPFORMER_PYTHON names a Python with torch and safetensors, they are run.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { readSafetensors } from '../../engine/transformer/safetensors.ts';
import { contentsOf, modelFiles } from '../../engine/weights/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const page = readFileSync(new URL('../../docs/pytorch.md', import.meta.url), 'utf8');
const block = (language: string) => {
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page);
  assert.ok(found, `docs/pytorch.md has a block of ${language}`);
  return found[1];
};
const files = modelFiles();

test('the lines are about forty', () => {
  const lines = block('python').split('\n');
  assert.ok(lines.filter((line) => line.trim() !== '').length <= 40);
});

test('the lines read every tensor of the model, and no other', () => {
  const named = new Set<string>();
  for (const [, isFormat, name, rest] of block('python').matchAll(/weights\[(f?)"([^"]+)"\]([^\n]*)/g)) {
    if (!isFormat) {
      named.add(name);
      continue;
    }
    // What p goes through: the letters of a string, or the strings of a tuple.
    const [, letters, words] = /for p in (?:"(\w+)"|\(([^)]*)\))/.exec(rest) ?? [];
    const parts = letters ? [...letters] : words ? words.match(/\w+/g) : [''];
    for (let layer = 0; layer < files.config.layers; layer++) {
      for (const p of parts ?? []) named.add(name.replace('{l}', String(layer)).replace('{p}', p));
    }
  }
  assert.deepEqual([...named].sort(), [...readSafetensors(files.safetensors).keys()].sort());
});

test('the lines read settings that exist', () => {
  const read = [...block('python').matchAll(/(config|position)((?:\["\w+"\])+)/g)];
  assert.ok(read.length >= 6);
  for (const [text, from, keys] of read) {
    let value: unknown = from === 'config' ? files.config : files.config.position;
    for (const [, key] of keys.matchAll(/"(\w+)"/g)) {
      assert.ok(value !== null && typeof value === 'object' && Object.hasOwn(value, key), `${text} exists`);
      value = (value as Record<string, unknown>)[key];
    }
  }
});

test('the lines refuse weights of less than float64', () => {
  assert.match(block('python'), /^assert all\(w\.dtype == torch\.float64 for w in weights\.values\(\)\)/m);
});

const python = process.env.STEPFORMER_PYTHON;

test('the lines generate the trace', { skip: python ? false : 'STEPFORMER_PYTHON is not set' }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepformer-pytorch-'));
  after(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(contentsOf(files))) writeFileSync(join(folder, name), content);
  const program = await programOf(await wasmOf(block('wat')));
  const prompt = Array.from(encodePrompt(program, new Uint8Array()), (token) => VOCABULARY[token]);
  writeFileSync(join(folder, 'prompt.txt'), prompt.join(' '));
  writeFileSync(join(folder, 'generate.py'), block('python'));
  const { stdout } = await promisify(execFile)(python as string, [join(folder, 'generate.py'), folder, '100']);
  const halved = block('python').replace(/^assert all/m, 'weights = {k: w.float() for k, w in weights.items()}\n$&');
  writeFileSync(join(folder, 'halved.py'), halved);
  await assert.rejects(
    promisify(execFile)(python as string, [join(folder, 'halved.py'), folder, '100']),
    /float64 only/,
  );
  const expected = Array.from(expectedTrace(program), (token) => VOCABULARY[token]);
  assert.deepEqual(stdout.trim().split(/\s+/), expected);
  // And the page shows what they print.
  const shown = /then prints\n\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  assert.deepEqual(shown.trim().split(/\s+/), expected);
});
