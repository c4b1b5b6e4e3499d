/** Modules of proposals that are not supported are refused by their names, in text and in bytes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NeedsProposal, validate, watToWasm } from '../../engine/wat/wat.ts';

const body = (code: string, more = '') => `(module ${more} (func (export "main") (result i32) ${code}))`;

const TEXTS: readonly (readonly [proposal: string, text: string])[] = [
  ['garbage collection', body('(struct.get 0 0 (struct.new 0 (i32.const 5)))', '(type (struct (field i32)))')],
  ['garbage collection', body('(i31.get_s (ref.i31 (i32.const 5)))')],
  ['garbage collection', '(module (rec (type (func)) (type (func))))'],
  ['garbage collection', '(module (func (param anyref)))'],
  [
    'typed function references',
    body('(call_ref $t (ref.func $f))', '(type $t (func (result i32))) (func $f (type $t) (i32.const 1))'),
  ],
  ['typed function references', body('(drop (ref.as_non_null (ref.null func))) (i32.const 1)')],
  [
    'relaxed SIMD',
    body('(i32x4.extract_lane 0 (i8x16.relaxed_swizzle (v128.const i32x4 1 2 3 4) (v128.const i32x4 0 0 0 0)))'),
  ],
  [
    'constants computed from its own globals (garbage collection)',
    body('(global.get 1)', '(global i32 (i32.const 3)) (global i32 (global.get 0))'),
  ],
  [
    'tables with an initial value (typed function references)',
    body('(i32.const 1)', '(table 1 funcref (ref.func $f)) (func $f)'),
  ],
  ['64-bit memory', body('(i32.load (i64.const 0))', '(memory i64 1)')],
  ['custom page sizes', body('(memory.size)', '(memory 1 (pagesize 1))')],
  ['custom descriptors', '(module (import "a" "b" (func (exact (type 0)))))'],
  [
    'wide arithmetic',
    body('(i64.add128 (i64.const 1) (i64.const 0) (i64.const 2) (i64.const 0)) (drop) (i32.wrap_i64)'),
  ],
  ['threads', body('(i32.atomic.load (i32.const 0))', '(memory 1 1 shared)')],
];

for (const [proposal, text] of TEXTS) {
  test(`${proposal}: ${text.slice(0, 70)}`, async () => {
    await assert.rejects(watToWasm(text, 'a.wat'), (error) => {
      assert.ok(error instanceof NeedsProposal, String(error));
      assert.ok(error.message.startsWith(`the module uses ${proposal}, which is not supported (`), error.message);
      assert.equal(error.place.file, 'a.wat');
      return true;
    });
  });
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** Type section, `main` of type 0, its export and code. */
const mainOf = (...code: number[]) => [
  ...[1, 5, 1, 0x60, 0, 1, 0x7f, 3, 2, 1, 0, 7, 8, 1, 4, 0x6d, 0x61, 0x69, 0x6e, 0, 0],
  ...[10, code.length + 4, 1, code.length + 2, 0, ...code, 0x0b],
];

const BYTES: readonly (readonly [proposal: string, bytes: readonly number[]])[] = [
  ['garbage collection', [1, 5, 1, 0x5f, 1, 0x7f, 0]],
  ['garbage collection', mainOf(0x41, 5, 0xfb, 0x1c, 0xfb, 0x1d)],
  ['wide arithmetic', mainOf(0x42, 1, 0x42, 0, 0x42, 2, 0x42, 0, 0xfc, 0x13, 0x1a, 0xa7)],
  ['typed function references', [4, 9, 1, 0x40, 0, 0x70, 0, 1, 0xd0, 0x70, 0x0b]],
];

for (const [proposal, bytes] of BYTES) {
  test(`${proposal}, in bytes ${bytes.slice(-6)}`, async () => {
    await assert.rejects(validate(Uint8Array.from([...HEADER, ...bytes]), 'a.wasm'), (error) => {
      assert.ok(error instanceof NeedsProposal, String(error));
      assert.ok(error.message.startsWith(`the module uses ${proposal}, which is not supported (`), error.message);
      return true;
    });
  });
}

test('a mistake beside what is supported is a mistake', async () => {
  const wrong = '(module (tag) (func (try_table (nonsense))) (func (return_call 0)))';
  await assert.rejects(watToWasm(wrong, 'a.wat'), (error) => !(error instanceof NeedsProposal));
});
