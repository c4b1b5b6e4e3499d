/** Recordings and branches of programs whose input is asked for: what was typed stays, and more can be asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, file, launched, reopen } from '../driver.ts';

const READER = file(
  'asked.c',
  `#include <stdio.h>
int main(void) {
  int first = getchar();
  printf("%d\\n", first);
  int second = getchar();
  printf("%d\\n", second);
  return 0;
}
`,
);

/** Waits at the second read: one byte was typed. */
async function halfway(): Promise<Driver> {
  const debug = new Driver(READER, await launched(READER), { stdin: { ask: true }, stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  debug.move('stepformer/input', { text: 'a' });
  debug.move('pause', { threadId: 1 });
  assert.equal(debug.output(), '97\n');
  return debug;
}

function saved(debug: Driver, name: string): string {
  const path = file(name, '');
  debug.ask('stepformer/saveRecording', { path });
  return path;
}

const asked = (debug: Driver) => debug.events.filter(({ event }) => event === 'stepformer/inputNeeded').length;

test('a recording goes on asking where it was saved', async () => {
  const debug = await halfway();
  const opened = await reopen(saved(debug, 'asked.stepformer'));
  opened.move('configurationDone');
  assert.deepEqual(opened.state(), debug.state());
  opened.move('continue');
  assert.equal(asked(opened), 1);
  assert.equal(opened.move('stepformer/input', { text: 'b' }).reason, 'end');
  assert.equal(opened.output(), '97\n98\n');
});

test('a branch keeps what was typed before it, and asks for the rest', async () => {
  const debug = await halfway();
  while (!debug.where().endsWith('main:4')) debug.move('stepBack');
  debug.ask('setExpression', { expression: 'first', value: '7', frameId: debug.frames()[0].id });
  debug.move('continue');
  assert.equal(debug.move('stepformer/input', { text: 'z' }).reason, 'end');
  assert.deepEqual(
    debug.ask('stepformer/output').chunks.map(({ text }: { text: string }) => text),
    ['7\n', '122\n'],
  );
});
