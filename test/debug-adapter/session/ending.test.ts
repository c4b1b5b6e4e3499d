/** Where a session begins and how it ends: the entry stop, the end's place, handlers at exit, the exit as an event. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const SUM = file(
  'sum.c',
  `#include <stdio.h>
int twice(int n) {
  return 2 * n;
}
int main(void) {
  int sum = twice(4);
  printf("%d\\n", sum);
  return 0;
}
`,
);

const HANDLERS = file(
  'handlers.c',
  `#include <stdio.h>
#include <stdlib.h>
int left = 2;
static void first(void) {
  left--;
  puts("first");
}
static void second(void) {
  left--;
}
static void leave(int code) {
  int twice = 2 * code;
  exit(twice);
}
int main(int argc, char **argv) {
  atexit(first);
  atexit(second);
  if (argc > 1) leave(argc);
  return left;
}
`,
);

const ABORTS = file(
  'aborts.c',
  `#include <stdlib.h>
#include <string.h>
static void give_up(int why) {
  if (why) abort();
}
int main(int argc, char **argv) {
  give_up(argc);
  return 0;
}
`,
);

/** What was said about the end. */
const said = (debug: Awaited<ReturnType<typeof drive>>) =>
  debug.events
    .flatMap(({ event, body }) => (event === 'output' && body.category === 'important' ? [body.output] : []))
    .join('');

const exits = (debug: Awaited<ReturnType<typeof drive>>) => debug.events.filter(({ event }) => event === 'exited');

test('only what can stop in the source of this program makes the stop at its entry needless', async () => {
  const begin = async (prepare: (debug: Awaited<ReturnType<typeof drive>>) => void) => {
    const debug = await drive(SUM);
    prepare(debug);
    return debug.go('configurationDone');
  };
  const lines = (path: string, breakpoint: object) => (debug: Awaited<ReturnType<typeof drive>>) =>
    debug.ask('setBreakpoints', { source: { path }, breakpoints: [breakpoint] });
  assert.equal(await begin(lines(HANDLERS, { line: 5 })), 'entry main:6', 'a line of another program');
  assert.equal(await begin(lines(SUM, { line: 400 })), 'entry main:6', 'a line without code');
  assert.equal(await begin(lines(SUM, { line: 3, logMessage: '{n}' })), 'entry main:6', 'a log point');
  assert.equal(await begin(lines(SUM, { line: 3, condition: 'n +' })), 'entry main:6', 'no expression');
  assert.equal(
    await begin((debug) => debug.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'thrice' }] })),
    'entry main:6',
    'a function that is not there',
  );
  assert.equal(
    await begin((debug) => debug.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: '1' }] })),
    'entry main:6',
    'an instruction',
  );
  assert.equal(await begin(lines(SUM, { line: 3 })), 'breakpoint twice:3');
  assert.equal(
    await begin((debug) => debug.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'twice' }] })),
    'breakpoint twice:3',
  );
});

test('the end is shown on the last line of main, with its variables', async () => {
  const debug = await drive(SUM);
  debug.move('configurationDone');
  const end = debug.move('continue');
  assert.equal(end.reason, 'end');
  assert.equal(end.description, 'Ended: exit code 0');
  assert.match(end.text ?? '', /^Ended: exit code 0\. Step back, or run backwards/);
  assert.deepEqual(
    debug.frames().map(({ name, line }) => `${name}:${line}`),
    ['main:8'],
  );
  assert.equal(debug.scope('Locals').sum, '8');
  assert.equal(debug.evaluate('sum + 1'), '9');
  assert.doesNotMatch(said(debug), /as of the line shown/, 'nothing of the program ran after it');
  assert.equal(debug.ask('stepformer/position').past, false);
  assert.equal(debug.go('stepBack'), 'step main:8');
  assert.equal(debug.go('stepBack'), 'step main:7');
});

