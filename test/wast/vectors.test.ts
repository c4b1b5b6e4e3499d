/** Every operator on vectors, run in the model and by V8: the same bits. What is a NaN is left to the specification's scripts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { OPERATORS } from '../../engine/toolchain/decode/operators.ts';
import { loadHelpers } from '../../engine/toolchain/helpers/load-helpers.ts';
import { Model } from '../../engine/transformer/model.ts';
import { runScript } from '../../engine/wast/runner.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { wasmOf } from '../toolchain/wat.ts';

const SIMD = OPERATORS.filter(({ name, proposal }) => proposal === 'SIMD' && !name.includes('relaxed'));

/** Integers at their limits, and floats of ordinary size in either width. */
const OPERANDS: readonly (readonly bigint[])[] = [
  [0x00ff_807f_0180_fe7fn, 0x7fff_8000_0000_0001n, 0x0102_7f80_ff80_807fn, 0x8000_7fff_0001_ffffn],
  [0x4059_0fdb_c020_0000n, 0x3fc0_0000_bf60_0000n, 0x4010_0000_40a0_0000n, 0xc008_0000_3f00_0000n],
];

const VECTORS = '(i64x2.replace_lane 1 (i64x2.splat (local.get 0)) (local.get 1))';
const SECOND = '(i64x2.replace_lane 1 (i64x2.splat (local.get 2)) (local.get 3))';
const THIRD = '(v128.const i32x4 0x00ff00ff 0x12345678 -1 0x80000001)';

/** Gives both halves of the vector in one number. */
const folded = (code: string) =>
  `(local.set 4 ${code}) (i64.add (i64x2.extract_lane 0 (local.get 4))
    (i64.mul (i64.const 31) (i64x2.extract_lane 1 (local.get 4))))`;

const extended = (type: string, code: string) => {
  if (type === 'i64') return code;
  if (type === 'i32') return `(i64.extend_i32_s ${code})`;
  return type === 'f64' ? `(i64.reinterpret_f64 ${code})` : `(i64.extend_i32_u (i32.reinterpret_f32 ${code}))`;
};

const laneType = (shape: string) => (/^i(8|16|32)x/.test(shape) ? 'i32' : shape.slice(0, 3));
const laneOf = (type: string) =>
  ({ i32: '(i32.wrap_i64 (local.get 2))', i64: '(local.get 2)', f32: '(f32.const -2.5)', f64: '(f64.const 1e100)' })[
    type
  ];

/** An expression of i64 that uses the operator. */
function bodyOf(name: string, immediates: string): string {
  const shape = name.split('.')[0];
  const lanes = Number(shape.split('x')[1]);
  if (immediates === 'memory' || immediates === 'memory-lane') {
    const lane = immediates === 'memory-lane' ? ` ${/8_/.test(name) ? 9 : 1}` : '';
    if (name.startsWith('v128.store')) {
      return `(${name} offset=3${lane} (i32.const 40) ${VECTORS}) ${folded('(v128.load (i32.const 40))')}`;
    }
    return folded(`(${name} offset=5${lane} (i32.const 2)${lane ? ` ${SECOND}` : ''})`);
  }
  if (name === 'v128.const') return folded(THIRD);
  if (name === 'i8x16.shuffle') return folded(`(${name} 31 0 17 2 19 4 21 6 8 8 9 25 16 1 30 15 ${VECTORS} ${SECOND})`);
  if (name.endsWith('.splat')) return folded(`(${name} ${laneOf(laneType(shape))})`);
  if (name.includes('.extract_lane')) return extended(laneType(shape), `(${name} ${lanes - 1} ${VECTORS})`);
  if (name.includes('.replace_lane')) return folded(`(${name} ${lanes - 1} ${VECTORS} ${laneOf(laneType(shape))})`);
  if (/all_true|any_true|bitmask/.test(name)) return extended('i32', `(${name} ${VECTORS})`);
  if (/\.sh[lr]/.test(name)) return folded(`(${name} ${VECTORS} (i32.const 77))`);
  if (name === 'v128.bitselect') return folded(`(${name} ${VECTORS} ${SECOND} ${THIRD})`);
  if (name.endsWith('.sqrt')) return folded(`(${name} (${shape}.abs ${VECTORS}))`);
  const isUnary =
    /\.(not|abs|neg|popcnt|sqrt|ceil|floor|trunc|nearest|extend_|extadd|convert|demote|promote)|trunc_sat/;
  return folded(`(${name} ${VECTORS}${isUnary.test(name) ? '' : ` ${SECOND}`})`);
}

const FUNCTIONS = SIMD.map(
  ({ name, immediates }) =>
    `(func (export "${name}") (param i64 i64 i64 i64) (result i64) (local v128) ${bodyOf(name, immediates)})`,
);
/** What is no operator on vectors and takes one. */
const OTHERS = `
  (global $g (mut v128) (v128.const i64x2 5 6))
  (func $swap (param i32 v128 v128) (result v128 i32 v128) (local.get 2) (local.get 0) (local.get 1))
  (func (export "others") (param i64 i64 i64 i64) (result i64) (local v128 i64 v128)
    (call $swap (i32.const 3) ${VECTORS} ${SECOND})
    (local.set 6) (drop) (global.set $g (local.tee 4))
    (drop (global.get $g))
    (local.set 4 (block (result v128)
      (drop (br_if 0 (local.get 6) (i32.wrap_i64 (local.get 0))))
      (select (global.get $g) (local.get 6) (i32.wrap_i64 (local.get 1)))))
    ${folded('(i64x2.sub (local.get 4) (global.get $g))')})
  (func (export "across the end") (param i64 i64 i64 i64) (result i64)
    (v128.store (i32.const 65528) ${VECTORS}) (i64.const 0))
  (func (export "the end") (result i64) (i64.load (i32.const 65528)))`;
const MODULE = `(module (memory 1) (data (i32.const 0) "\\01\\f2\\83\\74\\e5\\96\\47\\b8\\09\\da\\5b\\fc\\7d\\8e\\ff\\10\\21\\32\\43\\54\\65\\f6\\87")
${FUNCTIONS.join('\n')}
${OTHERS})`;

test('every operator on vectors gives what V8 gives', async () => {
  const { instance } = await WebAssembly.instantiate((await wasmOf(MODULE)) as Uint8Array<ArrayBuffer>);
  const claims: string[] = [];
  for (const name of [...SIMD.map((operator) => operator.name), 'others']) {
    for (const operands of OPERANDS.slice(/f32|f64/.test(name) ? 1 : 0)) {
      const result = (instance.exports[name] as (...args: bigint[]) => bigint)(
        ...operands.map((n) => BigInt.asIntN(64, n)),
      );
      const args = operands.map((n) => `(i64.const 0x${n.toString(16)})`).join(' ');
      claims.push(`(assert_return (invoke "${name}" ${args}) (i64.const ${result}))`);
    }
  }
  const none = '(i64.const -1)'.repeat(4);
  claims.push(`(assert_trap (invoke "across the end" ${none}) "out of bounds memory access")`);
  claims.push('(assert_return (invoke "the end") (i64.const 0))');
  const model = Model.load(modelFiles());
  const options = { generator: () => Kernel.create(model), helpers: await loadHelpers(), budget: 60_000_000 };
  const { passed, failures, skipped } = await runScript(`${MODULE}\n${claims.join('\n')}`, 'vectors.wast', options);
  assert.deepEqual(failures, []);
  assert.deepEqual(skipped, []);
  assert.equal(passed, claims.length);
  assert.equal(SIMD.length, 236);
});
