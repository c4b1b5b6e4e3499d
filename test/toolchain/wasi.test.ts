/**
 * Programs that were built elsewhere for WASI: C against clang's own wasi-libc, in the oracle against V8, and the
 * interface function by function.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { encodeInput } from '../../engine/toolchain/input.ts';
import { runNative as runNativeApart } from '../../engine/toolchain/native/native.ts';
import { History } from '../../engine/trace/history.ts';
import { OutputReader } from '../../engine/trace/output.ts';
import { validate, watToWasm } from '../../engine/wat/wat.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { runNative } from '../oracle/native.ts';
import { build } from './modules/clang-driver.ts';
import { programOf, wasmOf } from './wat.ts';

/** Runs a module in both and compares; gives the output. */
async function compare(wasm: Uint8Array, input: Uint8Array) {
  const native = runNative(wasm, input);
  const ours = new Interpreter(await programOf(wasm), input, false);
  assert.notEqual(ours.run(600_000_000), 'budget');
  const output = Buffer.from(native.output).toString('latin1');
  assert.equal(ours.outputText, output);
  assert.equal(ours.trap, native.trap);
  assert.equal(ours.exitCode, native.exitCode);
  return { output, exitCode: native.exitCode, lines: ours.lines };
}

test('a stdio program of wasi-libc: arguments, input, floats, 64-bit numbers, exit code', async (context) => {
  const wasm = await build(`#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
  printf("\\n");
  char line[80];
  double sum = 0;
  while (fgets(line, sizeof line, stdin)) {
    double x = strtod(line, NULL);
    sum += x;
    printf("%s -> %.3f %g %e\\n", strtok(line, "\\n"), x, x * x, x / 3);
  }
  printf("%f %lld %llx %d%%\\n", sum, 1234567890123456789ll / 7, ~0ull % 1000000007, (int)sum);
  long long *big = calloc(1000, sizeof *big);
  for (int i = 1; i < 1000; i++) big[i] = big[i - 1] * 6364136223846793005ll + i;
  memmove(big + 1, big, 900 * sizeof *big);
  fprintf(stderr, "%lld %d\\n", big[999] ^ big[900], time(NULL) > 1700000000);
  fputs("no newline", stdout);
  return (int)sum;
}
`);
  await validate(wasm);
  const input = encodeInput(true, ['one', 'two words', ''], 'program', Buffer.from('3.5\n-1e3\n1e-7\n1013\n'));
  const { output, exitCode, lines } = await compare(wasm, input);
  assert.ok(output.startsWith('[program][one][two words][]\n3.5 -> 3.500 12.25 1.166667e+00\n'), output);
  assert.ok(output.endsWith(' 1\nno newline'), output);
  assert.equal(exitCode, 16);
  context.diagnostic(`${lines} lines`);
});

test('a program without arguments reads its input; exit() and abort() end it', async () => {
  const exits = await build(`#include <stdio.h>
#include <stdlib.h>
static void last(void) { puts("last"); }
int main(void) { atexit(last); int n; while (scanf("%d", &n) == 1) printf("%d;", n * n); exit(7); }
`);
  const { output, exitCode } = await compare(exits, Buffer.from('1 2\n3'));
  assert.equal(output, '1;4;9;last\n');
  assert.equal(exitCode, 7);
  const aborts = await build('#include <stdlib.h>\nint main(void) { abort(); }\n');
  await compare(aborts, new Uint8Array());
});

const WASI = '"wasi_snapshot_preview1"';

test('clock, random numbers, descriptors: the same in every run and as natively', async () => {
  const wasm = await wasmOf(`(module
    (import ${WASI} "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
    (import ${WASI} "random_get" (func $random (param i32 i32) (result i32)))
    (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import ${WASI} "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import ${WASI} "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
    (import ${WASI} "fd_fdstat_get" (func $stat (param i32 i32) (result i32)))
    (import ${WASI} "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
    (import ${WASI} "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import ${WASI} "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
    (import ${WASI} "sched_yield" (func $yield (result i32)))
    (memory (export "memory") 1)
    (global $at (mut i32) (i32.const 1000))
    (func $note (param i32) (i32.store8 (global.get $at) (local.get 0)) (global.set $at (i32.add (global.get $at) (i32.const 1))))
    (func (export "_start")
      (call $note (call $clock (i32.const 0) (i64.const 0) (i32.const 1032)))
      (call $note (call $clock (i32.const 1) (i64.const 0) (i32.const 1040)))
      (call $note (call $random (i32.const 1048) (i32.const 13)))
      (call $note (call $random (i32.const 1061) (i32.const 3)))
      (call $note (call $seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 1064)))
      (call $note (call $seek (i32.const 5) (i64.const 0) (i32.const 0) (i32.const 1064)))
      (call $note (call $stat (i32.const 1) (i32.const 1064)))
      (call $note (call $prestat (i32.const 3) (i32.const 0)))
      (call $note (call $open (i32.const 3) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0)))
      (call $note (call $poll (i32.const 1040) (i32.const 1088) (i32.const 1) (i32.const 1120)))
      (call $note (call $yield))
      (i32.store (i32.const 0) (i32.const 1200)) (i32.store (i32.const 4) (i32.const 2))
      (i32.store (i32.const 8) (i32.const 1300)) (i32.store (i32.const 12) (i32.const 50))
      (call $note (call $read (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 1124)))
      (call $note (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1128)))
      (call $note (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 1132)))
      (call $note (call $read (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 1136)))
      (i32.store (i32.const 0) (i32.const 1000)) (i32.store (i32.const 4) (i32.const 400))
      (call $note (call $write (i32.const 3) (i32.const 0) (i32.const 1) (i32.const 1140)))
      (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 1140)))))`);
  const { output } = await compare(wasm, Buffer.from('abcdef\ngh'));
  assert.equal(output.length, 400);
});

