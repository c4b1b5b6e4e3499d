/** Data breakpoints: before the access, in both directions, on locals, statics, addresses and cells. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Driver, drive, file, launched } from '../driver.ts';
import { OracleSource } from '../oracle-source.ts';

const TOTALS = file(
  'totals.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int total;
static int seen[3];
struct point { short x, y; } corner;
static void add(int n) {
  int twice = n;
  twice = 2 * n;
  total += twice;
}
static int sum(int *numbers, int count) {
  int result = 0;
  for (int i = 0; i < count; i++)
    result += numbers[i];
  return result;
}
int main(void) {
  int mine[4] = {1, 2, 3, 4};
  for (int i = 0; i < 4; i++) {
    add(i);
    seen[i % 3] = i;
    if (i % 2 == 0)
      mine[0] = sum(mine, 4);
  }
  total = total;
  corner.y = 7;
  char *block = malloc(8);
  memset(block, 'a', 8);
  printf("%d %d %d %c\\n", total, mine[0], corner.y, block[7]);
  return 0;
}
`,
);

type Info = DebugProtocol.DataBreakpointInfoResponse['body'];

const info = (debug: Driver, args: object): Info => debug.ask('dataBreakpointInfo', args);

function set(debug: Driver, ...breakpoints: object[]): DebugProtocol.Breakpoint[] {
  return debug.ask('setDataBreakpoints', { breakpoints }).breakpoints;
}

/** All stops from here in one direction, with what they say, and the trace lines. */
function stops(debug: Driver, command: 'continue' | 'reverseContinue') {
  const found: { where: string; description: string | undefined; traceLine: number }[] = [];
  for (;;) {
    const { reason, description } = debug.move(command);
    if (reason !== 'data breakpoint') return found;
    found.push({ where: debug.where(), description, traceLine: debug.ask('stepformer/position').traceLine });
  }
}

/** Stops forwards to the end, after which backwards finds the same. */
function bothWays(debug: Driver) {
  const forwards = stops(debug, 'continue');
  const backwards = stops(debug, 'reverseContinue');
  assert.deepEqual(
    backwards.toReversed().map(({ traceLine }) => traceLine),
    forwards.map(({ traceLine }) => traceLine),
  );
  return forwards;
}

const lines = (found: { where: string; description: string | undefined }[]) =>
  found.map(({ where, description }) => `${where} ${description}`);

test('a static variable: each write, before it happens, with the old value and the new', async () => {
  const debug = await drive(TOTALS);
  debug.move('configurationDone');
  const { dataId, accessTypes, canPersist } = info(debug, { name: 'total', frameId: debug.frames()[0].id });
  assert.deepEqual([accessTypes, canPersist], [['read', 'write', 'readWrite'], true]);
  assert.equal(set(debug, { dataId })[0].verified, true);
  debug.move('continue');
  assert.equal(debug.evaluate('total'), '0', 'the first write has not happened');
  debug.move('reverseContinue');
  const writes = [
    'add:10 total: 0 → 0',
    'add:10 total: 0 → 2',
    'add:10 total: 2 → 6',
    'add:10 total: 6 → 12',
    'main:26 total: 12 → 12',
  ];
  assert.deepEqual(lines(bothWays(debug)), writes);
  set(debug, { dataId, condition: '$changed' });
  assert.deepEqual(lines(bothWays(debug)), writes.slice(1, 4));
  set(debug, { dataId, condition: 'total == 6' });
  assert.deepEqual(lines(bothWays(debug)), [writes[2]], 'a condition is about what the write leaves behind');
  set(debug, { dataId, condition: '$changed && total > 2', hitCondition: '2' });
  assert.deepEqual(lines(bothWays(debug)), [writes[3]]);
  set(debug, { dataId, accessType: 'read' });
  assert.deepEqual(lines(bothWays(debug)).slice(-2), ['main:26 total is read: 12', 'main:30 total is read: 12']);
  set(debug, { dataId, accessType: 'readWrite' });
  assert.equal(bothWays(debug).length, 5 + 6);
  const inside = `${Number(debug.evaluate('(unsigned)&total')) + 1}`;
  const around = [-1, 3].map((offset) => `${Number(inside) + offset}`);
  set(debug, { dataId: info(debug, { name: inside, asAddress: true }).dataId });
  assert.equal(bothWays(debug).length, 5, 'a byte in the middle of what is written');
  set(debug, ...around.map((name) => ({ dataId: info(debug, { name, asAddress: true, bytes: 1 }).dataId })));
  assert.equal(bothWays(debug).length, 5, 'the first byte, and the one behind the last');
});

