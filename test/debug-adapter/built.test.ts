/** The adapter as it is shipped, on the model itself: nothing but protocol on standard output, from start to end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Wire } from './wire.ts';

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const ADD = path('examples/add.c');

for (const launch of [{}, { engine: 'reference' }]) {
  test(`a session inside the transformer, ${JSON.stringify(launch)}`, async () => {
    const wire = new Wire({}, [path('dist/adapter.js')]);
    await wire.launch({ program: ADD, stopOnEntry: true, ...launch });
    const start = await wire.where();
    assert.match(start, /^main:\d+$/);
    const [frame] = (await wire.ok('stackTrace', { threadId: 1 })).stackFrames;
    const { scopes } = await wire.ok('scopes', { frameId: frame.id });
    assert.deepEqual(
      scopes.map(({ name }: { name: string }) => name),
      ['Locals', 'Globals', 'Operand Stack', 'Wasm Locals', 'Attention'],
    );
    const { variables } = await wire.ok('variables', { variablesReference: scopes[4].variablesReference });
    assert.ok(variables.length > 5, 'heads at work');
    for (const { name, value } of variables.slice(0, -1)) {
      assert.match(name, /^L\d+·H\d+ \w/);
      assert.match(value, /^(token [\d,]+ "|all [\d,]+ tokens).* -> /);
    }
    await wire.move('next');
    assert.notEqual(await wire.where(), start);
    await wire.move('stepBack');
    assert.equal(await wire.where(), start);
    const end = await wire.move('continue');
    assert.equal(end.reason, 'end');
    const outputs = wire.messages.filter(({ event, body }) => event === 'output' && body.category === 'stdout');
    assert.match(outputs.map(({ body }) => body.output).join(''), /8/);
    assert.equal(await wire.end(), 0);
    assert.equal(wire.leftover, '', 'every byte was protocol');
  });
}

test('attention beyond what it is exact for is refused, naming the limit, and the adapter lives', async () => {
  const wire = new Wire({}, [path('dist/adapter.js')]);
  await wire.ok('initialize', { pathFormat: 'path' });
  const refused = await wire.request('launch', { program: ADD, attention: 'standard', engine: 'kernel' });
  assert.match(refused.message, /attention needs the engine/);
  await wire.ok('launch', { program: ADD, noDebug: true });
  await wire.ok('configurationDone');
  assert.equal((await wire.event('exited')).exitCode, 0);
  assert.equal(await wire.end(), 0);
  assert.equal(wire.leftover, '');
});