test('handlers at exit are stepped through in both directions after main has returned', async () => {
  const debug = await drive(HANDLERS);
  debug.breakpoints(18);
  assert.equal(debug.go('configurationDone'), 'breakpoint main:18');
  const way = [];
  for (let stop = debug.go('next'); !stop.startsWith('end'); stop = debug.go('next')) way.push(stop);
  assert.deepEqual(way, [
    'step main:19',
    'step second:9',
    'step second:10',
    'step first:5',
    'step first:6',
    'step first:7',
  ]);
  assert.equal(debug.where(), 'main:19', 'the end');
  assert.equal(debug.evaluate('left'), '2', 'as main left it');
  assert.match(said(debug), /^Ended: .* is one step back\.$/m);
  for (const stop of way.reverse()) assert.equal(debug.go('stepBack'), stop);
  assert.equal(debug.go('stepBack'), 'breakpoint main:18');
});

test('exit ends the program where it was called; a step back lands on the last line that was executed', async () => {
  const debug = await drive(HANDLERS, { args: ['one', 'two'] });
  debug.breakpoints(13);
  assert.equal(debug.go('configurationDone'), 'breakpoint leave:13');
  assert.equal(debug.go('next'), 'end leave:13');
  assert.deepEqual(
    debug.frames().map(({ name }) => name),
    ['leave', 'main'],
  );
  assert.deepEqual(debug.scope('Locals'), { code: '3', twice: '6' });
  assert.equal(debug.go('stepBack'), 'step first:7', 'a handler');
  assert.match(debug.go('continue'), /^end /);
  assert.equal(debug.go('reverseContinue'), 'breakpoint leave:13');
});

test('abort ends the program where it was called; another trap in the library is shown there', async () => {
  const debug = await drive(ABORTS);
  debug.move('configurationDone');
  assert.equal(debug.go('continue'), 'exception give_up:4');
  assert.equal(debug.scope('Locals').why, '1');
  assert.equal(debug.go('stepBack'), 'step give_up:4');
  const FAR = file('far.c', '#include <string.h>\nint main(void) {\n  return (int)strlen((char *)0xfffffff0);\n}\n');
  const other = await drive(FAR);
  other.move('configurationDone');
  other.move('continue');
  assert.match(other.frames()[0].name, /^strlen/);
});

test('the exit is told once: at the end if the launch says so, else before the session is over', async () => {
  const early = await drive(SUM, { exitedAtEnd: true });
  early.move('configurationDone');
  assert.deepEqual(exits(early), []);
  early.move('continue');
  early.move('stepBack');
  early.move('continue');
  early.session.finish();
  assert.deepEqual(
    exits(early).map(({ body }) => body),
    [{ exitCode: 0 }],
  );

  const late = await drive(SUM);
  late.move('configurationDone');
  late.session.finish();
  assert.deepEqual(exits(late), [], 'a program that has not ended has no exit code');
  late.move('continue');
  assert.deepEqual(exits(late), []);
  late.session.finish();
  assert.equal(exits(late).length, 1);
});

test('the output is listed in chunks, each a moment and a line of C', async () => {
  const LOOP = file(
    'loop.c',
    `#include <stdio.h>
int main(void) {
  for (int i = 0; i < 3; i++) {
    printf("%d, ", i);
    if (i == 1) fputs("one\\n", stderr);
  }
  putchar('\\n');
  return 0;
}
`,
  );
  const debug = await drive(LOOP);
  assert.deepEqual(debug.ask('stepformer/output'), { chunks: [], total: 0 });
  debug.move('configurationDone');
  debug.move('continue');
  const { chunks, total } = debug.ask('stepformer/output');
  assert.deepEqual(
    chunks.map(({ text, category, place }: { text: string; category: string; place: { line: number } }) => [
      text,
      category,
      place.line,
    ]),
    [
      ['0, ', 'stdout', 4],
      ['1, ', 'stdout', 4],
      ['one\n', 'stderr', 5],
      ['2, ', 'stdout', 4],
      ['\n', 'stdout', 7],
    ],
  );
  assert.equal(total, 5);
  assert.deepEqual(debug.ask('stepformer/output', { start: 3, count: 1 }).chunks, [chunks[3]]);
  debug.ask('stepformer/travel', { traceLine: chunks[1].traceLine });
  assert.equal(debug.frames().find(({ name }) => name === 'main')?.line, 4);
  assert.equal(debug.evaluate('i', { frameId: debug.frames().find(({ name }) => name === 'main')?.id }), '1');
});
