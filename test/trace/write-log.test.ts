/** Who wrote a key before a token: for keys that are written once, and millions of times. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WriteLog } from '../../engine/trace/write-log.ts';

/** The keys, each written at every so many tokens. */
const EVERY = new Map([
  [7, 1],
  [9, 3],
  [5000, 70_001],
]);
const TOKENS = 2_000_000;

const log = new WriteLog();
for (let token = 0; token < TOKENS; token++) {
  for (const [key, every] of EVERY) if (token % every === 0) log.add(key, token);
}

function assertIsLog(found: WriteLog, end: number): void {
  for (let token = 0; token <= end; token += 997) {
    for (const [key, every] of EVERY) {
      assert.equal(found.before(key, token), token === 0 ? -1 : token - 1 - ((token - 1) % every), `${key}, ${token}`);
    }
    assert.equal(found.before(8, token), -1);
  }
}

test('the last write before a token, however many there are', () => {
  assertIsLog(log, TOKENS);
  assert.equal(log.last(7), TOKENS - 1);
  assert.deepEqual(log.from(9, 1000, 3), [1002, 1005, 1008]);
});

test('a log that is cut is what it was then, and goes on', () => {
  const cut = new WriteLog();
  const end = 1_234_567;
  cut.takeOver(log, end);
  assertIsLog(cut, end);
  assert.equal(cut.last(7), end - 1);
  for (let token = end; token < TOKENS; token++) {
    for (const [key, every] of EVERY) if (token % every === 0) cut.add(key, token);
  }
  assertIsLog(cut, TOKENS);
  assertIsLog(log, TOKENS);
});
