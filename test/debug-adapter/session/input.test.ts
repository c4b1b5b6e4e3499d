/** Standard input that is asked for: the program waits, goes on with what is given, and remembers it in both directions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, file, launched } from '../driver.ts';

const READER = file(
  'reader.c',
  `#include <stdio.h>
int main(void) {
  int sum = 0, c;
  while ((c = getchar()) != EOF) {
    sum += c;
    printf("%c", c);
  }
  return sum;
}
`,
);
/** Reads its input to the end, and prints it. */
async function waiting(options: object = {}): Promise<Driver> {
  const debug = new Driver(READER, await launched(READER), { stdin: { ask: true }, stopOnEntry: true, ...options });
  debug.move('configurationDone');
  debug.move('continue');
  return debug;
}
const asked = (debug: Driver) => debug.events.filter(({ event }) => event === 'stepformer/inputNeeded').length;

test('the program waits at its first read, and goes on with what is given until it ends', async () => {
  const debug = await waiting();
  assert.deepEqual([asked(debug), debug.output(), debug.session.busy], [1, '', false]);
  debug.move('stepformer/input', { text: 'ab\n' });
  assert.deepEqual([asked(debug), debug.output()], [2, 'ab\n']);
  const end = debug.move('stepformer/input', { text: 'c', end: true });
  assert.equal(end.reason, 'end');
  assert.match(end.text ?? '', new RegExp(`exit code ${97 + 98 + 10 + 99}`));
  assert.equal(debug.output(), 'ab\nc');
  assert.throws(() => debug.ask('stepformer/input', { text: 'x' }), /does not wait for input/);
});

test('a pause ends the waiting, and the next motion asks again', async () => {
  const debug = await waiting();
  debug.ask('pause', { threadId: 1 });
  assert.equal(debug.session.busy, true);
  debug.session.work(8);
  assert.equal(debug.events.findLast(({ event }) => event === 'stopped')?.body.reason, 'pause');
  assert.match(
    debug
      .frames()
      .map(({ name }) => name)
      .join(),
    /main/,
  );
  debug.move('next');
  assert.equal(asked(debug), 2);
  assert.throws(() => debug.ask('stepformer/input', { text: '' }), /no input/);
  debug.move('stepformer/input', { text: 'z', end: true });
  debug.move('continue');
  assert.equal(debug.output(), 'z');
});

test('back over what was typed and forwards again: the same states, and nothing is asked', async () => {
  const debug = await waiting();
  debug.breakpoints(5);
  debug.move('stepformer/input', { text: 'xy', end: true });
  const states = [debug.state()];
  for (let i = 0; i < 3; i++) {
    debug.move('next');
    states.push(debug.state());
  }
  const count = asked(debug);
  for (const state of states.slice(0, -1).reverse()) {
    debug.move('stepBack');
    assert.deepEqual(debug.state(), state);
  }
  for (const state of states.slice(1)) {
    debug.move('next');
    assert.deepEqual(debug.state(), state);
  }
  assert.equal(asked(debug), count);
  assert.equal(debug.move('continue').reason, 'end');
});

test('a read that waited is one step of an instruction, in both directions', async () => {
  const debug = await waiting();
  debug.move('pause', { threadId: 1 });
  const step = (command: 'next' | 'stepBack') => {
    debug.move(command, { threadId: 1, granularity: 'instruction' });
    return Number(debug.frames()[0].instructionPointerReference);
  };
  const read = Number(debug.frames()[0].instructionPointerReference);
  debug.ask('next', { threadId: 1, granularity: 'instruction' });
  debug.session.work(8);
  assert.equal(asked(debug), 2);
  debug.move('stepformer/input', { text: 'ab', end: true });
  assert.equal(Number(debug.frames()[0].instructionPointerReference), read + 1);
  const behind = debug.ask('stepformer/position').traceLine;
  const back = [step('stepBack'), step('stepBack')];
  assert.equal(back[0], read);
  assert.notEqual(back[1], read);
  assert.deepEqual([step('next'), step('next')], [read, read + 1]);
  // From any of its lines.
  for (let line = behind - 1; debug.session.recording.cursorOf(line) === read; line--) {
    debug.move('stepformer/travel', { traceLine: line });
    assert.equal(step('stepBack'), back[1], `back from line ${line}`);
    debug.move('stepformer/travel', { traceLine: line });
    assert.equal(step('next'), read + 1, `on from line ${line}`);
  }
});

test('a branch asks for input too', async () => {
  const debug = await waiting();
  debug.breakpoints(5);
  debug.move('stepformer/input', { text: 'ab' });
  debug.ask('setVariable', { name: 'c', value: '90', variablesReference: debug.reference('Locals') });
  debug.breakpoints();
  const count = asked(debug);
  debug.move('continue');
  assert.equal(asked(debug), count + 1);
  assert.equal(debug.move('stepformer/input', { text: 'c', end: true }).reason, 'end');
  assert.deepEqual(
    debug
      .ask('stepformer/output')
      .chunks.map(({ text }: { text: string }) => text)
      .join(''),
    'Zbc',
  );
});
