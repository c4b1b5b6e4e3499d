/** Input that is typed while a program runs: a line when it reads, and no earlier; the end ends it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TypedInput } from '../../engine/cli/typed-input.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Run } from '../../engine/run/run.ts';
import { OracleSource } from '../debug-adapter/oracle-source.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

/** Writes every byte that it reads, behind a question mark. */
const ECHO = `(module
  (import "stepformer" "read_byte" (func $get (result i32)))
  (import "stepformer" "write_byte" (func $put (param i32)))
  (func (export "main") (result i32)
    (local $c i32)
    (loop $more
      (call $put (i32.const 63))
      (if (i32.ge_s (local.tee $c (call $get)) (i32.const 0))
        (then (call $put (local.get $c)) (br $more))))
    (i32.const 0)))`;

test('a run is given a piece whenever it reads what there is not yet', async () => {
  const program = await programOf(await wasmOf(ECHO));
  const input = new Uint8Array();
  const source = new OracleSource(program, input, true);
  const run = new Run(program, encodePrompt(program, input, true), source, { budget: 10_000 });
  const written = () => Buffer.from(run.output.of('output')).toString();
  const seen: string[] = [];
  async function* keyboard() {
    for (const line of ['ab', 'c']) {
      seen.push(written());
      yield Buffer.from(line);
    }
  }
  const typed = new TypedInput(keyboard());
  while (run.toEnd(4096).kind === 'input') await typed.answer(run);
  assert.deepEqual(seen, ['?', '?a?b?'], 'what was written before each was asked for');
  assert.equal(written(), '?a?b?c?');
  assert.equal(run.stop?.kind, 'ended');
  assert.equal(Buffer.concat(typed.pieces).toString(), 'abc');
});

test('whoever closes it waits for no more', async () => {
  let isClosed = false;
  async function* keyboard() {
    try {
      for (;;) yield Buffer.from('x');
    } finally {
      isClosed = true;
    }
  }
  const typed = new TypedInput(keyboard());
  await typed.answer({ give: () => {} });
  await typed.close();
  assert.equal(isClosed, true);
});
