/** The layout of trace pages: what stands beside their lines, and which token is pointed at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aligned, columnsOf, type TraceLine, tokenAt } from '../../extension/host/trace/columns.ts';

const LINE: TraceLine = {
  token: 40,
  instruction: 'i32.add',
  meaning: 'a + b = 8',
  place: { path: '/add.c', line: 6 },
  source: 'int sum = a + b;',
};

test('what stands beside lines begins in one column; no line is added, and none loses anything', () => {
  const text = '08 00 00 00 commit(-1,sts=1,bt=0)\nhalt\n';
  const [add, halt, rest] = aligned(text).split('\n');
  assert.equal(add.length, halt.length);
  assert.deepEqual([add.trimEnd(), halt.trimEnd(), rest], ['08 00 00 00 commit(-1,sts=1,bt=0)', 'halt', '']);
  assert.equal(aligned(''), '');
});

test('a line of C is told where it begins, and then only its number', () => {
  assert.equal(columnsOf(LINE, undefined)[2], '6  int sum = a + b;');
  assert.equal(columnsOf(LINE, LINE)[2], '6');
  const elsewhere = { ...LINE, place: { path: '/other.c', line: 6 } };
  assert.equal(columnsOf(LINE, elsewhere)[2], '6  int sum = a + b;');
  assert.equal(columnsOf({ token: 1, instruction: 'nop', meaning: '' }, LINE)[2], '');
});

test('instructions and meanings are columns of their own', () => {
  const [short, meaning] = columnsOf(LINE, undefined);
  const [long] = columnsOf({ ...LINE, instruction: 'i64.extend_i32_s' }, undefined);
  assert.equal(short.length, long.length);
  assert.equal(meaning.trimEnd(), 'a + b = 8');
  const jump = 'branch_taken 0c 00 00 00 commit(-1,sts=0,bt=1)';
  const width = aligned('halt').length;
  const [beside] = columnsOf({ ...LINE, instruction: 'br_if +12' }, undefined, jump.length);
  assert.equal(jump.length + beside.length, width + short.length, 'also where a branch takes more room');
});

test('the token under a character, spaces within the last one included', () => {
  const line = '08 00 trap(integer divide by zero)      ';
  assert.deepEqual(
    [0, 1, 3, 4, 6, 20, 33, 34, 39].map((at) => tokenAt(line, at)),
    [0, 0, 1, 1, 2, 2, 2, -1, -1],
  );
});
