/** `env.abort`, by which AssemblyScript's programs give up: in the machine and in V8. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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
