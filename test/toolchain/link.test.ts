/** Modules linked to one: what they share they share, what is each one's own stays its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import type { WasmModule } from '../../engine/toolchain/decode/module.ts';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { EMPTY_MODULE, link, matchImports } from '../../engine/toolchain/link.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { Invoker } from '../oracle/invoke.ts';
import { wasmOf } from './wat.ts';

/** Links modules in their order; each imports from the ones before by their names, which begin their exports' too. */
async function linked(modules: Record<string, string>): Promise<WasmModule> {
  let base = EMPTY_MODULE;
  for (const [as, wat] of Object.entries(modules)) {
    const module = decode(await wasmOf(wat));
    const imports = matchImports(base, module, (from, name) =>
      base.exports.find((entry) => entry.name === `${from}.${name}`),
    );
    if (typeof imports === 'string') throw new Error(imports);
    base = link(base, module, imports, `${as}.`);
  }
  return base;
}

const run = async (modules: Record<string, string>) =>
  new Invoker(lower(await linked(modules), {}, { exports: true, helpers: await loadHelpers() }));

const A = `(module
  (type (func)) (type $i (func (result i32)))
  (memory (export "mem") 1 3) (data (i32.const 4) "\\2a")
  (table (export "tab") 4 funcref) (elem (i32.const 1) $one)
  (global $g (export "g") (mut i32) (i32.const 10)) (global (export "c") i64 (i64.const 6))
  (func $one (type $i) (i32.const 1))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "size") (result i32) (memory.size))
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "call") (param i32) (result i32) (call_indirect (type $i) (local.get 0)))
  (func (export "get") (result i32) (global.get $g)))`;

test('functions, globals, a table and a memory are shared', async () => {
  const instance = await run({
    a: A,
    b: `(module
      (import "a" "mem" (memory 1)) (import "a" "tab" (table 2 funcref))
      (import "a" "load" (func $load (param i32) (result i32)))
      (import "a" "g" (global $g (mut i32))) (import "a" "c" (global $c i64))
      (type $w (func (param i64) (result i64 i32)))
      (global $d (export "d") i64 (global.get $c)) (global $own (mut i32) (i32.const 5))
      (data (i32.const 5) "\\2b") (elem (i32.const 2) $two)
      (func $two (result i32) (i32.const 2))
      (func (export "loads") (result i32) (i32.add (call $load (i32.const 4)) (i32.load8_u (i32.const 5))))
      (func (export "block") (param i64) (result i64) (local.get 0) (block (type $w) (i32.const 3)) (drop))
      (func (export "inc") (result i32) (global.set $g (i32.add (global.get $g) (global.get $own)))
        (global.set $own (i32.const 1)) (call $two)) (start $start)
      (func $start (global.set $g (i32.const 20))))`,
  });
  assert.deepEqual(instance.call('a.load', 5), [0x2b]);
  assert.deepEqual(instance.call('b.loads'), [0x2a + 0x2b]);
  assert.deepEqual(instance.call('a.call', 2), [2]);
  assert.deepEqual(instance.call('b.block', 9n), [9n]);
  assert.deepEqual(instance.call('b.inc'), [2]);
  assert.deepEqual(instance.call('b.inc'), [2]);
  assert.deepEqual(instance.call('a.get'), [26]);
});

test('several tables and memories keep apart, each with its own bounds', async () => {
  const modules = {
    a: A,
    b: `(module
      (import "a" "load" (func $load (param i32) (result i32))) (export "a load" (func $load))
      (memory 1 2) (data (i32.const 4) "\\63") (table 2 funcref) (elem (i32.const 0) $load $f)
      (func $f (result i32) (i32.const 7))
      (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
      (func (export "load far") (param i32) (result i32) (i32.load offset=0xfffffff0 (local.get 0)))
      (func (export "store") (param i32 i64) (i64.store offset=1 (local.get 0) (local.get 1)))
      (func (export "size") (result i32) (memory.size))
      (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "call") (param i32) (result i32) (call_indirect (result i32) (local.get 0))))`,
  };
  // What was linked can be linked again, behind others.
  const other = link(
    EMPTY_MODULE,
    decode(await wasmOf('(module (memory 1) (data (i32.const 4) "x") (table 3 funcref))')),
    [],
    'c.',
  );
  const all = link(other, await linked(modules), [], '');
  const instance = new Invoker(lower(all, {}, { exports: true }));
  const traps = (name: string, ...args: (number | bigint)[]) => {
    assert.equal(typeof instance.call(name, ...args), 'string', name);
  };
  assert.deepEqual(instance.call('a.load', 4), [0x2a]);
  assert.deepEqual(instance.call('b.load', 4), [0x63]);
  assert.deepEqual(instance.call('b.a load', 4), [0x2a]);
  instance.call('b.store', 65527, -1n);
  assert.deepEqual(instance.call('b.load', 65535), [255]);
  assert.deepEqual(instance.call('a.load', 65535), [0]);
  traps('b.store', 65528, -1n);
  traps('b.load', 65536);
  traps('b.load', -1);
  traps('b.load far', 0);
  traps('a.load', 65536);
  assert.deepEqual(instance.call('b.grow', 1), [1]);
  assert.deepEqual(instance.call('b.grow', 1), [-1]);
  assert.deepEqual(instance.call('b.grow', -1), [-1]);
  assert.deepEqual(instance.call('a.grow', 2), [1]);
  assert.deepEqual([instance.call('a.size'), instance.call('b.size')], [[3], [2]]);
  assert.deepEqual(instance.call('b.load', 131071), [0]);
  traps('b.load', 131072);
  assert.deepEqual(instance.call('a.load', 196607), [0]);
  traps('a.load', 196608);
  assert.deepEqual(instance.call('b.call', 1), [7]);
  traps('b.call', 0);
  traps('b.call', 2);
  assert.deepEqual(instance.call('a.call', 1), [1]);
});

test('imports that do not fit are link errors, in the words of the specification', async () => {
  const imports: [string, string][] = [
    ['(import "a" "x" (func))', 'unknown import a.x'],
    ['(import "a" "load" (func))', 'incompatible import type of a.load'],
    ['(import "a" "g" (global i32))', 'incompatible import type of a.g'],
    ['(import "a" "c" (global i32))', 'incompatible import type of a.c'],
    ['(import "a" "mem" (memory 2))', 'incompatible import type of a.mem'],
    ['(import "a" "mem" (memory 1 2))', 'incompatible import type of a.mem'],
    ['(import "a" "tab" (table 1 9 funcref))', 'incompatible import type of a.tab'],
    ['(import "a" "tab" (memory 1))', 'incompatible import type of a.tab'],
  ];
  for (const [text, message] of imports) {
    await assert.rejects(linked({ a: A, b: `(module ${text})` }), { message });
  }
});
