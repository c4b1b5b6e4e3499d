/** Programs with vectors as V8 runs them for `--verify`: lanes that are NaNs have the bits that the machine gives. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { Interpreter } from '../../oracle/interpreter.ts';
import { programOf, wasmOf } from '../wat.ts';

/** Sums the upper sixteen bits of 0/0 in each width, computed from what the compiler cannot know. */
const NANS = `(module
  (memory 1)
  (func (export "main") (result i32) (local $zeros v128) (local $none externref)
    (local.set $zeros (v128.load (i32.const 16)))
    (i32.and (i32.const 127) (i32.shr_u
      (i32.add
        (i32.shr_u (i32x4.extract_lane 2 (f32x4.div (local.get $zeros) (local.get $zeros))) (i32.const 16))
        (i32.shr_u (i32x4.extract_lane 3 (f64x2.div (local.get $zeros) (local.get $zeros))) (i32.const 16)))
      (i32.const 10)))))`;

test('NaNs in vectors are those of the machine', async () => {
  const wasm = await wasmOf(NANS);
  const oracle = new Interpreter(await programOf(wasm), new Uint8Array());
  oracle.run(100_000);
  const { exit } = await runNative(wasm, new Uint8Array());
  // 0x7fc0 and 0x7ff8.
  const code = ((0x7fc0 + 0x7ff8) >> 10) & 127;
  assert.deepEqual({ kind: exit.kind, code: exit.code }, { kind: 'halt', code });
  assert.equal(oracle.exitCode, code);
});
