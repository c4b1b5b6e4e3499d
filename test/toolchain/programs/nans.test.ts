/** A native run, which the model's is compared with, has the machine's NaNs, not those of the processor. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { watToWasm } from '../../../engine/wat/wat.ts';
import { PATIENCE } from '../../patience.ts';

/** The sign of what an operator gives for two globals, which V8 does not know when it compiles. */
const program = (type: 'f32' | 'f64', operator: string, value: string) => {
  const bits = type === 'f32' ? 'i32' : 'i64';
  const wrap = type === 'f32' ? '' : 'i32.wrap_i64';
  return `(module
  (global $a (mut ${type}) (${type}.const ${value})) (global $b (mut ${type}) (${type}.const ${value}))
  (func $apply (param $unused i64) (result ${type}) (local i32)
    (${type}.${operator} (global.get $a) (global.get $b)))
  (func (export "main") (result i32)
    i64.const 0 call $apply ${bits}.reinterpret_${type}
    ${bits}.const ${type === 'f32' ? 31 : 63} ${bits}.shr_u ${wrap}))`;
};

test('the sign of a NaN is that of the canonical one; other results stay', async () => {
  for (const type of ['f32', 'f64'] as const) {
    const signs: number[] = [];
    for (const [operator, value] of [
      ['div', '0'],
      ['sub', 'inf'],
      ['add', '-3'],
      ['div', '-2'],
    ]) {
      const { exit } = await runNative(await watToWasm(program(type, operator, value), 'nan.wat'), new Uint8Array(0), {
        milliseconds: PATIENCE,
      });
      assert.equal(exit.kind, 'halt');
      signs.push(exit.code);
    }
    assert.deepEqual(signs, [0, 0, 1, 0]);
  }
});
