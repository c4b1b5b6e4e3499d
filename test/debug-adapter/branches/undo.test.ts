/** Edits that are listed, taken back, or none at all; and branches side by side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, drive, file, launched } from '../driver.ts';
import { EXAMPLE } from './programs.ts';

/** At the beginning of the loop, after the end or never further. */
async function atTheLoop(isPast: boolean): Promise<Driver> {
  const debug = await drive(EXAMPLE);
  debug.breakpoints(11);
  debug.move('configurationDone');
  debug.breakpoints();
  const { traceLine } = debug.ask('stepformer/position');
  if (isPast) debug.move('continue');
  debug.ask('stepformer/travel', { traceLine });
  return debug;
}

const set = (debug: Driver, expression: string, value: string) =>
  debug.ask('setExpression', { expression, value }).value;
const branches = (debug: Driver) => debug.ask('stepformer/branches').branches;
const edits = (debug: Driver): { text: string; traceLine: number }[] =>
  branches(debug).find(({ current }: { current: boolean }) => current).edits;
const texts = (debug: Driver) => edits(debug).map(({ text }) => text);
const position = (debug: Driver) => debug.ask('stepformer/position');

test('what was changed is listed, with where and what it was', async () => {
  const debug = await atTheLoop(false);
  const { traceLine, token } = position(debug);
  set(debug, 'n', '4');
  set(debug, 'numbers[1]', '9');
  const memoryReference = debug.ask('evaluate', { expression: 'numbers', context: 'watch' }).memoryReference;
  debug.ask('writeMemory', { memoryReference, data: Buffer.from([7, 1]).toString('base64') });
  const place = { path: EXAMPLE, line: 11 };
  const memory = `memory ${memoryReference} = 07 01 (was 01 00)`;
  assert.deepEqual(texts(debug), ['n = 4 (was 3)', 'numbers[1] = 9 (was 2)', memory]);
  assert.deepEqual(edits(debug)[0], { text: 'n = 4 (was 3)', traceLine, token, place });
  assert.match(debug.session.recording.lineText(traceLine), /^edit\(/);
});

test('what would change nothing is no edit', async () => {
  const debug = await atTheLoop(true);
  const before = position(debug);
  assert.equal(set(debug, 'n', '3'), '3');
  assert.equal(set(debug, 'total', 'total'), debug.evaluate('total'));
  const memoryReference = debug.ask('evaluate', { expression: 'numbers', context: 'watch' }).memoryReference;
  const data = Buffer.from([1, 0, 0, 0, 2]).toString('base64');
  assert.deepEqual(debug.ask('writeMemory', { memoryReference, data }), { bytesWritten: 5 });
  assert.equal(branches(debug).length, 1);
  assert.deepEqual(position(debug), before);
  assert.deepEqual(edits(debug), []);
});

test('undo where nothing has followed: one edit after the other, and the same moment', async () => {
  const debug = await atTheLoop(false);
  const before = { locals: debug.scope('Locals'), at: position(debug) };
  set(debug, 'n', '4');
  set(debug, 'total', '90');
  assert.equal(debug.move('stepformer/undoEdit').reason, 'goto');
  assert.deepEqual(texts(debug), ['n = 4 (was 3)']);
  assert.deepEqual([debug.evaluate('n'), debug.evaluate('total')], ['4', '4']);
  debug.move('stepformer/undoEdit');
  assert.deepEqual(debug.scope('Locals'), before.locals);
  // The last line is not there yet: what it will be, the model has yet to say again.
  assert.deepEqual(position(debug), { ...before.at, now: before.at.token - 1 });
  assert.throws(() => debug.ask('stepformer/undoEdit'), /no edit of this branch/);
  assert.equal(branches(debug).length, 1);
  debug.move('continue');
  assert.equal(debug.output(), '0\n1\n2\n');
});

test('undo on a branch that begins with the edit goes back to where it began, and the branch goes', async () => {
  const debug = await atTheLoop(true);
  const before = { state: debug.state(), at: position(debug) };
  set(debug, 'n', '1');
  debug.move('continue');
  const [, other] = branches(debug);
  debug.ask('stepformer/travel', { traceLine: other.from - 1 });
  assert.throws(() => debug.ask('stepformer/undoEdit'), /no edit of this branch/, 'it lies behind');
  debug.ask('stepformer/travel', { traceLine: position(debug).reached });
  debug.move('stepformer/undoEdit');
  assert.deepEqual(debug.state(), before.state);
  assert.deepEqual(position(debug), before.at);
  assert.equal(branches(debug).length, 1);
});

test('undo where something has followed leaves it, and begins another branch', async () => {
  const debug = await atTheLoop(false);
  const before = debug.scope('Locals');
  set(debug, 'n', '1');
  debug.move('continue');
  const ended = debug.state();
  debug.move('stepformer/undoEdit');
  assert.deepEqual(debug.scope('Locals'), before);
  const [main, other] = branches(debug);
  assert.equal(other.parent, main.id);
  assert.deepEqual([main.edits.length, other.edits.length, other.current], [1, 0, true]);
  debug.move('continue');
  assert.match(debug.output(), /0\n1\n2\n$/);
  debug.move('stepformer/switchBranch', { id: main.id });
  assert.deepEqual(debug.state(), ended);
});

test('a branch of a branch that is dropped begins on the one before', async () => {
  const debug = await atTheLoop(true);
  const { traceLine } = position(debug);
  set(debug, 'n', '5');
  debug.move('continue');
  debug.breakpoints(12);
  assert.equal(debug.go('reverseContinue'), 'breakpoint main:12');
  set(debug, 'n', '2');
  const [main, middle, last] = branches(debug);
  assert.deepEqual([last.parent, last.edits.length], [middle.id, 2]);
  debug.ask('stepformer/dropBranch', { id: middle.id });
  const [, moved] = branches(debug);
  assert.deepEqual([moved.id, moved.parent, moved.from], [last.id, main.id, traceLine]);
});

test('two branches are compared: first difference, output from there on, variables', async () => {
  const debug = await atTheLoop(true);
  const { traceLine } = position(debug);
  debug.move('next');
  debug.move('next');
  debug.move('next');
  assert.equal(debug.where(), 'main:12');
  const [main] = branches(debug);
  const from = position(debug).traceLine;
  set(debug, 'n', '5');
  debug.move('continue');
  debug.ask('stepformer/travel', { traceLine: from + 1 });
  const compared = debug.ask('stepformer/compareBranches', { with: main.id });
  assert.equal(compared.differs, from);
  assert.ok(from > traceLine);
  const output = ({ output }: { output: { text: string }[] }) => output.map(({ text }) => text).join('');
  assert.deepEqual([output(compared.here), output(compared.there)], ['1\n2\n3\n4\n', '1\n2\n']);
  assert.deepEqual([compared.here.total, compared.there.total], [4, 2]);
  assert.deepEqual([compared.here.function, compared.there.name], ['main', 'main']);
  const differing = compared.variables.filter(({ differs }: { differs: boolean }) => differs);
  assert.deepEqual(differing, [{ scope: 'Locals', name: 'n', here: '5', there: '3', differs: true }]);
  assert.ok(
    compared.variables.some(({ scope, name }: Record<string, string>) => scope === 'Globals' && name === 'total'),
  );
  const { id } = branches(debug)[1];
  assert.equal(debug.ask('stepformer/compareBranches', { with: id }).differs, undefined, 'with itself');
});

const READER = file(
  'typing.c',
  `#include <stdio.h>
int main(void) {
  int sum = 0, c;
  while ((c = getchar()) != EOF) {
    sum += c;
    putchar(c);
  }
  return sum;
}
`,
);

test('input that was typed before an edit is input of the branch too, and it asks for more', async () => {
  const debug = new Driver(READER, await launched(READER), { stdin: { ask: true }, stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  debug.move('stepformer/input', { text: 'ab\n' });
  debug.move('stepformer/input', { text: 'c', end: true });
  debug.ask('stepformer/travel', { traceLine: 0 });
  debug.breakpoints(6);
  debug.move('continue');
  debug.move('continue');
  assert.equal(debug.evaluate('c'), '98');
  debug.breakpoints();
  set(debug, 'c', '66');
  const seen = debug.output().length;
  debug.move('continue');
  assert.equal(debug.output().slice(seen), 'B\n');
  assert.equal(new TextDecoder().decode(debug.session.input.typed.bytes), 'ab\n');
  assert.equal(debug.session.input.typed.end, false);
  const end = debug.move('stepformer/input', { text: 'xyz', end: true });
  assert.equal(end.reason, 'end');
  assert.equal(debug.output().slice(seen), 'B\nxyz');
});
