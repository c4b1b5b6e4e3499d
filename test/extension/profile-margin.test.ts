/** How a profile is told beside lines and in its table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heatOf, marginOf, rowOf, WIDTH, wordsOf } from '../../extension/host/profile/margin.ts';

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('what stands in front of lines is of one width, up to the largest numbers', () => {
  const lines = [
    { count: 0, tokens: 0 },
    { count: 1, tokens: 1 },
    { count: 12, tokens: 4_500 },
    { count: 9_999_999, tokens: 10_000_000 },
  ].map((line) => marginOf(line, 10_000_000));
  assert.deepEqual(
    lines.map(({ length }) => length),
    lines.map(() => WIDTH),
  );
  assert.deepEqual(
    lines.map((text) => plain(text).trim().replace(/ +/g, ' ')),
    ['', '×1 <0.1 %▎', '×12 <0.1 %▎', '×9,999,999 100 %▎'],
  );
});

test('shares: a digit behind the point where it matters; lines that take much are hot', () => {
  assert.match(plain(marginOf({ count: 2, tokens: 25 }, 1000)), /×2 +2\.5 %/);
  assert.match(plain(marginOf({ count: 2, tokens: 251 }, 1000)), /×2 +25 %/);
  assert.deepEqual(
    [5, 25, 100].map((tokens) => heatOf(tokens, 1000)),
    ['cool', 'warm', 'hot'],
  );
  assert.equal(heatOf(0, 0), 'cool');
});

test('in words: how often, how much, and how much each time', () => {
  assert.equal(plain(wordsOf({ count: 1, tokens: 50 }, 1000)), 'Executed once: 50 tokens; 5.0 % of all.');
  assert.equal(
    plain(wordsOf({ count: 4, tokens: 5000 }, 10_000)),
    'Executed 4 times: 5,000 tokens, 1,250 each time; 50 % of all.',
  );
  assert.equal(wordsOf({ count: 0, tokens: 0 }, 10), 'Not executed so far.');
});

test('a function of the table: in all, by itself, calls', () => {
  const row = rowOf({ name: 'search', calls: 1, own: 20, total: 900 }, 1000);
  assert.deepEqual(
    [row.label, plain(row.detail)],
    ['search', '90 % in all (900 tokens) · 2.0 % itself (20) · one call'],
  );
});
