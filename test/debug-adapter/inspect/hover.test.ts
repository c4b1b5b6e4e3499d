/** Hovers: the value, its type, and who wrote it last. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';
import { lineOf } from '../questions.ts';

const PROGRAM = file(
  'hover.c',
  `#include <stdio.h>
int total = 7;
double half;
static int twice(int x) {
  total += x;
  return x + x;
}
int main(void) {
  int a = 3;
  int later;
  int numbers[2] = {1, 2};
  half = twice(a) / 2.0;
  later = a;
  numbers[1] = later;
  printf("%d %d %f\\n", total, numbers[1], half);
  return 0;
}
`,
);

test('a hover says value, type and last writer, in every function and of every kind', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  const [breakpoint] = debug.breakpoints(lineOf(PROGRAM, 'later = a'));
  assert.ok(breakpoint.verified);
  debug.move('configurationDone');
  const hover = (expression: string) => debug.evaluate(expression, { context: 'hover' });
  assert.equal(hover('total'), '7 · int · its value from the beginning');
  debug.move('continue');
  const by = (text: string) => `written by line ${lineOf(PROGRAM, text)}, [\\d,]+ instructions ago`;
  assert.match(hover('a'), new RegExp(`^3 · int · ${by('int a = 3')}$`));
  assert.match(hover('total'), new RegExp(`^10 · int · ${by('total += x')}$`));
  assert.match(hover('half'), new RegExp(`^3(?:\\.0)? · double · written by line ${lineOf(PROGRAM, 'half =')}, `));
  assert.match(hover('numbers[0]'), new RegExp(`^1 · int · ${by('int numbers')}$`));
  assert.equal(hover('a + 1'), '4 · int');
  assert.equal(debug.evaluate('a'), '3', 'a watch is the value alone');
});

test('how long ago is counted from the position, and what was changed by hand is said to be', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.breakpoints(lineOf(PROGRAM, 'numbers[1] = later'));
  debug.move('configurationDone');
  debug.move('continue');
  const hover = (expression: string) => debug.evaluate(expression, { context: 'hover' });
  const ago = () => Number(/, (\d+|one) instructions? ago$/.exec(hover('later'))?.[1].replace('one', '1'));
  const first = ago();
  const { traceLine } = debug.ask('stepformer/position');
  debug.move('next', { threadId: 1, granularity: 'instruction' });
  assert.equal(ago() - first, debug.ask('stepformer/position').traceLine - traceLine);
  debug.evaluate('later = 41', { context: 'repl' });
  assert.match(hover('later'), /^41 · int · changed by hand, /);
});
