/** What the Why view says of an origin: its sentence, its rows, what may be changed; on what the adapter answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControlAnswer, Hop, OriginAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { chainRows, extent } from '../../extension/views/why/model/chain.ts';
import { conditionOf, controlSentence, originSentence } from '../../extension/views/why/model/headline.ts';
import { markdownOf } from '../../extension/views/why/model/markdown.ts';
import { changeAt, objectOf } from '../../extension/views/why/model/what-if.ts';
import { assignedBy, textOf, withValues } from '../../extension/views/why/model/words.ts';
import { type Driver, drive, file } from '../debug-adapter/driver.ts';

const SUM = file(
  'why-sum.c',
  `#include <stdio.h>
#include <string.h>
struct pair { int left, right; }; static const char *const text = "ABC";
int zero;
static int add(int a, int b) {
  int total = a + b;
  return total;
}
int main(void) {
  char line[8];
  fgets(line, sizeof line, stdin);
  int first = line[0] - '0';
  char copy[8], other[8], third[8];
  memcpy(copy, line, 8);
  memcpy(other, copy, 8);
  memcpy(third, other, 8); char letter = text[first - 4];
  int seven = 7, eight = 8;
  int sum = add(first, seven);
  struct pair pair = {sum, eight};
  struct pair same = pair;
  int never[2];
  if (sum > 5) printf("%d\\n", sum);
  return never[1] * zero;
}
`,
);

async function standing(): Promise<Driver> {
  const debug = await drive(SUM, { stdin: '5\n' });
  debug.ask('setBreakpoints', { source: { path: SUM }, breakpoints: [{ line: 23 }] });
  debug.move('configurationDone');
  if (debug.where() !== 'main:23') debug.move('continue', { threadId: 1 });
  assert.equal(debug.where(), 'main:23');
  return debug;
}

const sentence = (debug: Driver, expression: string) =>
  textOf(originSentence(expression, debug.ask('stepformer/origin', { expression })));

test('one sentence says why a value is what it is', async () => {
  const debug = await standing();
  assert.equal(sentence(debug, 'sum'), 'sum is 12 because a + b was 5 + 7.');
  assert.equal(
    sentence(debug, 'first'),
    "first is 5 because you typed '5': byte 0 of standard input. On the way 1 computation changed it.",
  );
  assert.equal(
    sentence(debug, 'third[0]'),
    "third[0] is 53 '5' because you typed '5': byte 0 of standard input. Nothing changed it on the way.",
  );
  assert.equal(
    sentence(debug, 'seven'),
    'seven is 7 because the program says so: int seven = 7, eight = 8;. Nothing changed it on the way.',
  );
  assert.equal(sentence(debug, 'letter'), `letter is 66 'B' because the program says 'B': character 1 of "ABC".`);
  assert.equal(sentence(debug, 'zero'), 'zero is 0 because it begins so: int zero;.');
  assert.equal(
    sentence(debug, 'never[1]'),
    'never[1] is 0 because nothing was ever written there: memory begins as 0.',
  );
  assert.match(sentence(debug, 'same'), /^same was put together of 2 parts: each has a way of its own\.$/);
  const short = debug.ask('stepformer/origin', { expression: 'first', limit: 1 }) as OriginAnswer;
  assert.equal(
    textOf(originSentence('first', short)),
    'first is 5 because it was copied, again and again: 1 step so far.',
  );
  const longer = debug.ask('stepformer/origin', { expression: 'first', limit: 2 }) as OriginAnswer;
  assert.equal(
    textOf(originSentence('first', longer)),
    'first is 5 because line[0] - 48 was 53 - 48, and so on: 2 steps so far.',
  );
});

test('rows name what was assigned, compute with values, and fold copies', async () => {
  const debug = await standing();
  const rows = (expression: string) =>
    chainRows(debug.ask('stepformer/origin', { expression }).hops).map((row) =>
      row.kind === 'folded' ? row.title : `${row.label}: ${row.title}`,
    );
  assert.deepEqual(rows('sum'), ['written: sum = 12', 'written: total = 12', 'computed: 12 = 5 + 7']);
  const { operands } = debug.ask('stepformer/origin', { expression: 'sum' }).hops[2] as Hop;
  const [passed] = chainRows(debug.ask('stepformer/origin', { token: operands?.[0].token }).hops);
  assert.equal(passed.kind === 'hop' && `${passed.label}: ${passed.title}`, 'passed: 5');
  assert.deepEqual(rows('seven'), ['written: 7', 'constant: 7'], 'two assignments in a line: nobody knows which');
  const [newest, folded, oldest, end] = rows('third[0]');
  assert.deepEqual(
    [newest, oldest, end],
    ["written: 53 '5'", "written: 53 '5'", "input: byte 0 of standard input: '5'"],
  );
  assert.match(folded, /^2 copies folded: in main$/);
  const { hops } = debug.ask('stepformer/origin', { expression: 'third[0]' });
  assert.equal(extent(hops), '3 steps · 2 copies folded');
  const { chunks } = debug.ask('stepformer/output');
  const [printed] = chainRows(debug.ask('stepformer/origin', { token: chunks[0].token }).hops);
  assert.equal(printed.kind === 'hop' && `${printed.label}: ${printed.title}`, "printed: 49 '1'");
});

test('a line is reached because of a branch with its condition, or of a call', async () => {
  const debug = await standing();
  const { token, traceLine } = debug.ask('stepformer/output').chunks[0];
  assert.ok(token > 0);
  const reasons: string[] = [];
  for (let at = traceLine; ; ) {
    const answer = debug.ask('stepformer/control', { traceLine: at }) as ControlAnswer;
    reasons.push(textOf(controlSentence(answer)));
    if (answer.kind === 'start') break;
    at = answer.traceLine;
  }
  assert.ok(
    reasons.some((reason) => /^This is reached because if \(sum > 5\).*: sum > 5 was true\.$/.test(reason)),
    reasons.join('\n'),
  );
  assert.equal(reasons.at(-1), 'This is reached because the program begins here.');
});

test('conditions as people say them', () => {
  const cases: [text: string, value: string, told: string][] = [
    ['a > b', '1', 'a > b is true'],
    ['a == 3', '0', 'a == 3 is false'],
    ['!(a > b)', '0', 'a > b is true'],
    ['!(a > b)', '1', 'a > b is false'],
    ['!n', '1', 'n is 0'],
    ['!n', '0', 'n is not 0'],
    ['!(!n)', '1', 'n is not 0'],
    ['n << 2', '8', 'n << 2 is 8'],
  ];
  for (const [text, value, told] of cases) {
    const { name, value: shown } = conditionOf({ text, value, token: 1 });
    assert.equal(`${name} is ${shown}`, told);
  }
});

test('what is changed is the bytes that a copy wrote, in C that holds in any frame', async () => {
  const debug = await standing();
  const { hops } = debug.ask('stepformer/origin', { expression: 'first' }) as { hops: Hop[] };
  const address = /0x[0-9a-f]+/.exec(debug.ask('evaluate', { expression: '&first' }).result)?.[0];
  assert.equal(objectOf(hops[0]), `*(int *)${address}`);
  assert.equal(debug.ask('evaluate', { expression: objectOf(hops[0]) }).result, '5');
  const change = changeAt(hops, hops.length - 1);
  assert.deepEqual([change?.name, change?.value], ['byte 0 of standard input', "'5'"]);
  assert.match(change?.expression ?? '', /^\*\(char \*\)0x/);
  // The number 5 was computed: another is written where it is kept, not where the character is.
  assert.equal(changeAt(hops, 1)?.expression, objectOf(hops[0]));
  const double = { ...hops[0], value: '2.5', address: { token: 0, value: '0', at: 16, bytes: 8 } };
  assert.equal(objectOf(double), '*(double *)0x10');
});

test('Markdown has the sentence, the rows and the places', async () => {
  const debug = await standing();
  const answer = debug.ask('stepformer/origin', { expression: 'sum' });
  const at = { token: 100, traceLine: 1, limit: 20, pending: false } as const;
  const text = markdownOf({ kind: 'origin', question: { kind: 'origin', expression: 'sum' }, answer, ...at });
  assert.match(text, /^\*\*Where did sum come from\?\*\* \(asked at token 100\)\n\n`sum` is \*\*12\*\* because/);
  assert.match(text, /3\. computed: \*\*12 = 5 \+ 7\*\*: `int total = a \+ b;` \(add, why-sum\.c:6, token [\d,]+\)/);
  assert.match(text, /\n {3}- b = 7\n$/);
  const rows = debug.ask('stepformer/print', { path: SUM, line: 6, expression: 'a' });
  const print = { kind: 'print', path: SUM, line: 6, expression: 'a' } as const;
  assert.match(
    markdownOf({ kind: 'print', question: print, answer: rows, ...at }),
    /\| token \| a \|\n\| --- \| --- \|\n\| [\d,]+ \| 5 \|/,
  );
});

test('what a line assigns to, where that can be told', () => {
  const cases: [line: string, target: string | undefined][] = [
    ['int sum = a + b;', 'sum'],
    ['board->can[cell] = digit;', 'board->can[cell]'],
    ['total += x;', 'total'],
    ['int *p = &x;', 'p'],
    ['*p = 5;', '*p'],
    ['x <<= 2;', 'x'],
    ['if (a == b) return;', undefined],
    ['int a = 3, b = 4;', undefined],
    ['for (int i = 0; i < 3; i++)', undefined],
    ['cells[n++] = 1;', undefined],
    ['puts("a = b");', undefined],
    ['while (a <= b)', undefined],
  ];
  for (const [line, target] of cases) assert.equal(assignedBy(line), target, line);
});

test('an expression with values in the place of names, and no part of another name is one', () => {
  const operand = (text: string, value: string) => ({ text, value, token: 1 });
  assert.equal(withValues('a + b', [operand('a', '3'), operand('b', '5')]), '3 + 5');
  assert.equal(withValues('max - a', [operand('max', '9'), operand('a', '1')]), '9 - 1');
  assert.equal(withValues('(i * 7) % 10', [operand('i * 7', '21'), operand('10', '10')]), '21 % 10');
  assert.equal(withValues('f(a)', [operand('a', '1')]), 'f(1)');
  assert.equal(withValues('n + n', [operand('n', '4'), operand('n', '4')]), '4 + 4');
});
