/** What goes around the answers: events that say what is stale, modules, clients that spell and count otherwise. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { Framing } from '../../../debug-adapter/wire/framing.ts';
import { drive, file } from '../driver.ts';
import { type Message, Wire } from '../wire.ts';

const STORES = file(
  'stores.c',
  `#include <stdio.h>
int cells[4];
int many[1200];
int main(void) {
  cells[0] = 1;
  cells[1] = 2;
  fputs("\\xe2\\x82\\xac \\xe2\\x82", stdout);
  return cells[0] + many[3];
}
`,
);

test('motions of ours tell that the program goes on before they tell that it stopped, and end what clients hold', async () => {
  const debug = await drive(STORES, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('next');
  const { traceLine } = debug.ask('stepformer/position');
  const motions: [Parameters<typeof debug.move>[0], object][] = [
    ['stepformer/travel', { traceLine: traceLine - 3 }],
    ['stepformer/travel', { traceLine }],
    ['stepformer/stepBackIn', {}],
    ['stepformer/stepBackOut', {}],
  ];
  for (const [command, args] of motions) {
    const [{ id: frameId }] = debug.frames();
    const variablesReference = debug.reference('Locals');
    const seen = debug.events.length;
    debug.move(command, args);
    const told = debug.events.slice(seen).map(({ event }) => event);
    assert.ok(told.indexOf('continued') >= 0 && told.indexOf('continued') < told.indexOf('stopped'), command);
    assert.throws(() => debug.ask('scopes', { frameId }), /not a frame of this stop/, command);
    assert.throws(() => debug.ask('variables', { variablesReference }), /not of this stop/, command);
  }
});

test('a motion that goes on ends what clients hold when it begins', async () => {
  const debug = await drive(STORES, { stopOnEntry: true });
  debug.move('configurationDone');
  const [{ id: frameId }] = debug.frames();
  debug.ask('continue', {});
  assert.throws(() => debug.ask('scopes', { frameId }), /not a frame of this stop/);
});

test('steps of a token within a line invalidate variables, and others are motions', async () => {
  const debug = await drive(STORES, { stopOnEntry: true });
  debug.move('configurationDone');
  const told: string[] = [];
  for (let i = 0; i < 8; i++) {
    const seen = debug.events.length;
    debug.move('stepformer/stepToken', { direction: 'forward' });
    told.push(
      debug.events
        .slice(seen)
        .map(({ event }) => event)
        .filter((event) => /invalidated|continued|stopped/.test(event))
        .join(),
    );
  }
  assert.deepEqual([...new Set(told)].sort(), ['continued,stopped', 'invalidated']);
});

test('memory that a client has read and that is different at the next stop is told', async () => {
  const debug = await drive(STORES, { stopOnEntry: true });
  debug.move('configurationDone');
  const { memoryReference } = debug.ask('evaluate', { expression: 'cells', context: 'watch' });
  debug.ask('readMemory', { memoryReference, count: 4 });
  debug.ask('readMemory', { memoryReference, offset: 4, count: 4 });
  const told = (command: 'next' | 'stepBack') => {
    const seen = debug.events.length;
    debug.move(command);
    return debug.events.slice(seen).flatMap(({ event, body }) => (event === 'memory' ? [body] : []));
  };
  assert.deepEqual(told('next'), [{ memoryReference, offset: 0, count: 4 }]);
  assert.deepEqual(told('next'), [{ memoryReference, offset: 4, count: 4 }]);
  assert.deepEqual(told('stepBack'), [{ memoryReference, offset: 4, count: 4 }]);
});

test('the program is one module, which every frame is in', async () => {
  const debug = await drive(STORES, { stopOnEntry: true });
  debug.move('configurationDone');
  const { modules, totalModules } = debug.ask('modules', {});
  const [{ id, name, path }] = modules;
  assert.deepEqual([totalModules, name, path], [1, 'stores.c', STORES]);
  assert.equal(debug.frames()[0].moduleId, id);
  assert.deepEqual(debug.ask('modules', { startModule: 1, moduleCount: 5 }), { modules: [], totalModules: 1 });
});

test('a scope with very many variables is expensive, others are not', async () => {
  const declared = Array.from({ length: 1100 }, (_, i) => `int g${i};`).join('\n');
  const sum = Array.from({ length: 1100 }, (_, i) => `g${i}`).join(' + ');
  const debug = await drive(file('globals.c', `${declared}\nint main(void) { return ${sum}; }\n`), {
    stopOnEntry: true,
  });
  debug.move('configurationDone');
  const { scopes } = debug.ask('scopes', { frameId: debug.frames()[0].id });
  const expensive = scopes.filter((scope: { expensive: boolean }) => scope.expensive);
  assert.deepEqual(
    expensive.map(({ name }: { name: string }) => name),
    ['Globals'],
  );
});

test('output that ends within a character is shown', async () => {
  const debug = await drive(STORES);
  debug.move('configurationDone');
  debug.move('continue');
  assert.equal(debug.output(), '€ \ufffd');
});

test('header fields in any case, with others beside them, in pieces', async () => {
  const framing = new Framing();
  const out = framing.pipe(new PassThrough());
  const bodies = ['{"seq":1}', '{"seq":2,"text":"é"}', '{"seq":3}'];
  const [first, second, third] = bodies.map((text) => [Buffer.byteLength(text), text] as const);
  const sent = Buffer.from(
    `content-length: ${first[0]}\r\n\r\n${first[1]}` +
      `Content-Type: application/json\r\nCONTENT-LENGTH:${second[0]}\r\n\r\n${second[1]}` +
      `X: y\r\n\r\nContent-Length: ${third[0]}\r\n\r\n${third[1]}`,
  );
  for (const byte of sent) framing.write(Buffer.of(byte));
  framing.end();
  let received = '';
  for await (const part of out) received += part.toString('latin1');
  const expected = bodies.map((text) => `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`).join('');
  assert.equal(Buffer.from(received, 'latin1').toString(), expected);
});

test('initialize and configurationDone come once; events that a client does not know stay away', async () => {
  const wire = new Wire();
  await wire.ok('initialize', { adapterID: 'stepformer', linesStartAt1: false, columnsStartAt1: false });
  const again = await wire.request('initialize', { adapterID: 'stepformer' });
  assert.match(again.message, /initialize comes once/);
  await wire.ok('launch', { program: STORES, stopOnEntry: true });
  const stopped = wire.event('stopped');
  await wire.ok('configurationDone');
  await stopped;
  assert.match((await wire.request('configurationDone')).message, /configurationDone comes once/);
  const { stackFrames } = await wire.ok('stackTrace', { threadId: 1 });
  assert.equal(stackFrames[0].line, 4, 'the second initialize has changed nothing');
  const { targets } = await wire.ok('completions', { text: 'ce', column: 2 });
  assert.deepEqual(
    targets.filter(({ label }: Message) => label === 'cells').map(({ start, length }: Message) => [start, length]),
    [[0, 2]],
    'columns from 0',
  );
  const { memoryReference } = await wire.ok('evaluate', { expression: 'cells', context: 'watch' });
  await wire.ok('readMemory', { memoryReference, count: 4 });
  await wire.move('next');
  await wire.ok('disconnect');
  await wire.exited;
  assert.ok(!wire.messages.some(({ event }: Message) => event === 'memory'));
});

test('a call that goes on is cancelled by its request, and pause answers while it does', async () => {
  const text =
    'int spin(int n) { for (volatile int i = 0;; i++) n++; return n; }\nint main(int argc, char **argv) {\n  return argc > 9 ? spin(1) : 0;\n}\n';
  const wire = new Wire();
  await wire.launch({ program: file('spinning.c', text), stopOnEntry: true, maxCallTokens: 60_000_000 });
  const requestId = wire.send('evaluate', { expression: 'spin(1)', context: 'watch' });
  assert.equal(
    (await wire.ok('evaluate', { expression: 'argc', context: 'watch' })).result,
    '1',
    'others are answered',
  );
  await wire.ok('cancel', { requestId });
  const answer = await wire.find(({ type, request_seq }) => type === 'response' && request_seq === requestId);
  assert.deepEqual([answer.success, answer.message], [false, 'cancelled']);
  const another = wire.request('evaluate', { expression: 'spin(1)', context: 'repl' });
  await wire.ok('pause', { threadId: 1 });
  assert.match((await another).message, /the call was stopped/);
  assert.equal(await wire.where(), 'main:3');
  await wire.end();
});
