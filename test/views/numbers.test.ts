/** Numbers of views and of what heads mean are written by formatters that are made once: a view writes a thousand at a time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { numberText } from '../../debug-adapter/inspect/heads/meaning.ts';
import { number } from '../../extension/views/dom.ts';
import { exact } from '../../extension/views/hull/words.ts';

test('they have their commas and all their digits, and no formatter is made for one', (t) => {
  const { mock } = t.mock.method(Number.prototype, 'toLocaleString');
  assert.deepEqual([0, 999, 12345, -1234567].map(number), ['0', '999', '12,345', '-1,234,567']);
  assert.deepEqual([-0, 0.5, 4096 + 2 ** -12].map(exact), ['0', '0.5', '4,096.000244140625']);
  assert.deepEqual([12345, 1 / 3].map(numberText), ['12,345', '0.333333333333']);
  assert.equal(mock.callCount(), 0);
});
