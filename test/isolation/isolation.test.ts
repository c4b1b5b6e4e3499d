/**
 * What computes knows nothing of WebAssembly: the model's three files, moved elsewhere, generate a program's trace in a
 * process where the instruction set, the graph and the machine cannot be imported.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { buildModel } from '../../engine/weights/build.ts';
import { expectedTrace } from '../oracle/interpreter.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'stepformer-isolation-'));
after(() => rmSync(folder, { recursive: true }));

/** Recursion, memory, a loop, multiplication and division. */
const PROGRAM = `(module (memory 1)
  (func $factorial (param i32) (result i32)
    local.get 0 i32.eqz if (result i32) i32.const 1 else
      local.get 0 i32.const 1 i32.sub call $factorial local.get 0 i32.mul end)
  (func (export "main") (result i32) (local $i i32)
    (loop $l
      local.get $i i32.const 4 i32.mul local.get $i call $factorial i32.store
      local.get $i i32.const 1 i32.add local.tee $i i32.const 8 i32.lt_u br_if $l)
    i32.const 28 i32.load i32.const 20 i32.load i32.const 7 i32.add i32.div_u))`;

test('the files alone generate the trace, in a process without the machine', async (t) => {
  const model = join(folder, 'model');
  await buildModel(model);
  const program = await programOf(await wasmOf(PROGRAM));
  const prompt = join(folder, 'prompt.json');
  writeFileSync(prompt, JSON.stringify(Array.from(encodePrompt(program, new Uint8Array()))));
  const expected = Array.from(expectedTrace(program));
  const run = promisify(execFile);
  for (const pass of ['reference', 'kernel']) {
    await t.test(pass, async () => {
      const imports = ['tsx', pathToFileURL(join(here, 'forbid.ts')).href].flatMap((name) => ['--import', name]);
      const args = [...imports, join(here, 'generate.ts'), model, prompt, pass, String(expected.length + 1)];
      const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 26 });
      assert.deepEqual(JSON.parse(stdout), expected);
    });
  }
});
