/** Travel in time: hits numbered from here, back to a line, to moments, home; and that steps back undo steps. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../fuzz/random.ts';
import { Driver, drive, file, launched } from '../driver.ts';

const LOOP = file(
  'loop.c',
  `static int square(int n) {
  return n * n;
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 10; i++) {
    sum += square(i);
  }
  return sum;
}
`,
);

async function stopped(path: string): Promise<Driver> {
  const driver = await drive(path);
  driver.move('configurationDone');
  return driver;
}

test('a hit count of +3 is the third from here, in either direction', async () => {
  const driver = await stopped(LOOP);
  driver.breakpoints({ line: 7, hitCondition: '+3' });
  const i = () => driver.scope('Locals').i;
  assert.equal(driver.go('continue'), 'breakpoint main:7');
  assert.equal(i(), '2');
  driver.move('continue');
  assert.equal(i(), '5');
  driver.move('reverseContinue');
  assert.equal(i(), '2', 'the third before it');
  driver.move('continue');
  driver.move('next');
  driver.move('reverseContinue');
  assert.equal(i(), '3', 'where one came from counts when one has left it');
  assert.equal(driver.breakpoints({ line: 7, hitCondition: '+0' })[0].verified, false);
});

test('back to the cursor stops at the last execution of a line, or at a breakpoint before', async () => {
  const driver = await stopped(LOOP);
  driver.breakpoints(9);
  driver.move('continue');
  const seen = driver.events.length;
  assert.equal(driver.go('stepformer/reverseToCursor', { path: LOOP, line: 2 }), 'step square:2');
  assert.equal(driver.evaluate('n'), '9');
  assert.deepEqual(
    driver.events.slice(seen).flatMap(({ event }) => (/continued|stopped/.test(event) ? [event] : [])),
    ['continued', 'stopped'],
  );
  driver.breakpoints({ line: 7, condition: 'i == 4' });
  assert.equal(driver.go('stepformer/reverseToCursor', { path: LOOP, line: 5 }), 'breakpoint main:7');
  assert.equal(driver.go('stepformer/reverseToCursor', { path: LOOP, line: 9 }), 'entry main:5', 'never before');
  assert.throws(() => driver.ask('stepformer/reverseToCursor', { path: LOOP, line: 40 }), /no code on this line/);
});

test('travel to trace lines, and what is not there yet', async () => {
  const driver = await stopped(LOOP);
  const home = driver.ask('stepformer/position').traceLine;
  driver.breakpoints(2);
  driver.move('continue');
  const { traceLine } = driver.ask('stepformer/position');
  assert.equal(driver.go('stepformer/travel', { traceLine: home }), 'goto main:5');
  assert.equal(driver.go('stepformer/travel', { traceLine }), 'goto square:2');
  assert.throws(() => driver.ask('stepformer/travel', { traceLine: traceLine + 1 }), /has not been reached/);
});

test('home is the first line of the program that was executed: of a constructor', async () => {
  const path = file(
    'constructor.c',
    `int ready;
__attribute__((constructor)) static void prepare(void) {
  ready = 1;
}
int main(void) {
  return ready - 1;
}
`,
  );
  const driver = await stopped(path);
  assert.equal(driver.where(), 'prepare:3');
  driver.breakpoints(6);
  driver.move('continue');
  driver.breakpoints();
  assert.equal(driver.go('reverseContinue'), 'entry prepare:3');
});

const RANDOM = file(
  'steps.c',
  `#include <stdlib.h>
static inline __attribute__((always_inline)) int twice(int n) { return n + n; }
static int weigh(const void *a, const void *b) {
  return *(const int *)a - *(const int *)b;
}
static int depth(int n) {
  if (n <= 0) return 1;
  int left = depth(n - 1), right = n & 1 ? depth(n - 2) : twice(n);
  return left + right;
}
static int pick(int n) {
  switch (n % 3) {
    case 0: return twice(n);
    case 1: return depth(n / 2);
    default: return n;
  }
}
int main(void) {
  int numbers[] = { 3, 1, 2 };
  int sum = 0;
  for (int i = 0; i < 6; i++) {
    sum += pick(i) + twice(pick(i + 1));
    if (sum & 1) continue;
    sum ^= depth(3);
  }
  qsort(numbers, 3, sizeof *numbers, weigh);
  return sum + numbers[0];
}
`,
);

/** A driver that has run to the end, and where it can stand. */
async function ended(optimize: 'O0' | 'O1' | 'O2') {
  const driver = new Driver(RANDOM, await launched(RANDOM, [], '', optimize), { optimize });
  driver.move('configurationDone');
  driver.move('continue');
  const here = (): number => driver.ask('stepformer/position').traceLine;
  return { driver, here, last: here() };
}

for (const optimize of ['O0', 'O1', 'O2'] as const) {
  test(`${optimize}: a step back is the exact reverse of its step`, async () => {
    const { driver, here, last } = await ended(optimize);
    const random = new Random(7);
    const depth = () => driver.frames().length;
    const undone = { over: 0, in: 0, into: 0, returned: 0 };
    for (let n = 0; n < 150; n++) {
      const granularity = ['line', 'statement', 'instruction'][n % 3];
      driver.move('stepformer/travel', { traceLine: random.below(last) });
      const before = depth();
      // Where a step over leads within a call, a visit begins: only there is what follows undone exactly.
      if (driver.move('next', { granularity }).reason !== 'step' || depth() !== before) continue;
      const start = here();
      if (driver.move('next', { granularity }).reason === 'step' && depth() === before) {
        driver.move('stepBack', { granularity });
        assert.equal(here(), start, `${granularity}: over and back`);
        undone.over++;
      }
      driver.move('stepformer/travel', { traceLine: start });
      if (driver.move('stepIn', { granularity }).reason !== 'step') continue;
      const [entered, deeper] = [here(), depth() - before];
      driver.move('stepformer/stepBackIn', { granularity });
      assert.equal(here(), start, `${granularity}: in to ${entered} and back`);
      undone[deeper > 0 ? 'into' : deeper < 0 ? 'returned' : 'in']++;
      // To instructions an inlined call is none.
      if (deeper <= 0 || granularity === 'instruction') continue;
      driver.move('stepformer/travel', { traceLine: entered });
      driver.move('stepformer/stepBackOut', { granularity });
      assert.equal(here(), start, `${granularity}: into a call at ${entered} and back out`);
    }
    assert.ok(undone.over > 30 && undone.in > 20 && undone.into > 2 && undone.returned > 2, JSON.stringify(undone));
  });
}
