/** Edits and the branches that they begin: what follows is what the model says then, and what was before stays. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Driver, drive } from '../driver.ts';
import { EXAMPLE } from './programs.ts';

/** After its end, gone back to the first time that the loop's line begins. */
async function gonePast(): Promise<Driver> {
  const debug = await drive(EXAMPLE);
  debug.move('configurationDone');
  assert.equal(debug.move('continue').reason, 'end');
  debug.move('reverseContinue');
  debug.breakpoints(11);
  assert.equal(debug.go('continue'), 'breakpoint main:11');
  debug.breakpoints();
  return debug;
}

const set = (debug: Driver, name: string, value: string, scope = 'Locals', frame = 0): DebugProtocol.Variable =>
  debug.ask('setVariable', { variablesReference: debug.reference(scope, frame), name, value });

const chunks = (debug: Driver) =>
  debug
    .ask('stepformer/output')
    .chunks.map(({ text }: { text: string }) => text)
    .join('');

const branches = (debug: Driver) => debug.ask('stepformer/branches').branches;

test('a variable that is set in the past begins a branch with another future; the first stays as it was', async () => {
  const debug = await gonePast();
  const before = debug.state();
  assert.equal(set(debug, 'n', '2 + 3').value, '5');
  assert.equal(debug.where(), 'main:11');
  assert.equal(debug.evaluate('n'), '5');
  assert.ok(debug.events.some(({ event, body }) => event === 'invalidated' && body.areas.includes('all')));
  assert.equal(debug.ask('stepformer/position').past, false, 'nothing has followed yet');
  const told = debug.events.findLast(({ event }) => event === 'stepformer/status');
  assert.equal(told?.body.past, false, 'and the client was told');
  const seen = debug.output().length;
  assert.equal(debug.move('continue').reason, 'end');
  assert.equal(debug.output().slice(seen), '0\n1\n2\n3\n4\n');
  assert.equal(chunks(debug), '0\n1\n2\n3\n4\n');
  const [main, other] = branches(debug);
  assert.deepEqual([main.current, other.current, other.parent], [false, true, main.id]);
  assert.equal(debug.move('stepformer/switchBranch', { id: main.id }).reason, 'goto');
  assert.deepEqual(debug.state(), before, 'as it was');
  assert.equal(debug.evaluate('n'), '3');
  assert.equal(chunks(debug), '0\n1\n2\n');
  debug.move('stepformer/switchBranch', { id: other.id });
  assert.equal(debug.move('reverseContinue').reason, 'entry');
  debug.move('next');
  debug.move('next');
  assert.equal(debug.evaluate('n'), '3', 'before the edit it is what it was');
});

test('an edit where nothing has followed yet stays on its branch, and can be repeated', async () => {
  const debug = await drive(EXAMPLE);
  debug.breakpoints(11);
  debug.move('configurationDone');
  debug.breakpoints();
  set(debug, 'n', '1');
  set(debug, 'n', '2');
  assert.equal(branches(debug).length, 1);
  assert.equal(debug.move('continue').reason, 'end');
  assert.equal(debug.output(), '0\n1\n');
  assert.throws(() => set(debug, 'n', '1'), /has ended here: step back/);
});

test('what is changed: integers of all sizes, floats, bit-fields, elements, structs, pointers, globals, memory', async () => {
  const debug = await drive(EXAMPLE);
  debug.breakpoints(11);
  debug.move('configurationDone');
  const assign = (expression: string, value: string) => debug.ask('setExpression', { expression, value }).value;
  for (const [expression, value, shown] of [
    ['small', '-1', '-1'],
    ['small', '300', "44 ','"],
    ['large', '1LL << 40', '1099511627776'],
    ['real', '1.5', '1.5'],
    ['n', '2.9', '2'],
    ['flags.low', '5', '5'],
    ['flags.high', '9', '9'],
    ['numbers[1]', '77', '77'],
    ['total', 'n + 40', '42'],
    ['pointer', '&numbers[1]', undefined],
    ['*pointer', '78', '78'],
  ] as const) {
    const said = assign(expression, value);
    if (shown !== undefined) assert.ok(said.startsWith(shown), `${expression} = ${value}: ${said}`);
  }
  assert.equal(debug.evaluate('flags.low'), '5');
  assert.equal(debug.evaluate('numbers[1]'), '78');
  assert.equal(debug.evaluate('total'), '42');
  assign('second', 'flags');
  assert.equal(debug.evaluate('second.high'), '9');
  const memoryReference = debug.ask('evaluate', { expression: 'numbers', context: 'watch' }).memoryReference;
  const data = Buffer.from([1, 2, 0, 0]).toString('base64');
  assert.deepEqual(debug.ask('writeMemory', { memoryReference, offset: 4, data }), { bytesWritten: 4 });
  assert.equal(debug.evaluate('numbers[1]'), '513');
  const refused: [string, object, RegExp][] = [
    ['setExpression', { expression: 'n + 1', value: '2' }, /no place of its own/],
    ['setExpression', { expression: 'n', value: 'flags' }, /cannot be put/],
    ['setExpression', { expression: 'n', value: '1.0 / 0' }, /is no value of type int/],
    ['setExpression', { expression: 'n', value: 'nothing' }, /nothing/],
    ['writeMemory', { memoryReference: 'x', data }, /not an address/],
    ['writeMemory', { memoryReference: '0xffffffff', data }, /outside memory/],
    ['writeMemory', { memoryReference: '0', data: '' }, /from 1 to/],
    ['stepformer/switchBranch', { id: 9 }, /no branch 9/],
    ['stepformer/dropBranch', { id: 0 }, /switch to another/],
  ];
  for (const [command, args, says] of refused) {
    assert.throws(() => debug.ask(command as 'setExpression', args), says, command);
  }
});

test('branches have names, and are dropped; their breakpoints are the same', async () => {
  const debug = await gonePast();
  set(debug, 'n', '4');
  const [main, other] = branches(debug);
  debug.ask('stepformer/renameBranch', { id: other.id, name: 'four' });
  assert.equal(branches(debug)[1].name, 'four');
  debug.breakpoints({ line: 12, hitCondition: '4' });
  assert.equal(debug.go('continue'), 'breakpoint main:12');
  assert.equal(debug.evaluate('i'), '3');
  debug.move('stepformer/switchBranch', { id: main.id });
  assert.equal(debug.move('continue').reason, 'end', 'only three there');
  debug.ask('stepformer/dropBranch', { id: other.id });
  assert.equal(branches(debug).length, 1);
});

test('an origin ends at an edit', async () => {
  const debug = await gonePast();
  set(debug, 'n', '5');
  const { hops } = debug.ask('stepformer/origin', { expression: 'n' });
  assert.deepEqual([hops.at(-1).kind, hops.at(-1).text, hops.at(-1).value], ['edit', 'edited by you', '5']);
});

test('a branch is what a fresh run of the changed program shows', async () => {
  const debug = await gonePast();
  set(debug, 'n', '7');
  debug.move('continue');
  const fresh = await drive(EXAMPLE.replace('example.c', 'seven.c'));
  fresh.move('configurationDone');
  fresh.move('continue');
  assert.equal(chunks(debug), chunks(fresh));
  assert.deepEqual(debug.scope('Locals'), fresh.scope('Locals'));
});