test('descriptor 2 is apart: in the trace as natively', async () => {
  const wasm = await build(`#include <stdio.h>
int main(void) {
  printf("%d\\n", 1);
  fprintf(stderr, "%s %d\\n", "two", 2);
  fputs("three", stdout);
  return 0;
}
`);
  const native = await runNativeApart(wasm, new Uint8Array());
  const program = await programOf(wasm);
  const oracle = new Interpreter(program, new Uint8Array());
  oracle.run(10_000_000);
  const history = new History(program, encodePrompt(program, new Uint8Array()));
  history.append(oracle.trace);
  const written = { output: '', errors: '' };
  new OutputReader(history).read(0, history.lines, (byte, stream) => {
    written[stream] += String.fromCharCode(byte);
  });
  assert.deepEqual(written, { output: '1\nthree', errors: 'two 2\n' });
  assert.equal(Buffer.from(native.output).toString('latin1'), written.output);
  assert.equal(Buffer.from(native.errors).toString('latin1'), written.errors);
});

for (const files of [false, true]) {
  test(`a program that reads its input before its arguments has both${files ? ', with files' : ''}`, async () => {
    const wasm = await wasmOf(`(module
      (import ${WASI} "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (import ${WASI} "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
      (import ${WASI} "args_get" (func $args (param i32 i32) (result i32)))
      ${files ? `(import ${WASI} "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))` : ''}
      (memory (export "memory") 1)
      (func $print (param i32 i32)
        (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1))
        (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
      (func (export "_start")
        (i32.store (i32.const 0) (i32.const 100)) (i32.store (i32.const 4) (i32.const 50))
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 12)))
        (call $print (i32.const 100) (i32.load (i32.const 12)))
        (drop (call $sizes (i32.const 16) (i32.const 20)))
        (drop (call $args (i32.const 200) (i32.const 300)))
        (call $print (i32.const 16) (i32.const 8))
        (call $print (i32.load (i32.const 208)) (i32.const 3))
        (drop (call $args (i32.const 200) (i32.const 400)))
        (call $print (i32.const 400) (i32.load (i32.const 20)))))`);
    const input = encodeInput(true, ['a', 'bc'], 'program', Buffer.from('line\nmore'));
    const native = await runNativeApart(wasm, input);
    const ours = new Interpreter(await programOf(wasm), input, false);
    ours.run(10_000_000);
    assert.equal(ours.outputText, 'line\n\x03\0\0\0\r\0\0\0bc\0program\0a\0bc\0');
    assert.equal(Buffer.from(native.output).toString('latin1'), ours.outputText);
  });
}

test('of several memories, WASI sees the one that is exported as `memory`', async () => {
  const wasm = await watToWasm(
    `(module
    (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory $other 1 1)
    (memory $mine (export "memory") 1 1)
    (data (memory $mine) (i32.const 0) "\\64\\00\\00\\00\\06\\00\\00\\00")
    (data (memory $mine) (i32.const 100) "memory")
    (data (memory $other) (i32.const 100) "wrong!")
    (func (export "main") (result i32)
      (i32.store8 $other (i32.const 100) (i32.const 33))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
      (i32.load $mine (i32.const 8))))`,
    'memories.wat',
  );
  const ours = new Interpreter(await programOf(wasm), new Uint8Array(), false);
  ours.run(1_000_000);
  assert.equal(ours.outputText, 'memory');
  assert.equal(ours.exitCode, 6);
  const beyond = await watToWasm(
    `(module
    (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1 1) (memory $other 1)
    (func (export "_start")
      (drop (i32.load $other (i32.const 0)))
      (drop (call $write (i32.const 1) (i32.const 65533) (i32.const 1) (i32.const 8)))))`,
    'memories.wat',
  );
  const trapping = new Interpreter(await programOf(beyond), new Uint8Array(), false);
  trapping.run(1_000_000);
  assert.equal(trapping.trap, 'out of bounds memory access');
});
