/** Whatever a program is in the middle of, its context may be full: floats, vectors, exceptions, files. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TokenProgram } from '../../engine/isa/program.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { writtenFiles } from '../../engine/toolchain/given-files.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { workspace } from '../toolchain/c.ts';
import { PROGRAMS as THROWING } from '../toolchain/programs/exceptions.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';
import { assertIsOracle, type Long, runLong } from './long.ts';

const compiler = new Compiler();
const folder = workspace();
after(() => {
  compiler.dispose();
  folder.remove();
});

/** Tokens of the longest line. */
const LINE = 15;

/** Runs a program in contexts that have room for so many tokens beside what they begin with. */
function inContextsOf(
  room: (tokens: number) => number,
  program: TokenProgram,
  input: Uint8Array = new Uint8Array(),
): Long {
  const oracle = new Interpreter(program, input);
  oracle.run(Number.POSITIVE_INFINITY);
  const each = room(oracle.tokens);
  const long = runLong(program, { input, length: (state) => state + each });
  assertIsOracle(long, oracle, `contexts of ${each}`);
  assert.ok(long.run.count >= oracle.tokens / (each + LINE), `${long.run.count} contexts`);
  return long;
}

const FLOATS = `(module (memory 1) (data (i32.const 0) "\\01\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\f0\\7f")
  (global $real (mut f64) (f64.const -0.5))
  (func $mix (param $x f64) (param $y f32) (result f64) (local $kept f64)
    (local.set $kept (f64.div (local.get $x) (f64.promote_f32 (local.get $y))))
    (global.set $real (f64.sub (f64.mul (local.get $kept) (f64.load (i32.const 0))) (global.get $real)))
    (f64.add (f64.sqrt (f64.abs (global.get $real))) (f64.nearest (local.get $kept))))
  (func (export "main") (result i32)
    (f64.store (i32.const 16) (call $mix (f64.const 1e300) (f32.const 0x1p-149)))
    (f64.store (i32.const 24) (call $mix (f64.load (i32.const 8)) (f32.const 3.5)))
    (f32.store (i32.const 32) (f32.demote_f64 (call $mix (f64.load (i32.const 16)) (f32.const -0.1))))
    (i32.trunc_sat_f64_s (f64.mul (f64.load (i32.const 24)) (f64.convert_i64_u (i64.const -1))))))`;

const VECTORS = `(module (memory 1) (global $v (mut v128) (v128.const i32x4 1 2 3 4))
  (func $both (param v128 v128) (result v128 i32) (local $x v128)
    (local.set $x (i8x16.shuffle 0 17 2 19 4 21 6 23 8 25 10 27 12 29 14 31 (local.get 0) (local.get 1)))
    (i16x8.add (local.get $x) (global.get $v)) (i8x16.bitmask (local.get $x)))
  (func (export "main") (result i32) (local $n i32)
    (v128.store (i32.const 16) (f32x4.mul (v128.const f32x4 1.5 -2 inf 0) (f32x4.splat (f32.const 3))))
    (call $both (v128.load (i32.const 16)) (v128.const i64x2 -1 0x123456789abcdef))
    (local.set $n)
    (global.set $v)
    (v128.store (i32.const 40) (v128.bitselect (global.get $v) (v128.load (i32.const 16)) (v128.const i32x4 -1 0 255 7)))
    (i32.add (local.get $n) (i32x4.extract_lane 2 (global.get $v)))))`;

for (const [name, wat, room] of [
  ['floats', FLOATS, LINE],
  ['vectors', VECTORS, 4 * LINE],
  ...THROWING.map(([name, wat]) => [name, wat, 6 * LINE] as const),
] as const) {
  test(`small contexts: ${name}`, async (t) => {
    const { run } = inContextsOf(() => room, await programOf(await wasmOf(wat)));
    t.diagnostic(`${run.generated} tokens in ${run.count} contexts`);
  });
}

test('files that were given, and that are being written', async () => {
  const source = `#include <stdio.h>
int main(int argc, char **argv) {
  FILE *in = fopen("in.txt", "r"), *out = fopen("out.txt", "w+");
  int number, sum = 0;
  while (fscanf(in, "%d", &number) == 1) fprintf(out, "%d,", sum += number);
  rewind(out);
  for (int c; (c = getc(out)) != EOF;) putchar(c);
  fclose(out);
  return sum;
}
`;
  const givenFiles = [{ path: 'in.txt', bytes: Buffer.from('7 11 -3 25') }];
  const loaded = await load([folder.write('files.c', source)], { compiler, givenFiles });
  const { run } = inContextsOf(
    (tokens) => Math.floor(tokens / 12),
    loaded.program,
    inputOf(loaded, [], new Uint8Array()),
  );
  assert.equal(Buffer.from(run.output.of('output')).toString(), '7,18,15,40,');
  const written = writtenFiles(loaded.program, run.history.moment(run.history.lines - 1));
  assert.deepEqual(
    written.map(({ path, bytes }) => [path, Buffer.from(bytes).toString()]),
    [['out.txt', '7,18,15,40,']],
  );
});
