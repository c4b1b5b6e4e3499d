/** What AssemblyScript's programs import from `env`: in the machine and in V8. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedError } from '../../../engine/errors.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { Interpreter } from '../../oracle/interpreter.ts';
import { programOf, wasmOf } from '../wat.ts';

/** A string of AssemblyScript in a data segment: its size in bytes, then its units. */
function segment(at: number, text: string): string {
  const units = Buffer.from(text, 'utf16le');
  const size = Buffer.alloc(4);
  size.writeUInt32LE(units.length);
  const bytes = [...size, ...units].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('');
  return `(data (i32.const ${at - 4}) "${bytes}")`;
}

const moduleOf = (call: string) =>
  wasmOf(`(module
    (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    ${segment(16, 'größer als 1 €, 😀 \ud800!')} ${segment(128, '~lib/array.ts')}
    (func (export "_start") ${call}))`);

const CALLS: readonly [string, string][] = [
  [
    '(call $abort (i32.const 16) (i32.const 128) (i32.const 1205) (i32.const 42))',
    'abort: größer als 1 €, 😀 \ufffd! in ~lib/array.ts(1205:42)\n',
  ],
  ['(call $abort (i32.const 0) (i32.const 128) (i32.const 0) (i32.const 9))', 'abort in ~lib/array.ts(0:9)\n'],
  ['(call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))', 'abort\n'],
];

for (const [call, text] of CALLS) {
  test(`says ${JSON.stringify(text)} and traps`, async () => {
    const wasm = await moduleOf(call);
    const program = await programOf(wasm);
    assert.ok(program.errorWrites, 'written to standard error');
    const ours = new Interpreter(program, new Uint8Array(), false);
    ours.run(1_000_000);
    assert.equal(Buffer.from(ours.outputText, 'latin1').toString(), text);
    assert.equal(ours.trap, 'unreachable');
    const native = await runNative(wasm, new Uint8Array());
    assert.equal(Buffer.from(native.errors).toString(), text);
    assert.deepEqual(native.exit, { kind: 'trap', code: 0, reason: 'unreachable' });
  });
}

test('the console, line by line on both outputs; the clock and the seed are the same in each run', async () => {
  const wasm = await wasmOf(`(module
    (import "env" "console.log" (func $log (param i32))) (import "env" "console.info" (func $info (param i32)))
    (import "env" "console.debug" (func $debug (param i32))) (import "env" "console.warn" (func $warn (param i32)))
    (import "env" "console.error" (func $error (param i32))) (import "env" "seed" (func $seed (result f64)))
    (import "env" "Date.now" (func $date (result f64))) (import "env" "performance.now" (func $now (result f64)))
    (import "stepformer" "write_byte" (func $put (param i32)))
    (memory (export "memory") 1)
    ${segment(16, 'größer als 1 €')} ${segment(64, '😀')} ${segment(128, 'wrong')}
    (func $bytes (param i64) (loop $l (call $put (i32.wrap_i64 (local.get 0)))
      (br_if $l (i32.eqz (i64.eqz (local.tee 0 (i64.shr_u (local.get 0) (i64.const 8))))))))
    (func (export "_start")
      (call $log (i32.const 16)) (call $warn (i32.const 128)) (call $info (i32.const 64)) (call $log (i32.const 0))
      (call $error (i32.const 0)) (call $debug (i32.const 128))
      (call $bytes (i64.reinterpret_f64 (call $seed))) (call $bytes (i64.reinterpret_f64 (call $date)))
      (call $bytes (i64.reinterpret_f64 (call $now))) (call $bytes (i64.reinterpret_f64 (call $now)))))`);
  const ours = new Interpreter(await programOf(wasm), new Uint8Array(), false);
  ours.run(1_000_000);
  const { output, errors, exit } = await runNative(wasm, new Uint8Array());
  assert.equal(exit.kind, 'halt', exit.reason);
  assert.equal(Buffer.from(errors).toString(), 'wrong\nnull\n');
  assert.ok(Buffer.from(output).toString().startsWith('größer als 1 €\n😀\nnull\nwrong\n'));
  const numbers = Buffer.from(output).subarray(-32);
  assert.deepEqual([...Buffer.from(ours.outputText, 'latin1').subarray(-32)], [...numbers]);
  assert.equal(ours.outputText.length, output.length + errors.length);
});

test('an import of another type is refused with the type that it has', async () => {
  const wasm =
    await wasmOf(`(module (import "env" "abort" (func $abort)) (import "env" "seed" (func $seed (result i64)))
    (func (export "_start") (call $abort) (drop (call $seed))))`);
  const problems = await programOf(wasm).catch((error: PlacedError) => error.problems.map(({ message }) => message));
  assert.match(String(problems), /env\.abort of type \(\) -> \(\) \(its type is \(i32, i32, i32, i32\) -> \(\)\)/);
  assert.match(String(problems), /env\.seed of type \(\) -> \(i64\) \(its type is \(\) -> \(f64\)\)/);
});
