/** The adapter as a program, over stdio: whole conversations, bad input, and how it ends. */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { Listening } from '../../debug-adapter/wire/server.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { PATIENCE } from '../patience.ts';
import { file, launched } from './driver.ts';
import { adapterPath, Wire } from './wire.ts';

const COUNT = file(
  'count.c',
  `#include <stdio.h>
int squares(int n) {
  int sum = 0;
  for (int i = 1; i <= n; i++)
    sum += i * i;
  return sum;
}
int main(void) {
  int result = squares(3);
  printf("%d\\n", result);
  return 0;
}
`,
);
const ENDLESS = file('endless.c', 'int main(void) {\n  volatile int i = 0;\n  for (;;)\n    i++;\n}\n');

let client: DebugClient;
before(async () => {
  client = new DebugClient('node', '', 'stepformer', { stdio: 'pipe' });
  // The client starts `node <program>`: the loader of TypeScript comes first.
  Object.assign(client, { _executable: adapterPath, _runtime: process.execPath });
  process.env.NODE_OPTIONS = '--import tsx';
  client.defaultTimeout = PATIENCE;
  await client.start();
  delete process.env.NODE_OPTIONS;
});
after(() => client.stop());

test('the usual client: launch, breakpoint, step, output, end', async () => {
  await Promise.all([
    client.configurationSequence(),
    client.launch({ program: COUNT, stopOnEntry: true }),
    client.assertStoppedLocation('entry', { path: COUNT, line: 9 }),
  ]);
  const set = await client.setBreakpointsRequest({ source: { path: COUNT }, breakpoints: [{ line: 5 }] });
  assert.equal(set.body.breakpoints[0].verified, true);
  await Promise.all([
    client.continueRequest({ threadId: 1 }),
    client.assertStoppedLocation('breakpoint', { path: COUNT, line: 5 }),
  ]);
  await Promise.all([client.nextRequest({ threadId: 1 }), client.assertStoppedLocation('step', { line: 4 })]);
  await Promise.all([client.stepBackRequest({ threadId: 1 }), client.assertStoppedLocation('breakpoint', { line: 5 })]);
  const frames = await client.stackTraceRequest({ threadId: 1 });
  assert.deepEqual(
    frames.body.stackFrames.map(({ name, line }) => `${name}:${line}`),
    ['squares:5', 'main:9'],
  );
  const value = await client.evaluateRequest({ expression: 'i + n', frameId: frames.body.stackFrames[0].id });
  assert.equal(value.body.result, '4');
  await client.setBreakpointsRequest({ source: { path: COUNT }, breakpoints: [] });
  await Promise.all([
    client.continueRequest({ threadId: 1 }),
    client.assertOutput('stdout', '14\n'),
    client.waitForEvent('stopped'),
  ]);
  await Promise.all([
    client.reverseContinueRequest({ threadId: 1 }),
    client.assertStoppedLocation('entry', { line: 9 }),
  ]);
});

test('requests that cannot be understood get error responses, and the adapter lives', async () => {
  const wire = new Wire();
  assert.match((await wire.request('stackTrace', { threadId: 1 })).message, /no program is launched/);
  await wire.launch({ program: COUNT });
  const bad: [unknown, unknown, RegExp][] = [
    ['noSuchRequest', {}, /noSuchRequest/],
    [undefined, {}, /command/],
    [7, {}, /command/],
    ['stackTrace', 'text', /must be an object/],
    ['stackTrace', { threadId: 'one' }, /threadId/],
    ['stackTrace', { threadId: 1, startFrame: -1 }, /startFrame/],
    ['stackTrace', { threadId: 1, levels: 1e300 }, /levels/],
    ['scopes', {}, /frameId.*missing/],
    ['scopes', { frameId: 999_999 }, /999999/],
    ['variables', { variablesReference: 0 }, /variablesReference/],
    ['variables', { variablesReference: 123_456 }, /123456/],
    ['setBreakpoints', {}, /source/],
    ['setBreakpoints', { source: { path: COUNT }, breakpoints: [{ line: 'five' }] }, /line/],
    ['setBreakpoints', { source: { path: COUNT }, breakpoints: [null] }, /breakpoints\[0\]/],
    ['setFunctionBreakpoints', { breakpoints: [{}] }, /name/],
    ['evaluate', { expression: '1 +' }, /./],
    ['evaluate', { expression: 5 }, /expression/],
    ['evaluate', { expression: '('.repeat(100_000) }, /./],
    ['readMemory', { memoryReference: 'here', count: 4 }, /here/],
    ['readMemory', { memoryReference: '0x10', count: -4 }, /count/],
    ['disassemble', { memoryReference: '1', instructionCount: 1e12 }, /instructionCount/],
    ['disassemble', { memoryReference: '{}', instructionCount: 1 }, /\{\}/],
    ['source', { source: { path: '/etc/passwd' }, sourceReference: 0 }, /neither a page/],
    ['attach', {}, /already/],
    ['launch', { program: COUNT }, /already/],
    ['next', { threadId: 1, granularity: 'huge' }, /granularity/],
    ['stepformer/travel', { token: 1e15 }, /no token/],
    ['stepformer/tracePage', {}, /page/],
    ['exceptionInfo', { threadId: 1 }, /not stopped at an exception/],
  ];
  for (const [command, args, pattern] of bad) {
    const response = await wire.request(command, args);
    assert.equal(response.success, false, String(command));
    assert.match(response.message, pattern);
  }
  for (const text of ['{', 'null', '[]', '"text"', '{"type":"request"}', '{"type":"nothing"}', '{}']) wire.raw(text);
  assert.equal((await wire.ok('threads')).threads.length, 1);
  assert.equal(await wire.where(), 'main:9');
  assert.equal(await wire.end(), 0);
  assert.equal(wire.leftover, '');
});

