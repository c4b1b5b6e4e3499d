/** References to moments, as people type them and as views copy them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { referenceOf } from '../../extension/host/moments/reference.ts';

test('a token, with or without the head that is meant', () => {
  assert.deepEqual(referenceOf('token 3,850,402 · L4·H2'), { kind: 'token', token: 3_850_402, layer: 4, head: 2 });
  assert.deepEqual(referenceOf(' Token 3850402 '), { kind: 'token', token: 3_850_402 });
  assert.deepEqual(referenceOf('token #12, L0 H11'), { kind: 'token', token: 12, layer: 0, head: 11 });
});

test('a line of the trace', () => {
  assert.deepEqual(referenceOf('line 12,345'), { kind: 'line', line: 12_345 });
  assert.deepEqual(referenceOf('trace line 7'), { kind: 'line', line: 7 });
});

test('a number, grouped as anywhere in the world, may be either', () => {
  for (const text of ['12345', '12,345', '12.345', '12 345', '12\u202f345', '#12345']) {
    assert.deepEqual(referenceOf(text), { kind: 'number', number: 12_345 }, text);
  }
});

test('a share of the recording, and no more than all of it', () => {
  assert.deepEqual(referenceOf('40%'), { kind: 'share', percent: 40 });
  assert.deepEqual(referenceOf('12,5 %'), { kind: 'share', percent: 12.5 });
  assert.deepEqual(referenceOf('400%'), { kind: 'share', percent: 100 });
});

test('any other text is none', () => {
  for (const text of ['', 'token', 'sum == 8', 'line x', 'L4·H2', 'tokens of line 3']) {
    assert.equal(referenceOf(text), undefined, text);
  }
});
