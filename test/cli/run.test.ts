/** `stepformer run`: arguments, input and output of a program, its exit status, and what is said beside them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { workspace } from '../toolchain/c.ts';
import { runCli } from './cli.ts';

const folder = workspace({
  'echo.c': `#include <stdio.h>
int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("[%s]", argv[i]);
  for (int c; (c = getchar()) != EOF;) putchar(c);
  return argc;
}
`,
  'trap.c': `#include <stdio.h>
int main(void) {
  int zero = 0;
  puts("before");
  return 1 / zero;
}
`,
  'endless.c': 'int main(void) { for (;;); }\n',
});
after(() => folder.remove());
const run = (name: string, args: string[], input = '') => runCli(['run', folder.path(name), ...args], input);

test('arguments, with and behind dashes, and input reach the program; its status is the exit status', async () => {
  const words = await run('echo.c', ['--verify', '--stdin', '-', '--arg', 'a b', '--', '--json', ''], 'line\n');
  assert.equal(words.output, '[a b][--json][]line\n');
  assert.equal(words.status, 4);
  assert.match(words.complaint, /^verified/m);
});

test('a trap and an exhausted budget have a status of their own, and keep what was printed', async () => {
  const trap = await run('trap.c', ['--verify']);
  assert.deepEqual([trap.status, trap.output], [134, 'before\n']);
  assert.match(trap.complaint, /trap\.c:5: trap: integer divide by zero/);
  const budget = await run('endless.c', ['--max-tokens', '1000']);
  assert.equal(budget.status, 124);
  assert.match(budget.complaint, /1,000/);
});

test('JSON says what a person is told, and the trace file has a line per instruction', async () => {
  const traceFile = folder.path('echo.stepformer-trace');
  const { status, output } = await run('echo.c', ['--json', '--verify', '--trace', traceFile, '--arg', 'x']);
  const report = JSON.parse(output);
  assert.equal(status, 2);
  assert.deepEqual([report.output, report.verified], ['[x]', true]);
  const lines = readFileSync(traceFile, 'utf8').split('\n');
  assert.equal(lines.filter((line) => /commit|out\(|halt|trap/.test(line)).length, report.lines);
});
