/** Several statements on a line: steps by statement, breakpoints on columns, and steps into one of several calls. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { literalsIn, statementColumns } from '../../../debug-adapter/recording/source-text.ts';
import { drive, file } from '../driver.ts';

const PROGRAM = file(
  'statements.c',
  `static int f(int a, int b) {
  return a + b;
}
static int g(int a) { int b = a; b++; return b; }
int main(void) {
  int x = 1; int y = 2; x += y;
  for (int i = 0; i < 3; i++) x += i;
  int z = f(g(x), g(y));
  return z;
}
`,
);

async function main() {
  const driver = await drive(PROGRAM);
  driver.move('configurationDone');
  return driver;
}

test('where statements begin on a line', () => {
  assert.deepEqual(statementColumns('  int x = 1; int y = 2;'), [3, 14]);
  assert.deepEqual(
    statementColumns('for (int i = 0; i < 3; i++) { s("{;"); c = \';\'; } // a; b'),
    [1, 17, 24, 31, 40],
  );
  assert.deepEqual(statementColumns('if (a) b(); else c(); do d(); while (e);'), [1, 8, 13, 18, 23, 26, 31]);
  assert.deepEqual(statementColumns('/* a; */ b; /* c;'), [10]);
  assert.deepEqual(statementColumns(''), []);
});

test('steps by statement stop at each on a line, and back at the same', async () => {
  const driver = await main();
  const at = () => {
    const [frame] = driver.frames();
    return `${frame.name}:${frame.line} ${driver.scope('Locals').x} ${driver.scope('Locals').i ?? '-'}`;
  };
  const seen = [at()];
  const lines: number[] = [];
  const trace = () => driver.ask('stepformer/position').traceLine;
  lines.push(trace());
  for (let i = 0; i < 13; i++) {
    driver.move('next', { granularity: 'statement' });
    seen.push(at());
    lines.push(trace());
  }
  assert.deepEqual(
    seen.map((text) => text.split(' ')[0]),
    [...Array(3).fill('main:6'), ...Array(11).fill('main:7')],
  );
  assert.equal(seen[2].split(' ')[1], '1');
  assert.equal(seen[3].split(' ')[1], '3');
  for (const line of lines.slice(0, -1).reverse()) {
    driver.move('stepBack', { granularity: 'statement' });
    assert.equal(trace(), line);
  }
  assert.equal(driver.go('next'), 'step main:7', 'steps over lines are as they were');
  assert.equal(driver.go('next'), 'step main:8');
});

test('breakpoints on columns', async () => {
  const driver = await main();
  const places = driver.ask('breakpointLocations', { source: { path: PROGRAM }, line: 6, endLine: 8 }).breakpoints;
  assert.deepEqual(places, [
    { line: 6, column: 3 },
    { line: 6, column: 14 },
    { line: 6, column: 25 },
    { line: 7, column: 3 },
    { line: 7, column: 19 },
    { line: 7, column: 26 },
    { line: 7, column: 31 },
    { line: 8 },
  ]);
  const [increment, third] = driver.breakpoints({ line: 7, column: 27 }, { line: 6, column: 25 });
  assert.deepEqual([increment.column, third.column], [26, 25]);
  assert.equal(driver.go('continue'), 'breakpoint main:6');
  assert.equal(driver.scope('Locals').y, '2');
  const seen: string[] = [];
  while (driver.move('continue').reason === 'breakpoint') seen.push(driver.scope('Locals').i);
  assert.deepEqual(seen, ['0', '1', '2']);
  const back: string[] = [];
  while (driver.move('reverseContinue').reason === 'breakpoint') back.unshift(driver.scope('Locals').i ?? 'none');
  assert.deepEqual(back, ['none', ...seen], 'the third statement of line 6, too');
});

test('into one of several calls on a line', async () => {
  const driver = await main();
  driver.breakpoints(8);
  driver.move('continue');
  const [{ id: frameId }] = driver.frames();
  const { targets } = driver.ask('stepInTargets', { frameId });
  assert.deepEqual(
    targets.map(({ label, line }: { label: string; line: number }) => `${label} ${line}`),
    ['g(x) 8', 'g(y) 8', 'f(g(x), g(y)) 8'],
  );
  const [, second, outer] = targets;
  assert.equal(driver.go('stepIn', { targetId: outer.id }), 'step f:2');
  driver.move('stepformer/stepBackOut');
  assert.equal(driver.go('stepIn', { targetId: second.id }), 'step g:4');
  assert.equal(driver.evaluate('a'), '2');
  driver.move('stepOut');
  const left = driver.ask('stepInTargets', { frameId: driver.frames()[0].id }).targets;
  assert.deepEqual(
    left.map(({ label }: { label: string }) => label),
    ['f(g(x), g(y))'],
    'what has been called is no target any more',
  );
  assert.throws(() => driver.ask('stepIn', { targetId: 1_000_000 }), /1000000 is not a target/);
});

test('string literals with the lines of their characters; neighbours are one', () => {
  const source = ['char *a = "x\\"\\x41\\n"; // "no"', `char b = '"'; f("one" /* "no" */`, '  "two", "");'];
  assert.deepEqual(literalsIn(source), [
    { text: 'x"A\n', lines: [1, 1, 1, 1] },
    { text: 'onetwo', lines: [2, 2, 2, 3, 3, 3] },
    { text: '', lines: [] },
  ]);
});