test('launch configurations that make no sense are answered with what is wrong', async () => {
  const cases: [object, RegExp][] = [
    [{}, /program/],
    [{ program: 5 }, /program/],
    [{ program: [] }, /program/],
    [{ program: '/no/such/file.c' }, /no such file/],
    [{ program: COUNT, optimize: 'O9' }, /optimize/],
    [{ program: COUNT, args: 'one' }, /args/],
    [{ program: COUNT, args: ['one'] }, /takes no arguments/],
    [{ program: COUNT, maxTokens: 0 }, /maxTokens/],
    [{ program: COUNT, stdinFile: '/no/such' }, /standard input/],
    [{ program: file('notes.txt', 'x') }, /\.cxx, \.wat or \.wasm/],
    [{ program: file('empty.c', '') }, /./],
  ];
  const wire = new Wire();
  await wire.ok('initialize', { pathFormat: 'path' });
  for (const [launch, pattern] of cases) {
    const response = await wire.request('launch', launch);
    assert.equal(response.success, false, JSON.stringify(launch));
    assert.match(response.message, pattern);
  }
  const seen = wire.messages.length;
  const broken = file('broken.c', 'int main(void) {\n  return x\n}\n');
  const response = await wire.request('launch', { program: broken });
  assert.match(response.message, /broken\.c:2:/);
  assert.equal(response.body.error.showUser, true);
  const { diagnostics } = await wire.event('stepformer/diagnostics', seen);
  assert.deepEqual([diagnostics[0].file, diagnostics[0].line, diagnostics[0].severity], [broken, 2, 'error']);
  await wire.ok('launch', { program: COUNT });
  assert.equal(await wire.end(), 0);
  assert.equal(wire.leftover, '');
});

test('pause is answered while an endless program runs, and so is everything else', async () => {
  const wire = new Wire();
  await wire.launch({ program: ENDLESS }, {}, { supportsProgressReporting: true });
  await wire.ok('continue', { threadId: 1 });
  await wire.event('stepformer/status');
  assert.equal((await wire.ok('threads')).threads[0].name, 'transformer');
  assert.match((await wire.request('next', { threadId: 1 })).message, /pause it first/);
  const [bp] = (
    await wire.ok('setBreakpoints', { source: { path: ENDLESS }, breakpoints: [{ line: 4, condition: 'i < 0' }] })
  ).breakpoints;
  assert.equal(bp.verified, true);
  assert.ok((await wire.ok('stackTrace', { threadId: 1 })).stackFrames.length > 0);
  assert.equal((await wire.move('pause')).reason, 'pause');
  assert.match(await wire.where(), /^main:[34]$/);
  await wire.ok('continue', { threadId: 1 });
  const seen = wire.messages.length;
  const { progressId } = await wire.event('progressStart', seen);
  const question = wire.send('stackTrace', { threadId: 1 });
  await wire.ok('cancel', { requestId: question });
  await wire.ok('cancel', { progressId: 'stepformer-0' });
  const stops = wire.messages.length;
  await wire.event('progressUpdate', stops);
  assert.ok(!wire.messages.slice(seen).some(({ event }) => event === 'stopped'), 'only its progress cancels a run');
  await wire.ok('cancel', { progressId });
  assert.equal((await wire.event('stopped', stops)).reason, 'pause');
  await wire.ok('continue', { threadId: 1 });
  assert.equal(await wire.end(), 0, 'disconnecting from a running program');
});