/** A source that never says more than one token at once: every line is at some time the last that is known. */
class Reluctant extends OracleSource {
  override generate(): number {
    return super.generate(1);
  }
}

test('no write is missed because it is the last thing that was generated', async () => {
  const program = await launched(TOTALS);
  const { loaded, input } = program;
  const debug = new Driver(TOTALS, program, { stopOnEntry: true }, new Reluctant(loaded.program, input));
  debug.move('configurationDone');
  set(debug, { dataId: 'static:main:total' });
  assert.equal(stops(debug, 'continue').length, 5);
});

test('a local belongs to its call, is silent outside of it, and says once that the call has ended', async () => {
  const debug = await drive(TOTALS);
  debug.breakpoints(9);
  debug.move('configurationDone');
  debug.move('continue');
  assert.equal(debug.evaluate('n'), '1');
  debug.breakpoints();
  const { dataId, canPersist } = info(debug, { name: 'twice', variablesReference: debug.reference('Locals') });
  assert.equal(canPersist, false);
  set(debug, { dataId });
  const told = () => debug.events.filter(({ body }) => /on twice: the call .* has ended/.test(body?.output)).length;
  assert.deepEqual(lines(stops(debug, 'continue')), ['add:9 twice: 1 → 2']);
  assert.equal(told(), 1);
  const [second, first, ...others] = lines(stops(debug, 'reverseContinue'));
  assert.equal(second, 'add:9 twice: 1 → 2');
  assert.match(first, /^add:8 twice: \S+ → 1$/, 'before it, something else lay there');
  assert.equal(others.length, 0);
  stops(debug, 'continue');
  assert.equal(told(), 1);
});

test('a local that a callee reads through a pointer, elements and members', async () => {
  const debug = await drive(TOTALS);
  debug.move('configurationDone');
  const [mine] = debug.children(debug.reference('Locals')).filter(({ name }) => name === 'mine');
  const { dataId } = info(debug, { name: '[0]', variablesReference: mine.variablesReference });
  set(debug, { dataId, accessType: 'read' });
  assert.deepEqual(
    bothWays(debug).map(({ where }) => where),
    ['sum:15', 'sum:15', 'main:30'],
  );
  set(debug, { dataId });
  assert.deepEqual(lines(bothWays(debug)).slice(-2), ['main:24 mine[0]: 1 → 10', 'main:24 mine[0]: 10 → 19']);
  const globals = debug.children(debug.reference('Globals'));
  const corner = globals.find(({ name }) => name === 'corner');
  const member = info(debug, { name: 'y', variablesReference: corner?.variablesReference });
  set(debug, { dataId: member.dataId });
  assert.deepEqual(lines(bothWays(debug)), ['main:27 corner.y: 0 → 7']);
});

test('ranges of bytes by address, and the heap', async () => {
  const debug = await drive(TOTALS);
  debug.breakpoints(30);
  debug.move('configurationDone');
  const address = Number(debug.evaluate('(long)block'));
  const heap = info(debug, { name: '*block', frameId: debug.frames()[0].id });
  const byte = info(debug, { name: `0x${address.toString(16)}`, asAddress: true, bytes: 4 });
  assert.match(byte.description, /^4 bytes at 0x/);
  debug.breakpoints();
  set(debug, { dataId: byte.dataId });
  const found = stops(debug, 'reverseContinue');
  assert.ok(found.length >= 1, 'memset is code of the program');
  assert.match(found[0].description ?? '', /→ 1633771873$/);
  assert.equal(heap.canPersist, false);
  assert.equal(set(debug, { dataId: heap.dataId })[0].verified, true);
  const [write, ...others] = lines(stops(debug, 'continue'));
  assert.match(write, /\*block: .*→ 97 'a'$/);
  assert.equal(others.length, 0);
});

