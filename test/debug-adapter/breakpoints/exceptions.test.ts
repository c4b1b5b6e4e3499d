/** How programs end, and which of it is told as an exception. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capabilities } from '../../../debug-adapter/protocol/capabilities.ts';
import { type Driver, drive, file } from '../driver.ts';

/** `argument` decides how it ends; the standard input is its first character. */
const ENDS = file(
  'ends.c',
  `#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
static int divide(int a, int b) {
  return a / b;
}
int main(void) {
  int how = getchar();
  printf("before\\n");
  if (how == 'a')
    abort();
  if (how == 't')
    return divide(7, how - 't');
  assert(how != 'f');
  if (how == 'e')
    exit(3);
  return how == 'r';
}
`,
);

async function ended(stdin: string, filters?: object): Promise<{ debug: Driver; stop: ReturnType<Driver['move']> }> {
  const debug = await drive(ENDS, { stdin });
  if (filters) debug.ask('setExceptionBreakpoints', filters);
  debug.move('configurationDone');
  return { debug, stop: debug.move('continue') };
}

test('traps, abort and failed assertions are exceptions with a name, a text and a C stack', async () => {
  const cases = [
    ['t', 'integer divide by zero', 'Trapped', /^Trap: integer divide by zero\.$/, /^at divide \(ends.c:5\)\nat main/],
    ['a', 'abort', 'Aborted', /^The program called abort\(\)\.$/, /^at main \(ends.c:11\)$/],
    ['f', 'assert', 'Assertion failed', /ends\.c:14: main: assertion failed: how != 'f'\.$/, /^at main \(ends.c:14\)$/],
  ] as const;
  for (const [stdin, id, title, text, stack] of cases) {
    const { debug, stop } = await ended(stdin);
    assert.deepEqual([stop.reason, stop.description], ['exception', title]);
    assert.match(stop.text ?? '', text);
    const info = debug.ask('exceptionInfo', { threadId: 1 });
    assert.equal(info.exceptionId, id);
    assert.match(info.details.message, text);
    assert.match(info.details.stackTrace, stack);
    assert.ok(
      debug.events.some(({ body }) => body?.category === 'important' && text.test(body.output.split(' Step')[0])),
    );
    debug.move('reverseContinue');
    assert.throws(() => debug.ask('exceptionInfo', { threadId: 1 }), /not stopped at an exception/);
    assert.deepEqual(debug.move('continue').reason, 'exception', 'and again');
  }
});

test('a filter that is off leaves an end like any other; exit codes are asked for', async () => {
  assert.equal((await ended('e')).stop.reason, 'end', 'exit codes are no exceptions unless they are asked for');
  const { stop } = await ended('t', { filters: ['exit', 'abort'] });
  assert.deepEqual([stop.reason, stop.text], ['end', 'Trap: integer divide by zero.']);
  const exit = { filters: ['exit'] };
  const { debug, stop: left } = await ended('e', exit);
  assert.deepEqual([left.reason, left.description], ['exception', 'Exited']);
  assert.equal(debug.ask('exceptionInfo', { threadId: 1 }).exceptionId, 'exit code 3');
  assert.equal((await ended('r', exit)).stop.reason, 'exception', 'main returned 1');
  assert.equal((await ended('x', exit)).stop.reason, 'end', 'main returned 0');
});

test('conditions choose among the exceptions of a filter', async () => {
  const cases = [
    ['t', 'trap', 'unreachable, integer divide by zero', 'exception'],
    ['t', 'trap', 'out of bounds memory access', 'end'],
    ['f', 'abort', 'how !=', 'exception'],
    ['f', 'abort', 'something else', 'end'],
    ['e', 'exit', '3', 'exception'],
    ['e', 'exit', '!= 3', 'end'],
    ['e', 'exit', '> 2', 'exception'],
    ['e', 'exit', '<= 2', 'end'],
  ];
  for (const [stdin, filterId, condition, reason] of cases) {
    const { stop } = await ended(stdin, { filterOptions: [{ filterId, condition }] });
    assert.equal(stop.reason, reason, `${filterId} ${condition}`);
  }
});

test('filters and conditions that mean nothing come back unverified, with a message', async () => {
  const debug = await drive(ENDS, { stdin: 'x' });
  const { breakpoints } = debug.ask('setExceptionBreakpoints', {
    filters: ['trap', 'cpp'],
    filterOptions: [
      { filterId: 'exit', condition: 'often' },
      { filterId: 'trap', condition: 'sigsegv' },
      { filterId: 'abort', condition: '' },
    ],
  });
  assert.deepEqual(
    breakpoints.map(({ verified }: { verified: boolean }) => verified),
    [true, false, false, false, true],
  );
  for (const index of [1, 2, 3]) assert.ok(breakpoints[index].message);
  const declared = (capabilities.exceptionBreakpointFilters ?? []).map(({ filter }) => filter);
  assert.ok(
    debug
      .ask('setExceptionBreakpoints', { filters: declared })
      .breakpoints.every((one: { verified: boolean }) => one.verified),
  );
});
