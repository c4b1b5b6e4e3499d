/** Inlined functions are frames, stepped like calls in both directions; breakpoints stay in their function. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Driver, drive, file } from '../driver.ts';

const ALWAYS = 'static inline __attribute__((always_inline))';
const NESTED = file(
  'nested.c',
  `${ALWAYS} int twice(int n) {
  int sum = n;
  sum += n;
  return sum;
}

${ALWAYS} int more(int n) {
  int first = twice(n + 1);
  return first + twice(n);
}

int main(int argc, char **argv) {
  int total = 0;
  for (int i = 0; i < argc + 1; i++) {
    total += more(i);
  }
  return total;
}
`,
);

async function at(line: number, program = NESTED): Promise<Driver> {
  const driver = await drive(program);
  driver.breakpoints(line);
  driver.move('configurationDone');
  driver.breakpoints();
  return driver;
}

const stack = (driver: Driver) => driver.frames().map(({ name, line }) => `${name}:${line}`);

test('each inlined function is a frame with its locals, called from a line', async () => {
  const driver = await at(3);
  assert.deepEqual(stack(driver), ['twice:3', 'more:8', 'main:15']);
  assert.deepEqual(driver.scope('Locals', 0), { n: '1', sum: '1' });
  assert.equal(driver.scope('Locals', 1).n, '0');
  assert.equal(driver.scope('Locals', 2).i, '0');
  const [, more] = driver.frames();
  assert.equal(driver.evaluate('n', { frameId: more.id }), '0', 'a name means what it means in the frame');
  assert.equal(driver.evaluate('n'), '1');
});

test('out of inlined functions, over them, and the same back', async () => {
  const driver = await at(3);
  assert.equal(driver.go('stepOut'), 'step more:8');
  assert.equal(driver.go('next'), 'step more:9');
  assert.equal(driver.go('stepBack'), 'step more:8');
  assert.equal(driver.go('stepIn'), 'step twice:2');
  assert.equal(driver.go('stepOut'), 'step more:8');
  assert.equal(driver.go('stepOut'), 'step main:15');
  assert.equal(driver.go('next'), 'step main:14');
  assert.equal(driver.go('stepBack'), 'step main:15');
  assert.equal(driver.go('stepIn'), 'step more:8');
  assert.equal(driver.go('stepIn'), 'step twice:2');
  assert.equal(driver.go('stepformer/stepBackOut'), 'step more:8');
  assert.equal(driver.go('stepformer/stepBackOut'), 'step main:15');
  assert.equal(driver.go('next'), 'step main:14');
  assert.equal(driver.go('stepformer/stepBackIn'), 'step more:9');
  assert.equal(driver.go('stepformer/stepBackIn'), 'step twice:4');
});

test('the line of an inlined call is executed once, however often it is come back to', async () => {
  const driver = await drive(NESTED);
  driver.move('configurationDone');
  driver.breakpoints(8, 15);
  const forwards: string[] = [];
  while (driver.move('continue').reason === 'breakpoint') forwards.push(driver.where());
  assert.deepEqual(forwards, ['main:15', 'more:8', 'main:15', 'more:8']);
  const backwards: string[] = [];
  while (driver.move('reverseContinue').reason === 'breakpoint') backwards.unshift(driver.where());
  assert.deepEqual(backwards, forwards);
});

test('a call without arguments has a moment before it', async () => {
  const program = file(
    'bare.c',
    `int count;
${ALWAYS} void up(void) {
  count++;
}
int main(void) {
  up();
  up();
  return count;
}
`,
  );
  const driver = await drive(program);
  driver.move('configurationDone');
  assert.deepEqual(stack(driver), ['main:6']);
  assert.equal(driver.go('stepIn'), 'step up:3');
  assert.deepEqual(stack(driver), ['up:3', 'main:6']);
  assert.equal(driver.go('stepOut'), 'step main:7');
  assert.equal(driver.evaluate('count'), '1');
  assert.equal(driver.go('next'), 'step main:8');
  assert.equal(driver.go('stepBack'), 'step main:7');
  assert.equal(driver.go('stepBack'), 'step main:6');
  assert.equal(driver.evaluate('count'), '0');
});

test('a breakpoint on a function lies wherever it was inlined; restarting its frame leads to its entry', async () => {
  const driver = await drive(NESTED);
  driver.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'twice' }] });
  driver.move('configurationDone');
  assert.deepEqual(stack(driver), ['twice:2', 'more:8', 'main:15']);
  driver.move('continue');
  assert.deepEqual(stack(driver), ['twice:2', 'more:9', 'main:15']);
  driver.move('next');
  driver.move('next');
  assert.equal(driver.go('restartFrame', { frameId: driver.frames()[0].id }), 'restart twice:2');
  assert.equal(driver.go('restartFrame', { frameId: driver.frames()[1].id }), 'restart more:8');
});

test('a breakpoint slides within its function and not into the next', async () => {
  const program = file(
    'slide.c',
    `int one(int n) {

  return n;
}

// Two.
int two(int n) {
  return n;
}
int main(void) {
  return one(1) + two(2);
}
`,
  );
  const driver = await drive(program);
  const placed = driver.breakpoints(1, 2, 5, 6, 7, 13);
  assert.deepEqual(
    placed.map(({ verified, line }) => [verified, line]),
    [
      [true, 3],
      [true, 3],
      [false, 5],
      [false, 6],
      [true, 8],
      [false, 13],
    ],
  );
  assert.match(String(placed[2].message), /no code on this line, nor behind it in the same function/);
});

test('inlined calls are targets of step into', async () => {
  const driver = await at(9);
  const { targets } = driver.ask('stepInTargets', { frameId: driver.frames()[0].id });
  assert.deepEqual(
    targets.map(({ label, line }: { label: string; line: number }) => `${label} ${line}`),
    ['twice(n) 9'],
  );
  assert.equal(driver.go('stepIn', { targetId: targets[0].id }), 'step twice:2');
  const [, more] = driver.frames();
  assert.deepEqual(driver.ask('stepInTargets', { frameId: more.id }).targets, [], 'only the innermost frame goes on');
});