test('what cannot be watched says why', async () => {
  const debug = await drive(TOTALS);
  debug.move('configurationDone');
  const frameId = debug.frames()[0].id;
  const why = (args: object) => {
    const { dataId, description } = info(debug, args);
    assert.equal(dataId, null);
    return description;
  };
  assert.match(why({ name: 'total + 1', frameId }), /computed/);
  assert.match(why({ name: 'nowhere', asAddress: true }), /no address/);
  assert.throws(() => info(debug, { name: 'absent', frameId }), /absent/);
  assert.throws(() => info(debug, { name: 'absent', variablesReference: debug.reference('Locals') }), /no variable/);
  const placed = set(
    debug,
    { dataId: 'what?' },
    { dataId: 'static:main:absent' },
    { dataId: 'static:main:i' },
    { dataId: 'cell:9@999999' },
    { dataId: 'memory:0+0' },
    { dataId: 'static:main:total', hitCondition: 'often' },
  );
  for (const { verified, message } of placed) assert.ok(!verified && message, message);
  assert.match(placed[3].message ?? '', /not one of this run/);
  assert.equal(debug.move('continue').reason, 'end');
});

test('wasm locals and globals are watched in their cells', async () => {
  const source = `(module
  (global $count (mut i32) (i32.const 5))
  (func $bump (param $by i32)
    (local $twice i64)
    (local.set $twice (i64.extend_i32_s (local.get $by)))
    (local.set $twice (i64.mul (local.get $twice) (i64.const -2)))
    (global.set $count (i32.add (global.get $count) (local.get $by))))
  (func (export "main") (result i32)
    (call $bump (i32.const 3))
    (call $bump (i32.const 4))
    (global.get $count)))`;
  const debug = await drive(file('cells.wat', source));
  debug.move('configurationDone');
  const count = info(debug, { name: '$count', frameId: debug.frames()[0].id });
  set(debug, { dataId: count.dataId });
  const writes = bothWays(debug);
  assert.deepEqual(
    writes.map(({ description }) => description),
    ['$count: 5 → 8', '$count: 8 → 12'],
  );
  debug.ask('stepformer/travel', { traceLine: writes[1].traceLine });
  const local = info(debug, { name: '$twice', frameId: debug.frames()[0].id });
  set(debug, { dataId: local.dataId });
  assert.deepEqual(
    stops(debug, 'reverseContinue').map(({ description }) => description),
    ['$twice: 4 → -8', '$twice: 0 → 4'],
    'of this call, not of the one before',
  );
});

test('a data breakpoint stops a step, forwards and backwards', async () => {
  const debug = await drive(TOTALS);
  debug.breakpoints(21);
  debug.move('configurationDone');
  debug.move('continue');
  debug.breakpoints();
  set(debug, { dataId: info(debug, { name: 'total', frameId: debug.frames()[0].id }).dataId });
  assert.equal(debug.go('next'), 'data breakpoint add:10');
  const { traceLine } = debug.ask('stepformer/position');
  assert.equal(debug.go('stepOut'), 'step main:22');
  assert.equal(debug.go('stepBack'), 'data breakpoint add:10');
  assert.equal(debug.ask('stepformer/position').traceLine, traceLine);
});

test('a global that a local hides is another variable, to watch and to set, by its scope or with ::', async () => {
  const text =
    'int count = 3;\nint main(void) {\n  int count = 1;\n  count++;\n  { extern int count; count++; }\n  return count;\n}\n';
  const debug = await drive(file('hidden-global.c', text));
  debug.breakpoints(4);
  debug.move('configurationDone');
  const info = (scope: string) =>
    debug.ask('dataBreakpointInfo', { name: 'count', variablesReference: debug.reference(scope) });
  const [local, global] = [info('Locals'), info('Globals')];
  assert.match(local.dataId, /^memory:.*@/);
  assert.equal(global.dataId, 'static:main:::count');
  const [{ evaluateName }] = debug.children(debug.reference('Globals')).filter(({ name }) => name === 'count');
  assert.equal(evaluateName, '::count');
  assert.deepEqual([debug.evaluate('count'), debug.evaluate('::count * 2')], ['1', '6']);
  debug.ask('setDataBreakpoints', { breakpoints: [{ dataId: global.dataId }] });
  debug.breakpoints();
  const stop = debug.move('continue');
  assert.deepEqual([stop.reason, stop.description, debug.where()], ['data breakpoint', '::count: 3 → 4', 'main:5']);
  debug.ask('setVariable', { name: 'count', value: '30', variablesReference: debug.reference('Globals') });
  assert.deepEqual([debug.evaluate('count'), debug.evaluate('::count')], ['2', '30']);
  assert.throws(() => debug.evaluate('::'), /a name is expected/);
  assert.throws(() => debug.evaluate('::main::count'), /'::main::count' is not in scope here/);
});
