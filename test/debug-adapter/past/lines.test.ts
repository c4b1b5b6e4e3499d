/** What stands beside lines of a trace page: instruction, meaning in C's terms, line of C. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { drive, file } from '../driver.ts';

type Lines = AnswerOf<'stepformer/lines'>['lines'];

const PROGRAM = file(
  'lines.c',
  `#include <stdio.h>
struct pair { char tag; int numbers[2]; };
int main(void) {
  int a = 3;
  struct pair p = {'x', {0, 40}};
  int sum = a + p.numbers[1];
  if (sum > 40)
    putchar('A' + a);
  return sum;
}
`,
);

async function lines(): Promise<Lines> {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  return (debug.ask('stepformer/lines', { traceLine: 0, count: 10_000 }) as AnswerOf<'stepformer/lines'>).lines;
}

test('lines of a statement say what they read, compute and write, by the names of C', async () => {
  const all = await lines();
  const of = (line: number) => all.filter(({ place }) => place?.line === line).map((one) => one.meaning);
  assert.ok(of(4).includes('a ← 3'), of(4).join('; '));
  const sum = of(6);
  for (const meaning of ['frame of main', 'a = 3', 'p.numbers[1] = 40', 'a + p.numbers[1] = 43', 'sum ← 43']) {
    assert.ok(sum.includes(meaning), `${meaning} in: ${sum.join('; ')}`);
  }
  assert.ok(of(7).some((text) => text.startsWith('sum > 40 = 1')));
  const printing = of(8);
  assert.ok(printing.includes('putchar(…)'), printing.join('; '));
  assert.ok(printing.includes('prints "D"'), 'a library prints for the line that called it');
  assert.ok(of(9).includes('main returns 43') || of(10).includes('main returns 43'));
  assert.equal(all.at(-1)?.meaning, 'exit status 43');
});

test('each line has its instruction, the text of its line of C, and the function; only what was reached is told', async () => {
  const all = await lines();
  const store = all.find(({ meaning }) => meaning === 'sum ← 43');
  assert.match(store?.instruction ?? '', /^i32\.store/);
  assert.equal(store?.source, 'int sum = a + p.numbers[1];');
  assert.equal(store?.function, 'main');
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  const { traceLine } = debug.ask('stepformer/position');
  assert.equal(debug.ask('stepformer/lines', { traceLine: 0, count: 10_000 }).lines.length, traceLine + 1);
  assert.deepEqual(debug.ask('stepformer/lines', { traceLine: 5_000_000 }).lines, []);
});
