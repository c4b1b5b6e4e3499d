/** A recording that grows past its memory says so, stops, and goes on when it is told to. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const COUNTS = file(
  'counts.c',
  `int main(void) {
  volatile int i = 0;
  while (i < 120000)
    i++;
  return 0;
}
`,
);

test('beyond maxMemory the run stops and says so; continue goes on for as much again', async () => {
  const debug = await drive(COUNTS, { stopOnEntry: true, maxMemory: 12 });
  debug.move('configurationDone');
  const stop = debug.move('continue');
  assert.deepEqual([stop.reason, stop.description], ['exception', 'Out of memory']);
  assert.match(stop.text ?? '', /^The recording takes \d+ MB, more than maxMemory allows \(12\)\. Continue goes on/);
  assert.equal(debug.ask('exceptionInfo', { threadId: 1 }).exceptionId, 'memory');
  const { recording } = debug.session;
  const before = recording.lines;
  assert.equal(debug.move('reverseContinue').reason, 'entry', 'all of it is there to be looked at');
  assert.equal(debug.move('continue').description, 'Out of memory');
  debug.move('continue');
  assert.ok(recording.lines > before);
  const unbound = await drive(COUNTS, { stopOnEntry: false });
  assert.equal(unbound.move('configurationDone').reason, 'end');
});
