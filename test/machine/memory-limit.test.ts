/**
 * The end of the largest memory: what lies there is stored and loaded, and what lies behind it traps, in the oracle, the
 * kernel and the plain pass, which see the same of every head. V8 says what the outcomes are.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMORY_PAGES, PAGE_SIZE } from '../../engine/isa/limits.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { assertSamePass, assertSameTokens } from '../kernel/agree.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { Invoker } from '../oracle/invoke.ts';
import { runNative } from '../oracle/native.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

const PAGES = MEMORY_PAGES;
const END = PAGES * PAGE_SIZE;
const model = Model.load(modelFiles());

const module = (memory: string, body: string) => `(module
  (import "stepformer" "write_byte" (func $put (param i32))) ${memory}
  (func $word (param i32)
    (call $put (local.get 0)) (call $put (i32.shr_u (local.get 0) (i32.const 8)))
    (call $put (i32.shr_u (local.get 0) (i32.const 16))) (call $put (i32.shr_u (local.get 0) (i32.const 24))))
  (func (export "_start") ${body}))`;
const grown = `(memory 1 ${PAGES})`;
const full = `(memory ${PAGES} ${PAGES})`;
const grow = (pages: number) => `(call $word (memory.grow (i32.const ${pages})))`;
const load = (address: number, kind = 'i32.load8_u') => `(call $word (${kind} (i32.const ${address})))`;
const store32 = (address: number) => `(i32.store (i32.const ${address}) (i32.const 0x87654321))`;
const store64 = (address: number) => `(i64.store (i32.const ${address}) (i64.const 0x8877665544332211))`;

const PROGRAMS: readonly (readonly [name: string, wat: string, trap?: string])[] = [
  [
    'growing to the last page, and not beyond',
    module(grown, `${grow(PAGES - 2)} ${grow(2)} ${grow(1)} ${grow(1)} ${grow(0)} ${load(END - 1)}`),
  ],
  [
    'the last bytes, beside the first ones and beside what was never written',
    module(
      grown,
      `(drop (memory.grow (i32.const ${PAGES - 1}))) ${load(END - 1)} ${store32(END - 4)} ${load(END - 1)}
      ${load(END - 4, 'i32.load')} ${load(0)} ${load(END - 5)} ${store64(END - 8)} ${load(END - 1, 'i32.load8_s')}
      ${load(END - 8, 'i32.load')} ${load(END / 2)} ${store32(0)} ${load(0, 'i32.load')} ${load(END / 2)}
      (i32.store8 (i32.const ${END - 1}) (i32.const 1)) (call $word (i32.wrap_i64 (i64.shr_u
        (i64.load (i32.const ${END - 8})) (i64.const 32))))`,
    ),
  ],
  ['data in the last bytes', module(`${full} (data (i32.const ${END - 2}) "yz")`, load(END - 4, 'i32.load'))],
  ['a store across the end', module(full, `${load(0)} ${store32(END - 3)}`), 'out of bounds memory access'],
  ['a wide store across the end', module(full, store64(END - 7)), 'out of bounds memory access'],
  [
    'a load across the end',
    module(full, `${store32(END - 4)} ${load(END - 3, 'i32.load')}`),
    'out of bounds memory access',
  ],
  ['a load behind the end', module(full, `${store32(END - 4)} ${load(END)}`), 'out of bounds memory access'],
  ['a load far behind the end', module(full, `${store32(END - 4)} ${load(-1)}`), 'out of bounds memory access'],
];

for (const [name, wat, trap] of PROGRAMS) {
  test(name, async () => {
    const wasm = await wasmOf(wat);
    const program = await programOf(wasm);
    const oracle = new Interpreter(program, new Uint8Array());
    oracle.run(100_000);
    const native = runNative(wasm, new Uint8Array());
    assert.equal(oracle.trap, native.trap);
    assert.equal(oracle.trap, trap);
    assert.equal(oracle.outputText, Buffer.from(native.output).toString('latin1'));

    const prompt = encodePrompt(program, new Uint8Array());
    const [kernel, plain] = [Kernel.create(model), new Transformer(model, 'hull')];
    for (const pass of [kernel, plain]) {
      pass.append(prompt);
      assert.equal(pass.generate(oracle.trace.length + 1), oracle.trace.length);
    }
    assert.deepEqual(plain.read(prompt.length, plain.length), oracle.trace);
    assertSameTokens(kernel, plain, name);
    assert.equal(kernel.counts.generalHeads, 0, 'memory is still found by address');
    for (let t = prompt.length; t < plain.length; t += 5) assertSamePass(kernel, plain, t, name);
    assertSamePass(kernel, plain, plain.length - 1, name);
  });
}

test('a memory that declares no maximum does not grow beyond the limit either', async () => {
  const wasm = await wasmOf(
    '(module (memory 0) (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))',
  );
  const run = new Invoker(await programOf(wasm, { exports: true }));
  for (const [pages, before] of [
    [PAGES + 1, -1],
    [PAGES, 0],
    [1, -1],
    [0, PAGES],
    [-1, -1],
  ]) {
    assert.deepEqual(run.call('grow', pages), [before], `by ${pages}`);
  }
});
