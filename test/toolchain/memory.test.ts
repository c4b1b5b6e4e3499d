/** memory.copy and memory.fill, which are helper functions: like V8, at a cost in proportion to the length. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Invoker } from '../oracle/invoke.ts';
import { type Exported, instantiate, trapReason } from '../oracle/native.ts';
import { randomNumbers } from './operators.ts';
import { programOf, wasmOf } from './wat.ts';

const WAT = `(module (memory (export "memory") 1)
  (func (export "copy") (param i32 i32 i32) (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func (export "fill") (param i32 i32 i32) (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "set") (param i32 i64) (i64.store (local.get 0) (local.get 1))))`;

test('every length and overlap, ends of memory, out of bounds before anything is written', async (context) => {
  const wasm = await wasmOf(WAT);
  const ours = new Invoker(await programOf(wasm, { exports: true }));
  const exports = instantiate(wasm);
  const native = new Uint8Array((exports.memory as { buffer: ArrayBuffer }).buffer);
  const run = (name: string, ...args: (number | bigint)[]) => {
    let expected: string | undefined;
    try {
      (exports[name] as Exported)(...args);
    } catch (error) {
      expected = trapReason(error as Error);
    }
    const result = ours.call(name, ...args);
    assert.equal(typeof result === 'string' ? result : undefined, expected, `${name} ${args}`);
    const memory = Buffer.alloc(65536);
    memory.set(ours.interpreter.memory.subarray(0, 65536));
    assert.ok(memory.equals(native), `memory after ${name} ${args}`);
  };
  const random = randomNumbers(32);
  for (let at = 0; at < 256; at += 8) run('set', at, (BigInt(random()) << 32n) | BigInt(random() >>> 0));
  const below = (limit: number) => (random() >>> 3) % limit;
  for (let i = 0; i < 400; i++) {
    const size = below(110);
    if (below(4)) run('copy', below(140), below(140), size);
    else run('fill', below(140), random(), size);
  }
  const limits: [string, number, number, number][] = [
    ['copy', 0, 65500, 36],
    ['copy', 65530, 3, 6],
    ['copy', 0, 65500, 37],
    ['copy', 65500, 0, 37],
    ['copy', 65536, 65536, 0],
    ['copy', 65537, 0, 0],
    ['copy', 0, -1, 2],
    ['fill', 65500, 7, 36],
    ['fill', 65500, 8, 37],
    ['fill', 65537, 8, 0],
    ['fill', 8, 9, -1],
  ];
  for (const [name, ...args] of limits) run(name, ...args);
  ours.call('copy', 4096, 0, 3200);
  const copied = ours.lines;
  ours.call('fill', 4096, 1, 3200);
  context.diagnostic(`3,200 bytes: ${copied} lines to copy, ${ours.lines} to fill`);
  assert.ok(copied < 3200 && ours.lines < 3200);
});
