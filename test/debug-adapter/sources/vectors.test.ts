/** Numbers beside vectors, which are two numbers each: every name keeps its own value. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, drive, file, launched } from '../driver.ts';

const TEXT = `(module
  (global (mut i32) (i32.const 1))
  (global (mut v128) (v128.const i32x4 2 3 4 5))
  (global (mut i32) (i32.const 6))
  (func $mix (param $a i32) (param $v v128) (param $b i32) (param v128) (param $c i64) (result i32)
    (local $w v128) (local $d i32)
    (local.set $d (i32.const 40))
    (local.set $w (i32x4.splat (local.get $d)))
    (i32.add (i32x4.extract_lane 1 (local.get $w)) (local.get $b)))
  (func (export "main") (result i32)
    (global.set 0 (i32.const 9))
    (call $mix (i32.const 10) (v128.const i64x2 -1 -1) (i32.const 20) (v128.const i64x2 -1 -1) (i64.const 30))))
`;

test('locals and globals of a text with vectors', async () => {
  const driver = await drive(file('vectors.wat', TEXT), { stopOnEntry: true });
  const line = TEXT.split('\n').findIndex((text) => text.includes('(i32.add')) + 1;
  driver.breakpoints(line);
  driver.move('configurationDone');
  assert.equal(driver.go('continue'), `breakpoint $mix:${line}`);
  assert.deepEqual(driver.scope('Locals'), { $a: '10', $b: '20', $c: '30', $d: '40' });
  assert.deepEqual(driver.scope('Globals'), { $global0: '9', $global2: '6' });
  assert.equal(driver.evaluate('$b + $d'), '60');
});

const C = `#include <wasm_simd128.h>
__attribute__((noinline)) static int mix(int a, v128_t v, int b) {
  int sum = a + b;
  v128_t w = wasm_i32x4_add(v, wasm_i32x4_splat(sum));
  return wasm_i32x4_extract_lane(w, 3) + a * b;
}
int main(void) {
  return mix(10, wasm_i32x4_make(1, 2, 3, 4), 20);
}
`;

for (const optimize of ['O0', 'O2'] as const) {
  test(`locals of C with vectors at ${optimize}`, async () => {
    const path = file('vectors.c', C);
    const driver = new Driver(path, await launched(path, [], '', optimize, ['-msimd128']), { stopOnEntry: true });
    driver.breakpoints(5);
    driver.move('configurationDone');
    assert.equal(driver.go('continue'), 'breakpoint mix:5');
    // At O2 all of it is known beforehand.
    const vectors =
      optimize === 'O0' ? { v: '{1, 2, 3, 4}', w: '{31, 32, 33, 34}' } : { v: '<optimised out>', w: '<optimised out>' };
    assert.deepEqual(driver.scope('Locals'), { a: '10', b: '20', sum: '30', ...vectors });
  });
}

const UNKNOWN = `#include <wasm_simd128.h>
volatile int one = 1;
__attribute__((noinline)) static int mix(int a, v128_t v, int b) {
  v128_t w = wasm_i32x4_add(v, wasm_i32x4_splat(a * b));
  one = b;
  v128_t x = wasm_i32x4_mul(w, v);
  return wasm_i32x4_extract_lane(x, 3) + wasm_i32x4_extract_lane(w, 1);
}
int main(void) {
  return mix(one + 9, wasm_i32x4_make(one, 2, 3, 4), one * 3);
}
`;

test('a vector that is kept in a local is shown at O2', async () => {
  const path = file('kept.c', UNKNOWN);
  const driver = new Driver(path, await launched(path, [], '', 'O2', ['-msimd128']), { stopOnEntry: true });
  driver.breakpoints(5);
  driver.move('configurationDone');
  assert.match(driver.go('continue'), /^breakpoint mix:5/);
  assert.equal(driver.scope('Locals').v, '{1, 2, 3, 4}');
  assert.equal(driver.evaluate('v[1] + v[3]'), '6');
});
