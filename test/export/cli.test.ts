/** `export`, `specialize` and `run --model` as commands, from source, in processes of their own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { VOCABULARY } from '../../engine/isa/vocabulary.ts';
import { contentsOf, modelFiles, writeModel } from '../../engine/weights/build.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepformer-export-'));
after(() => rmSync(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

const ADD = '(module (func (export "main") (result i32) i32.const 3 i32.const 5 i32.add))';
const OTHER = '(module (func (export "main") (result i32) i32.const 3 i32.const 6 i32.add))';
const files = modelFiles();

function cli(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'engine/cli.ts', ...args], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

before(async () => {
  await writeModel(at('model'), files);
  writeFileSync(at('add.wat'), ADD);
  writeFileSync(at('other.wat'), OTHER);
});

test('safetensors: the three files byte for byte, and the prompt of a program', async () => {
  const { status, stderr } = cli('export', '--model', at('model'), '--out', at('copy'), at('add.wat'));
  assert.equal(status, 0, stderr);
  for (const name of Object.keys(contentsOf(files))) {
    assert.ok(readFileSync(at('copy', name)).equals(readFileSync(at('model', name))), name);
  }
  const prompt = encodePrompt(await programOf(await wasmOf(ADD)), new Uint8Array());
  const expected = Array.from(prompt, (token) => VOCABULARY[token]).join(' ');
  assert.equal(readFileSync(at('copy', 'prompt.txt'), 'utf8').trim(), expected);
});

test('onnx: a file of its own for each attention', () => {
  const sizes = ['softmax', 'hard'].map((attention) => {
    const out = at(attention);
    const args = ['export', '--model', at('model'), '--format', 'onnx', '--attention', attention, '--out', out];
    const { status, stdout, stderr } = cli(...args);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /model\.onnx/);
    const bytes = readFileSync(join(out, 'model.onnx'));
    assert.equal(bytes.includes('Softmax'), attention === 'softmax');
    return bytes.length;
  });
  assert.notEqual(sizes[0], sizes[1]);
});

test('a specialised model runs its program, and refuses another', () => {
  const made = cli('specialize', at('add.wat'), '--out', at('special'));
  assert.equal(made.status, 0, made.stderr);
  const run = cli('run', '--model', at('special'), at('add.wat'), '--verify');
  assert.equal(run.status, 8, run.stderr);
  assert.match(run.stderr, /the native run agrees/);
  const other = cli('run', '--model', at('special'), at('other.wat'));
  assert.equal(other.status, 65);
  assert.match(other.stderr, /specialised for add\.wat/);
});

test('what is missing or does not go together is said', () => {
  assert.match(cli('export').stderr, /--out is missing/);
  assert.match(cli('export', '--out', at('x'), '--attention', 'hard').stderr, /--attention is for --format onnx/);
  assert.match(cli('specialize', at('add.wat')).stderr, /--out is missing/);
  assert.match(
    cli('run', '--model', at('nothing'), at('add.wat')).stderr,
    /The model cannot be read.*folder of a model/,
  );
});
