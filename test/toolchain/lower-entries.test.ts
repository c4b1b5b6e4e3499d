/** Exported functions called from outside, one after the other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPCODES } from '../../engine/isa/opcodes.ts';
import { Invoker } from '../oracle/invoke.ts';
import { programOf, wasmOf } from './wat.ts';

const lowered = async (wat: string) => programOf(await wasmOf(wat), { exports: true });

test('each exported function has an entry; state is kept from call to call, also after a trap', async () => {
  const program = await lowered(`(module (memory (export "memory") 1 3)
    (global $sum (export "sum") (mut i64) (i64.const 5000000000)) (global (export "pi") f64 (f64.const 3.5))
    (func $set (param i64) (global.set $sum (local.get 0)))
    (func (export "add") (param i64) (result i64) (call $set (i64.add (global.get $sum) (local.get 0))) (global.get $sum))
    (func (export "half") (param f32 f64 i32) (result f64 f32 i32)
      (f64.div (local.get 1) (f64.const 2)) (f32.div (local.get 0) (f32.const 2)) (i32.div_s (local.get 2) (i32.const 2)))
    (func (export "quotient") (param i32 i32) (result i32) (i32.store (i32.const 8) (i32.const 77)) (i32.div_u (local.get 0) (local.get 1)))
    (func (export "read") (param i32) (result i32) (i32.load (local.get 0)))
    (func $loop (export "loop") (call $loop))
    (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
    (func (export "nothing")) (func $unused (result i32) (i32.const 9)))`);
  assert.deepEqual(
    program.entries?.map(({ name, params, results }) => [name, params.join(), results.join()]),
    [
      ['add', 'i64', 'i64'],
      ['half', 'f32,f64,i32', 'f64,f32,i32'],
      ['quotient', 'i32,i32', 'i32'],
      ['read', 'i32', 'i32'],
      ['loop', '', ''],
      ['grow', 'i32', 'i32'],
      ['nothing', '', ''],
    ],
  );
  for (const { cursor } of program.entries ?? []) {
    assert.deepEqual(
      [0, 1].map((i) => OPCODES[program.ops[cursor + i]].name),
      ['call', 'halt'],
    );
  }
  const instance = new Invoker(program);
  assert.equal(instance.interpreter.end, 'halt');
  assert.deepEqual(instance.call('add', 7n), [5000000007n]);
  assert.deepEqual(instance.call('add', -8n), [4999999999n]);
  assert.deepEqual(instance.call('half', 1.5, 1e300, -9), [5e299, 0.75, -4]);
  assert.equal(instance.call('quotient', 1, 0), 'integer divide by zero');
  assert.deepEqual(instance.call('read', 8), [77]);
  assert.equal(instance.call('loop'), 'call stack exhausted');
  assert.deepEqual(instance.call('read', 8), [77]);
  assert.deepEqual(instance.call('grow', 1), [1]);
  assert.deepEqual(instance.call('grow', 2), [-1]);
  assert.equal(instance.call('read', 2 * 65536 - 3), 'out of bounds memory access');
  assert.deepEqual(instance.call('nothing'), []);
  const exported = program.globals.filter(({ exports }) => exports);
  assert.deepEqual(
    exported.map(({ exports, type, initial, high }) => [exports, type, initial, high]),
    [
      [['sum'], 'i64', 5000000000 % 2 ** 32, 1],
      [['pi'], 'f64', 0, 0x400c0000],
    ],
  );
});

test('the start function runs first; a trap in it or a segment that does not fit is a trap', async () => {
  const started = new Invoker(
    await lowered(`(module (global $g (mut i32) (i32.const 1)) (func $s (global.set $g (i32.const 5))) (start $s)
      (func (export "get") (result i32) (global.get $g)))`),
  );
  assert.deepEqual(started.call('get'), [5]);
  const trapped = new Invoker(await lowered('(module (func $s unreachable) (start $s) (func (export "f")))'));
  assert.equal(trapped.interpreter.trap, 'unreachable');
  const data = new Invoker(await lowered('(module (memory 1) (data (i32.const 65535) "ab") (func (export "f")))'));
  assert.equal(data.interpreter.trap, 'out of bounds memory access');
});
