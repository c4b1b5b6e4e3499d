/** Numbers as text: the same bits as JavaScript's, and back; f32 against rounding by Math.fround where that is exact. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatValue, isNaNOf, parseValue } from '../../engine/wast/numbers.ts';
import { randomNumbers } from '../toolchain/operators.ts';

const view = new DataView(new ArrayBuffer(8));
const bits = (type: 'f32' | 'f64', value: number) => {
  if (type === 'f64') view.setFloat64(0, value);
  else view.setFloat32(0, value);
  return type === 'f64' ? view.getBigUint64(0) : BigInt(view.getUint32(0));
};

test('random floats are written so that they are read as the same bits', () => {
  const random = randomNumbers(7);
  for (let i = 0; i < 3000; i++) {
    const f32 = { type: 'f32', bits: BigInt(random() >>> 0) } as const;
    const f64 = { type: 'f64', bits: (BigInt(random() >>> 0) << 32n) | BigInt(random() >>> 0) } as const;
    for (const value of [f32, f64]) assert.deepEqual(parseValue(value.type, formatValue(value)), value);
  }
});

test('decimals are rounded as JavaScript rounds them', () => {
  const random = randomNumbers(11);
  const texts = ['0.1', '1e23', '9007199254740993', '2.2250738585072011e-308', '4.9e-324', '2.5e-324', '1e308', '-0'];
  for (let i = 0; i < 2000; i++) texts.push(`${random()}.${random() >>> 0}e${random() % 320}`);
  for (const text of texts) {
    const number = Number(text);
    const expected = Number.isFinite(number) ? bits('f64', number) : undefined;
    assert.equal(parseValue('f64', text)?.bits, expected, text);
  }
});

test('an f32 is rounded once', () => {
  // Just above the middle of two f32, where an f64 is that middle.
  assert.equal(parseValue('f32', '1.00000017881393432617187500001')?.bits, 0x3f800002n);
  assert.equal(parseValue('f32', '0x1.00000300000000001p+0')?.bits, 0x3f800002n);
  assert.equal(parseValue('f32', '1.000000178813934326171875')?.bits, 0x3f800002n);
  assert.equal(parseValue('f32', '1.000000059604644775390625')?.bits, 0x3f800000n);
  assert.equal(parseValue('f32', '7.0064923216240854e-46')?.bits, 1n);
  assert.equal(parseValue('f32', '7.0064923216240853e-46')?.bits, 0n);
});

test('what is no number of the type is none', () => {
  for (const text of ['', '-', '1_', '_1', '1__2', '0x', 'x', '1.0', 'inf', '4294967296', '-2147483649', '1e3']) {
    assert.equal(parseValue('i32', text), undefined, text);
  }
  for (const text of [
    '',
    '.5',
    '1e',
    '0x1p',
    '1_.5',
    '1._5',
    'nan:0x0',
    'nan:0x800000',
    'nan:x',
    '3.5e38',
    '1e99999999',
  ]) {
    assert.equal(parseValue('f32', text), undefined, text);
  }
  assert.equal(parseValue('i64', '0xffff_ffff_ffff_ffff')?.bits, 2n ** 64n - 1n);
  assert.equal(parseValue('f64', '1e-99999999')?.bits, 0n);
  assert.equal(parseValue('f64', '5.')?.bits, bits('f64', 5));
});

test('NaNs keep their payload, and are told apart', () => {
  const value = parseValue('f64', '-nan:0x123')!;
  assert.equal(formatValue(value), '-nan:0x123');
  assert.ok(isNaNOf(value, 'any') && !isNaNOf(value, 'arithmetic') && !isNaNOf(value, 'canonical'));
  const canonical = parseValue('f32', '-nan')!;
  assert.equal(formatValue(canonical), '-nan:0x400000');
  assert.ok(isNaNOf(canonical, 'arithmetic') && isNaNOf(canonical, 'canonical'));
  assert.ok(!isNaNOf(parseValue('f32', 'inf')!, 'any'));
});
