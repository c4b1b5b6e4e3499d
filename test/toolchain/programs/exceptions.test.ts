/** Exceptions: each program in the oracle against the same wasm in V8, and what V8 here does not know against its text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlacedError } from '../../../engine/errors.ts';
import type { TokenProgram } from '../../../engine/isa/program.ts';
import { decode } from '../../../engine/toolchain/decode/decode.ts';
import { lower } from '../../../engine/toolchain/lower/lower.ts';
import { runNative as runNativeApart } from '../../../engine/toolchain/native/native.ts';
import { Interpreter } from '../../oracle/interpreter.ts';
import { runNative } from '../../oracle/native.ts';
import { programOf, wasmOf } from '../wat.ts';
import { ALL, each, PROGRAMS, TRY } from './exceptions.ts';

function run(program: TokenProgram): Interpreter {
  const interpreter = new Interpreter(program, new Uint8Array(), false);
  assert.notEqual(interpreter.run(5_000_000), 'budget');
  return interpreter;
}

for (const [name, wat] of PROGRAMS) {
  test(`like V8: ${name}`, async () => {
    const wasm = await wasmOf(wat);
    const native = runNative(wasm, new Uint8Array());
    const ours = run(lower(decode(wasm)));
    assert.deepEqual(
      { output: [...ours.output], exitCode: ours.exitCode, trap: ours.trap },
      { output: [...native.output], exitCode: native.exitCode, trap: native.trap },
    );
    assert.ok(native.output.length >= 5);
    assert.equal(ours.depth, 1, 'only the exit code is left on the stack');
  });
}

test('a trap is not caught', async () => {
  const wasm = await wasmOf(
    each(TRY('(call $throws (i32.const 2)) unreachable', '(catch $one (drop) unreachable) (catch_all (i32.const 1))')),
  );
  assert.equal(run(lower(decode(wasm))).trap, 'unreachable');
  assert.ok(runNative(wasm, new Uint8Array()).trap);
});

test('what nobody catches ends the program, and standard error says which', async () => {
  for (const [tag, thrown] of [
    ['tag 0', 'throw $a'],
    ['tag late', 'throw $b (i64.const 1)'],
  ]) {
    const wasm = await wasmOf(`(module (tag $a) (tag $b (export "late") (param i64)) (func (export "main") (result i32)
      (try (do (call $f)) (catch $b (drop) (rethrow 0))) (i32.const 0)) (func $f (${thrown})))`);
    const program = lower(decode(wasm));
    const ours = run(program);
    assert.equal(ours.trap, 'unreachable');
    assert.equal(Buffer.from(ours.output).toString(), `uncaught exception: ${tag}\n`);
    assert.equal(program.uncaught?.texts.size, 2);
  }
});

test('a try_table catches by clauses, in their order', async () => {
  const body = `(block $all (block $two (result i64 i32 f32 f64 i64) (block $one (result i32) (block $none
    (try_table (catch $none $none) (catch $one $one) (catch $two $two) (catch_all $all) (call $throws (local.get $x)))
    (return (i32.const 1))) (return (i32.const 11))) (return)) (return (call $sum))) (i32.const 44)`;
  const output = async (wat: string) => [...run(lower(decode(await wasmOf(wat)))).output];
  const legacy = each(TRY('(call $throws (local.get $x)) (i32.const 1)', ALL));
  assert.deepEqual(await output(each(body)), await output(legacy));
});

test('functions that cannot throw are as they would be without exceptions', async () => {
  const rest = '(func $g (result i32) (i32.const 3)) (func (export "main") (result i32) (call $g))';
  const count = async (wat: string) => lower(decode(await wasmOf(wat))).ops.length;
  assert.equal(await count(`(module (tag) (func (export "idle") (throw 0)) ${rest})`), await count(`(module ${rest})`));
});

test('a clause can give the exception itself, and throw_ref throws it on', async () => {
  const clauses = '(catch_ref $one $one) (catch_all_ref $all)';
  const again = (body: string) => `(block $all (result exnref) (block $one (result i32 exnref)
    (try_table ${clauses} ${body}) (return (i32.const 1))) (call $put_ref)) (throw_ref)`;
  const body = TRY(`(call $through (local.get $x)) (i32.const 1)`, ALL);
  const through = `(func $through (param $x i32) (drop (call $inner (local.get $x))))
    (func $put_ref (param i32 exnref) (result exnref) (call $put (local.get 0)) (local.get 1))
    (func $inner (param $x i32) (result i32) ${again('(call $throws (local.get $x))')})`;
  const legacy = `(func $through (param $x i32)
    (try (do (call $throws (local.get $x))) (catch $one (call $put) (rethrow 0)) (catch_all (rethrow 0))))`;
  const output = async (wat: string) => [...run(await programOf(await wasmOf(wat))).output];
  const ours = await output(each(body, through));
  assert.deepEqual(ours, await output(each(body, legacy)));
  assert.deepEqual(ours, [...runNative(await wasmOf(each(body, legacy)), new Uint8Array()).output]);
});

test('references to exceptions end where their memory does, and tables of them are refused', async () => {
  const many = 'i64 '.repeat(100);
  const zeros = '(i64.const 0) '.repeat(100);
  const program = await programOf(
    await wasmOf(`(module (tag $big (param ${many})) (func (export "main") (result i32) (local $e exnref)
      (loop $again (block $h (result exnref) (try_table (catch_all_ref $h) (throw $big ${zeros})) (unreachable))
        (local.set $e) (br $again)) (unreachable)))`),
  );
  const ours = new Interpreter(program, new Uint8Array(), false);
  assert.notEqual(ours.run(60_000_000), 'budget');
  assert.equal(Buffer.from(ours.output).toString(), 'over 4 MiB of exceptions that are referred to\n');
  const uses = '(func (export "main") (drop (table.get 0 (i32.const 0))))';
  const kept = await wasmOf(`(module (table 1 exnref) ${uses})`, false);
  const refused = await programOf(kept).catch((error: PlacedError) => error.problems.map(({ message }) => message));
  assert.match(String(refused), /a table of type exnref \(references to exceptions\)/);
});

test('the end of a program is no exception to V8 either: catch_all does not see proc_exit', async () => {
  const wasm = await wasmOf(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    (memory (export "memory") 1)
    (func (export "_start") (try (do (call $exit (i32.const 3))) (catch_all)) (call $exit (i32.const 4)))
    (func (export "main") (try (do (call $abort (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))) (catch_all))))`);
  assert.equal(run(await programOf(wasm)).exitCode, 3);
  assert.deepEqual((await runNativeApart(wasm, new Uint8Array())).exit, { kind: 'halt', code: 3 });
});
