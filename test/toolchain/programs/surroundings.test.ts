/** What a program finds around it: how it is given, and what is refused. What programs see of it: debug-adapter/sources. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSurroundings, surroundingsInC } from '../../../engine/toolchain/surroundings.ts';

test('variables once by name, the last counts; dates with and without a time', () => {
  assert.deepEqual(readSurroundings(['A=1', 'B=x=y', 'A='], undefined).env, ['A=', 'B=x=y']);
  const dateOf = (text: string) => new Date(readSurroundings([], text).startDate ?? 0).toISOString();
  assert.equal(dateOf('2024-02-29'), '2024-02-29T00:00:00.000Z');
  assert.equal(dateOf('1999-12-31T23:59:58'), '1999-12-31T23:59:58.000Z');
  assert.equal(dateOf('2024-02-29T12:30:00.250+02:00'), '2024-02-29T10:30:00.250Z');
  assert.equal(surroundingsInC(readSurroundings([], undefined)), '', 'nothing is compiled for nothing');
});

test('what is none is refused, with what to write', () => {
  for (const text of ['A', '=1', 'A=\0']) {
    assert.throws(() => readSurroundings([text], undefined), /write NAME=VALUE/, text);
  }
  for (const text of ['', 'today', '2023-02-29', '2024-13-01', '1969-12-31', '2200-01-01', '2024-01-01T25:00']) {
    assert.throws(() => readSurroundings([], text), /write 2024-02-29/, text);
  }
});
