/** Instances go on in another context where one has no room left, within a call and between calls, and nothing of their state is lost. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { type Helpers, loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { lower } from '../../engine/toolchain/lower/lower.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Instance, type Outcome } from '../../engine/wast/instance.ts';
import { watToWasm } from '../../engine/wat/wat.ts';
import { modelFiles } from '../../engine/weights/build.ts';

let model: Model;
let helpers: Helpers;

before(async () => {
  model = Model.load(modelFiles());
  helpers = await loadHelpers();
});

/** `room`: tokens of a context beside what it begins with. */
async function instanceOf(text: string, room: number, budget = Number.POSITIVE_INFINITY): Promise<Instance> {
  const program = lower(decode(await watToWasm(text, 'x.wat')), {}, { helpers, exports: true });
  return new Instance(program, Kernel.create(model), budget, (state) => state + room);
}

const i32 = (value: number) => ({ type: 'i32', bits: BigInt(value >>> 0) }) as const;
const results = (...values: { type: string; bits: bigint }[]) => ({ kind: 'results', values }) as Outcome;

const STATE = `(module
  (import "stepformer" "write_byte" (func $put (param i32)))
  (memory 1 4) (data (i32.const 100) "abcdefghijklmnopqrstuvwxyz")
  (global $count (export "count") (mut i32) (i32.const 7))
  (global $wide (export "wide") (mut i64) (i64.const -2))
  (global (export "half") f64 (f64.const 0.5))
  (func (export "add") (param i32) (global.set $count (i32.add (global.get $count) (local.get 0)))
    (global.set $wide (i64.mul (global.get $wide) (i64.const -3))))
  (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "put") (param i32) (call $put (local.get 0)))
  (func (export "store and trap") (i32.store8 (i32.const 3) (i32.const 3)) (unreachable))
  (func (export "loop") (param i32) (result i32)
    (loop (call $put (i32.const 46))
      (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (global.get $count)))`;

test('memory, its size, globals and output outlast a sequence', async () => {
  const instance = await instanceOf(STATE, 400);
  const call = (name: string, ...args: number[]) => instance.call(name, args.map(i32));
  call('store', 101, 0);
  call('store', 65535, 9);
  assert.deepEqual(call('grow'), results(i32(1)));
  call('store', 70000, 8);
  assert.equal(call('store and trap').kind, 'trap');
  for (let i = 0; i < 40; i++) {
    call('add', i);
    call('put', 65 + (i % 26));
  }
  assert.ok(instance.contexts > 5, `${instance.contexts} contexts`);
  assert.ok(instance.tokens > 400);
  const loaded = [100, 101, 102, 3, 65535, 70000, 70001].map((address) => call('load', address));
  const expected = [97, 0, 99, 3, 9, 8, 0].map((value) => results(i32(value)));
  assert.deepEqual(loaded, expected);
  assert.deepEqual(call('grow'), results(i32(2)));
  assert.deepEqual(instance.global('count'), [i32(7 + 780)]);
  assert.deepEqual(instance.global('wide'), [{ type: 'i64', bits: BigInt.asUintN(64, -2n * (-3n) ** 40n) }]);
  assert.deepEqual(instance.global('half'), [{ type: 'f64', bits: 0x3fe0_0000_0000_0000n }]);
  assert.equal(String.fromCharCode(...instance.output.of('output')), 'ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMN');
});

test('a call goes on where its context is full, however small that is', async () => {
  for (const room of [24, 100, 1600]) {
    const instance = await instanceOf(STATE, room);
    for (let i = 0; i < 10; i++) instance.call('add', [i32(1)]);
    const { contexts } = instance;
    assert.deepEqual(instance.call('loop', [i32(200)]), results(i32(17)));
    assert.ok(instance.contexts > contexts, `${instance.contexts} contexts`);
    assert.equal(instance.output.length, 200);
    assert.deepEqual(instance.call('load', [i32(100)]), results(i32(97)));
    assert.equal(instance.call('store and trap', []).kind, 'trap');
    assert.deepEqual(instance.call('loop', [i32(20)]), results(i32(17)));
    assert.deepEqual(instance.call('load', [i32(3)]), results(i32(3)));
  }
});

test('a call that takes more than its budget ends at the limit, and so does what is asked then', async () => {
  const instance = await instanceOf(STATE, 1000, 1600);
  instance.call('add', [i32(1)]);
  const limit = { kind: 'limit', reason: 'the budget of 1,600 tokens is used up' };
  assert.deepEqual(instance.call('loop', [i32(1000)]), limit);
  assert.ok(instance.contexts > 1);
  assert.deepEqual(instance.call('load', [i32(100)]), limit);
});

test('growth of memory that the machine refuses is seen in whichever context of a call it is', async () => {
  const text = `(module (memory 1) (func (export "f") (local $i i32)
    (drop (memory.grow (i32.const 2000)))
    (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 100))))))`;
  const instance = await instanceOf(text, 200);
  assert.equal(instance.refused, undefined);
  assert.deepEqual(instance.call('f', []), results());
  assert.ok(instance.contexts > 3);
  assert.match(`${instance.refused}`, /memory was to grow to 2001 pages, and the machine has 10\d\d/);
});

test('a start function runs once', async () => {
  const text = `(module (global $g (export "g") (mut i32) (i32.const 0))
    (func $start (global.set $g (i32.add (global.get $g) (i32.const 1)))) (start $start)
    (func (export "f") (result i32) (global.get $g)))`;
  const instance = await instanceOf(text, 100);
  for (let i = 0; i < 20; i++) assert.deepEqual(instance.call('f', []), results(i32(1)));
  assert.ok(instance.contexts > 2);
});
