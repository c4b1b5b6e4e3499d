/** Sessions on the oracle's tokens: stepping, breakpoints and state in both directions, and the end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { Driver, drive, file, launched } from './driver.ts';
import { RecordedSource } from './oracle-source.ts';

const FACTORIAL = file(
  'factorial.c',
  `#include <stdio.h>

int calls;

int factorial(int n) {
  calls++;
  if (n <= 1)
    return 1;
  return n * factorial(n - 1);
}

int main(void) {
  int total = 0;
  for (int i = 1; i <= 4; i++) {
    int f = factorial(i);
    total += f;
    printf("%d! = %d\\n", i, f);
  }
  printf("total %d\\n", total);
  return total;
}
`,
);

test('stops at the first line of main, steps over lines and back over the same', async () => {
  const debug = await drive(FACTORIAL);
  assert.equal(debug.go('configurationDone'), 'entry main:13');
  const lines = [debug.where()];
  const states = [debug.state()];
  for (let i = 0; i < 9; i++) {
    assert.equal(debug.move('next').reason, 'step');
    lines.push(debug.where());
    states.push(debug.state());
  }
  assert.deepEqual(
    lines,
    [13, 14, 15, 16, 17, 14, 15, 16, 17, 14].map((line) => `main:${line}`),
  );
  assert.equal(debug.output(), '1! = 1\n2! = 2\n');
  for (let i = 8; i >= 0; i--) {
    debug.move('stepBack');
    assert.deepEqual(debug.state(), states[i], `back at ${lines[i]}`);
  }
  assert.equal(debug.go('stepBack'), 'entry main:13', 'the beginning is as far as it goes');
  for (let i = 1; i < 10; i++) {
    debug.move('next');
    assert.deepEqual(debug.state(), states[i], `again at ${lines[i]}`);
  }
  assert.equal(debug.output(), '1! = 1\n2! = 2\n', 'output comes once');
});

test('into and out of calls, with the frames that are open', async () => {
  const debug = await drive(FACTORIAL);
  debug.breakpoints({ line: 8 });
  assert.equal(debug.go('configurationDone'), 'breakpoint factorial:8', 'a breakpoint replaces the stop at the entry');
  assert.deepEqual(debug.scope('Locals'), { n: '1' });
  assert.deepEqual(debug.scope('Locals', 1), { total: '0', i: '1', f: 'not written yet' });
  assert.equal(debug.go('stepOut'), 'step main:15', 'out of a call into the line that made it');
  assert.equal(debug.go('next'), 'step main:16');
  assert.deepEqual(debug.scope('Locals'), { total: '0', i: '1', f: '1' });
  assert.equal(debug.go('next'), 'step main:17');
  assert.equal(debug.go('stepIn'), 'step main:14', 'printf has no lines: in goes over it');
  assert.equal(debug.go('next'), 'step main:15');
  assert.equal(debug.go('stepIn'), 'step factorial:6');
  assert.equal(debug.go('continue'), 'breakpoint factorial:8');
  assert.deepEqual(
    debug.frames().map(({ name, line }) => `${name}:${line}`),
    ['factorial:8', 'factorial:9', 'main:15'],
  );
  const page = debug.ask('stackTrace', { threadId: 1, startFrame: 1, levels: 1 });
  assert.equal(page.totalFrames, 3);
  assert.deepEqual(
    page.stackFrames.map(({ line }: { line: number }) => line),
    [9],
  );
  assert.deepEqual(debug.scope('Locals', 1), { n: '2' });
  assert.equal(debug.scope('Globals').calls, '3');
  assert.equal(debug.go('stepBack'), 'step factorial:7');
  assert.equal(debug.go('stepBack'), 'step factorial:6');
  assert.equal(debug.scope('Globals').calls, '2');
  assert.equal(debug.go('stepBack'), 'step factorial:9', 'back out of a call to the line that made it');
  assert.deepEqual(debug.scope('Locals'), { n: '2' });
});

test('the same hits in both directions, at the end and from it', async () => {
  const debug = await drive(FACTORIAL);
  debug.breakpoints(8, 16);
  const hits: unknown[] = [];
  let stop = debug.go('configurationDone');
  for (; stop.startsWith('breakpoint'); stop = debug.go('continue')) hits.push(debug.state());
  assert.equal(hits.length, 8);
  assert.match(stop, /^end /);
  assert.equal(debug.output(), '1! = 1\n2! = 2\n3! = 6\n4! = 24\ntotal 33\n');
  assert.match(debug.go('continue'), /^end /, 'the end is a stop like others');
  assert.match(debug.go('next'), /^end /);
  assert.equal(debug.go('stepBack'), 'step main:20', 'back from the end: where a step over led to it');
  assert.match(debug.go('next'), /^end /);
  assert.equal(debug.go('stepBack'), 'step main:20');
  assert.equal(debug.go('stepBack'), 'step main:19');
  assert.match(debug.go('continue'), /^end /);
  for (let i = hits.length - 1; i >= 0; i--) {
    assert.match(debug.go('reverseContinue'), /^breakpoint/);
    assert.deepEqual(debug.state(), hits[i], `hit ${i}`);
  }
  assert.equal(debug.go('reverseContinue'), 'entry main:13');
  debug.breakpoints();
  assert.match(debug.go('continue'), /^end /, 'from the past on through now');
  assert.equal(debug.events.filter(({ body }) => /^Ended: exit code 33,/.test(body?.output)).length, 1);
});

test('conditions, hit counts and log points', async () => {
  const debug = await drive(FACTORIAL);
  debug.breakpoints({ line: 6, condition: 'n == 1 && calls > 2' });
  assert.equal(debug.go('configurationDone'), 'breakpoint factorial:6');
  assert.deepEqual(debug.scope('Globals').calls, '5');
  debug.breakpoints({ line: 6, hitCondition: '7' });
  assert.equal(debug.go('continue'), 'breakpoint factorial:6');
  assert.equal(debug.scope('Globals').calls, '6');
  debug.breakpoints({ line: 6, hitCondition: '% 3' });
  assert.equal(debug.go('continue'), 'breakpoint factorial:6');
  assert.equal(debug.scope('Globals').calls, '8');
  assert.equal(debug.go('reverseContinue'), 'breakpoint factorial:6');
  assert.equal(debug.scope('Globals').calls, '5', 'the ordinal is that of the recording');
  debug.breakpoints({ line: 16, logMessage: 'i is {i}, \\{f\\} is {f + 0}' });
  assert.match(debug.go('continue'), /^end/);
  const logs = debug.events.filter(({ event, body }) => event === 'output' && body.category === 'console');
  assert.deepEqual(
    logs.map(({ body }) => `${body.line}: ${body.output}`),
    ['16: i is 4, {f} is 24\n'],
    'only what was new',
  );
});

test('breakpoints slide, and say why when they cannot be placed', async () => {
  const debug = await drive(FACTORIAL);
  const [slid, behind, bad, count] = debug.breakpoints(
    12,
    99,
    { line: 6, condition: 'nobody > 1' },
    { line: 6, hitCondition: 'often' },
  );
  assert.deepEqual([slid.verified, slid.line], [true, 13]);
  assert.deepEqual([behind.verified, bad.verified, count.verified], [false, false, false]);
  assert.match(bad.message ?? '', /nobody/);
  assert.match(count.message ?? '', /often/);
  const [elsewhere] = debug.ask('setBreakpoints', {
    source: { path: '/no/such.c' },
    breakpoints: [{ line: 1 }],
  }).breakpoints;
  assert.match(elsewhere.message, /such\.c/);
  const [named, unnamed] = debug.ask('setFunctionBreakpoints', {
    breakpoints: [{ name: 'factorial' }, { name: 'f' }],
  }).breakpoints;
  assert.deepEqual([named.verified, named.line, unnamed.verified], [true, 6, false]);
  assert.equal(debug.go('configurationDone'), 'breakpoint main:13');
  assert.equal(debug.go('continue'), 'breakpoint factorial:6');
  assert.deepEqual(debug.ask('breakpointLocations', { source: { path: FACTORIAL }, line: 5, endLine: 8 }).breakpoints, [
    { line: 6 },
    { line: 7 },
    { line: 8 },
  ]);
});

test('output comes with the C line that printed it', async () => {
  const debug = await drive(FACTORIAL, { noDebug: true });
  debug.move('configurationDone');
  const outputs = debug.events.filter(({ event, body }) => event === 'output' && body.category === 'stdout');
  assert.equal(outputs.map(({ body }) => body.output).join(''), '1! = 1\n2! = 2\n3! = 6\n4! = 24\ntotal 33\n');
  assert.deepEqual([...new Set(outputs.map(({ body }) => body.line))], [17, 19]);
  assert.equal(outputs[0].body.source.path, FACTORIAL);
  const ends = debug.events.filter(({ event }) => ['stopped', 'exited', 'terminated'].includes(event));
  assert.deepEqual(ends, [
    { event: 'exited', body: { exitCode: 33 } },
    { event: 'terminated', body: {} },
  ]);
});

test('a run without stops that a budget or the model ends has the status for that', async () => {
  const path = file('forever.c', 'int main(void) { for (;;); }\n');
  const status = (debug: Driver) => {
    debug.move('configurationDone');
    return debug.events.find(({ event }) => event === 'exited')?.body.exitCode;
  };
  assert.equal(status(await drive(path, { noDebug: true, maxTokens: 2000 })), EXIT_STATUS.budget);
  const silent = new Driver(path, await launched(path), { noDebug: true }, new RecordedSource([]));
  assert.equal(status(silent), EXIT_STATUS.modelFailed);
});

test('what the program writes to standard error is a category of its own, each with the line that wrote it', async () => {
  const path = file(
    'errors.c',
    `#include <stdio.h>
int main(void) {
  printf("one \\xc3"); fprintf(stderr, "\\xc3\\xa4 two ");
  puts("\\xa4 three");
  perror("four");
  return 0;
}
`,
  );
  const debug = await drive(path);
  debug.move('configurationDone');
  debug.move('continue');
  assert.equal(debug.output(), 'one ä three\n');
  assert.equal(debug.output('stderr'), 'ä two four: Success\n');
  const lines = debug.events
    .filter(({ event, body }) => event === 'output' && body.category === 'stderr')
    .map(({ body }) => body.line);
  assert.deepEqual(lines, [3, 5]);
});