test('a question about all of the recording is worked on beside everything else, and can be taken back', async () => {
  const wire = new Wire();
  await wire.launch({ program: ENDLESS, stopOnEntry: true });
  const print = { path: ENDLESS, line: 4, expression: 'i', limit: 1_000_000 };
  // Long enough that answering takes longer than whatever comes between, however busy the machine is.
  for (let total = 0; total < 50_000; ) {
    await wire.ok('continue', { threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await wire.move('pause');
    ({ total } = await wire.ok('stepformer/print', { ...print, limit: 1 }));
  }
  const question = wire.send('stepformer/print', print);
  const other = wire.send('stepformer/print', { ...print, expression: 'i + 1' });
  const asked = wire.messages.length;
  assert.ok((await wire.ok('stackTrace', { threadId: 1 })).stackFrames.length > 0);
  await wire.ok('cancel', { requestId: question });
  const response = await wire.find(({ request_seq }) => request_seq === question, asked);
  assert.deepEqual([response.success, response.message], [false, 'cancelled']);
  const answer = await wire.find(({ request_seq }) => request_seq === other, asked);
  assert.ok(answer.success && answer.body.rows.length === answer.body.total);
  const late = wire.send('stepformer/print', print);
  await wire.ok('restart');
  assert.match((await wire.find(({ request_seq }) => request_seq === late, asked)).message, /loaded anew/);
  assert.equal(await wire.end(), 0);
});

test('a launch is cancelled by its number, and another may follow', async () => {
  const wire = new Wire();
  await wire.ok('initialize', { pathFormat: 'path' });
  const launch = wire.send('launch', { program: COUNT });
  await wire.ok('cancel', { requestId: launch });
  const response = await wire.find(({ request_seq }) => request_seq === launch);
  assert.equal(response.success, false);
  assert.match(response.message, /cancelled/);
  await wire.ok('launch', { program: COUNT });
  assert.equal(await wire.end(), 0);
});

test('restart begins anew with the breakpoints kept', async () => {
  const wire = new Wire();
  const launch = { program: COUNT, stopOnEntry: true };
  await wire.launch(launch, { [COUNT]: [{ line: 10 }] });
  assert.equal((await wire.move('continue')).reason, 'breakpoint');
  const seen = wire.messages.length;
  await wire.ok('restart', { arguments: { ...launch, stopOnEntry: false } });
  assert.equal((await wire.event('stopped', seen)).reason, 'breakpoint');
  assert.equal(await wire.where(), 'main:10');
  const response = await wire.request('restart', { arguments: { program: '/no/such.c' } });
  assert.match(response.message, /no such file/);
  assert.equal(await wire.where(), 'main:10', 'a restart that fails leaves the session as it was');
  await wire.ok('terminate');
  await wire.event('terminated');
  assert.equal(await wire.end(), 0);
});

test('clients that count from zero are told source lines from zero, and trace lines like everybody', async () => {
  const seen = [];
  for (const startsAt1 of [true, false]) {
    const wire = new Wire();
    const line = startsAt1 ? 5 : 4;
    const counting = { linesStartAt1: startsAt1, columnsStartAt1: startsAt1 };
    await wire.launch({ program: COUNT }, { [COUNT]: [{ line }] }, counting);
    assert.equal(await wire.where(), `squares:${line}`);
    const [frame] = (await wire.ok('stackTrace', { threadId: 1 })).stackFrames;
    const { targets } = await wire.ok('completions', { text: 'su', column: startsAt1 ? 3 : 2, frameId: frame.id });
    const start = targets.find(({ label }: { label: string }) => label === 'sum')?.start;
    const { traceLine } = await wire.ok('stepformer/position');
    const { heads } = await wire.ok('stepformer/attention');
    const { traceLine: target, place } = heads[0].target;
    seen.push({ column: frame.column, start, place: place.line, traceLines: [traceLine, target] });
    await wire.end();
  }
  const [one, zero] = seen;
  assert.deepEqual(zero.traceLines, one.traceLines);
  assert.deepEqual([zero.place, zero.column, zero.start], [one.place - 1, one.column - 1, one.start - 1]);
});

test('a client that disappears takes the process with it', async () => {
  const wire = new Wire();
  await wire.launch({ program: ENDLESS });
  await wire.ok('continue', { threadId: 1 });
  wire.vanish();
  assert.equal(await wire.exited, 0);
  const compiling = new Wire();
  await compiling.ok('initialize', {});
  compiling.send('launch', { program: ENDLESS });
  compiling.vanish();
  assert.equal(await compiling.exited, 0);
});

test('a recording loaded from a file of tokens is debugged like a live one', async () => {
  const { loaded, input } = await launched(COUNT);
  const oracle = new Interpreter(loaded.program, input);
  oracle.run();
  const live = new Wire();
  const recorded = new Wire({
    STEPFORMER_TEST_TOKENS: file('tokens.bin', new Uint8Array(oracle.trace.slice().buffer)),
  });
  const seen: unknown[][] = [[], []];
  for (const [index, wire] of [live, recorded].entries()) {
    await wire.launch({ program: COUNT });
    for (const command of ['stepIn', 'next', 'next', 'next', 'stepOut', 'next', 'next', 'stepBack', 'stepBack']) {
      const { reason } = await wire.move(command);
      const [frame] = (await wire.ok('stackTrace', { threadId: 1 })).stackFrames;
      const scopes = [];
      for (const { name, variablesReference } of (await wire.ok('scopes', { frameId: frame.id })).scopes) {
        const { variables } = await wire.ok('variables', { variablesReference });
        scopes.push([name, variables.map((item: { name: string; value: string }) => `${item.name}=${item.value}`)]);
      }
      seen[index].push([command, reason, frame.name, frame.line, scopes]);
    }
    await wire.end();
  }
  assert.equal(seen[0].length, 9);
  assert.deepEqual(seen[0], seen[1]);
});

/** An adapter on a port of its own choice, which it says on the channel to whoever started it. */
async function listening(): Promise<{ port: number; stop(): void }> {
  const server = fork(adapterPath, ['--port', '0'], { execArgv: ['--import', 'tsx'] });
  const port = await new Promise<number>((resolve, reject) => {
    server.once('message', (message: Listening) => resolve(message.port));
    server.on('exit', (code) => reject(new Error(`the adapter ended with ${code}`)));
  });
  return { port, stop: () => server.kill() };
}

test('on a port of the loopback interface', async () => {
  const { port, stop } = await listening();
  const answers = await Promise.all(
    [1, 2].map(
      () =>
        new Promise<string>((resolve) => {
          const socket = connect(port, '127.0.0.1');
          const body = JSON.stringify({ seq: 1, type: 'request', command: 'initialize', arguments: {} });
          socket.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
          socket.once('data', (data) => {
            resolve(data.toString());
            socket.destroy();
          });
        }),
    ),
  );
  for (const answer of answers) assert.match(answer, /supportsStepBack/);
  stop();
});

test('on a port, a session knows nothing of the one before it, even one that was left in full run', async () => {
  const { port, stop } = await listening();
  const connected = async () => {
    const next = new DebugClient('node', '', 'stepformer');
    next.defaultTimeout = PATIENCE;
    await next.start(port);
    return next;
  };
  const first = await connected();
  await Promise.all([
    first.configurationSequence(),
    first.launch({ program: ENDLESS, stopOnEntry: false }),
    first.waitForEvent('initialized'),
  ]);
  await first.disconnectRequest({});
  // The second comes while the first one's thread is leaving it, the third when a thread lies ready.
  for (const pause of [0, 500]) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const next = await connected();
    await next.initializeRequest();
    await assert.rejects(next.stackTraceRequest({ threadId: 1 }), /no program is launched/);
    await Promise.all([
      next.waitForEvent('initialized').then(() => next.configurationDoneRequest()),
      next.launchRequest({ program: COUNT, stopOnEntry: true } as never),
      next.assertStoppedLocation('entry', { path: COUNT, line: 9 }),
    ]);
    await next.disconnectRequest({});
  }
  stop();
});

test('on a port, two sessions at once know nothing of each other', async () => {
  const { port, stop } = await listening();
  const stoppedAt = async (breakpoint: number) => {
    const next = new DebugClient('node', '', 'stepformer');
    next.defaultTimeout = PATIENCE;
    await next.start(port);
    await Promise.all([
      next.waitForEvent('initialized').then(async () => {
        await next.setBreakpointsRequest({ source: { path: COUNT }, breakpoints: [{ line: breakpoint }] });
        await next.configurationDoneRequest();
      }),
      next.launch({ program: COUNT }),
      next.assertStoppedLocation('breakpoint', { path: COUNT, line: breakpoint }),
    ]);
    return next;
  };
  const first = await stoppedAt(5);
  const second = await stoppedAt(10);
  await Promise.all([first.continueRequest({ threadId: 1 }), first.assertStoppedLocation('breakpoint', { line: 5 })]);
  const { body } = await second.stackTraceRequest({ threadId: 1 });
  assert.deepEqual(
    body.stackFrames.map(({ name, line }) => `${name}:${line}`),
    ['main:10'],
  );
  await second.disconnectRequest({});
  const value = await first.evaluateRequest({ expression: 'i' });
  assert.equal(value.body.result, '2');
  await first.disconnectRequest({});
  stop();
});
