/** What a client is told when a program exits, when a session is over, and when a launch fails; two clients at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file } from '../driver.ts';
import { Wire } from '../wire.ts';

const ONE = file('one.c', '#include <stdio.h>\nint main(void) {\n  puts("one");\n  return 1;\n}\n');
const BROKEN = file('unfinished.c', 'int main(void) {\n  return x\n}\n');

/** Names of the events that say that something is over, in order. */
const over = (wire: Wire) =>
  wire.messages
    .filter(({ type, event }) => type === 'event' && ['exited', 'terminated'].includes(event))
    .map(({ event, body }) => (event === 'exited' ? `exited ${body.exitCode}` : event));

test('without being asked to tell it earlier, the adapter tells of the exit just before the session is over', async () => {
  const wire = new Wire();
  await wire.launch({ program: ONE, stopOnEntry: true });
  assert.equal((await wire.move('continue')).reason, 'end');
  assert.deepEqual(over(wire), []);
  await wire.ok('terminate');
  await wire.event('terminated');
  assert.deepEqual(over(wire), ['exited 1', 'terminated']);
  assert.equal(await wire.end(), 0);
});

test('the exit is told once a session, restarts and journeys back included', async () => {
  const wire = new Wire();
  const launch = { program: ONE, stopOnEntry: true, exitedAtEnd: true };
  await wire.launch(launch);
  await wire.move('continue');
  assert.deepEqual(over(wire), ['exited 1']);
  await wire.move('stepBack');
  await wire.move('continue');
  const seen = wire.messages.length;
  await wire.ok('restart', { arguments: launch });
  await wire.event('stopped', seen);
  await wire.move('continue');
  await wire.ok('terminate');
  await wire.event('terminated');
  assert.deepEqual(over(wire), ['exited 1', 'terminated']);
  assert.equal(await wire.end(), 0);
});

test('a client that shows failures by itself is not asked to show them', async () => {
  const wire = new Wire();
  await wire.ok('initialize', { adapterID: 'stepformer' });
  for (const showsFailures of [false, true]) {
    const response = await wire.request('launch', { program: BROKEN, showsFailures });
    assert.match(response.message, /unfinished\.c:2:/);
    assert.equal(response.body.error.showUser, !showsFailures);
  }
  assert.equal(await wire.end(), 0);
});
