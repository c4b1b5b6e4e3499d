/** The tree of calls around a moment: those that are open, their neighbours, and what they made, page by page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';
import { BadRequest } from '../../../debug-adapter/protocol/schema.ts';
import { type Driver, drive, file } from '../driver.ts';
import { lineOf } from '../questions.ts';

const PROGRAM = file(
  'tree.c',
  `static int (*chosen)(int);
static double half = 0.5;
static int leaf(int x) { return x * (int)(half * 4); }
static int middle(int n) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    sum += leaf(i);
  }
  return sum;
}
static int down(int n) { return n == 0 ? 0 : down(n - 1) + 1; }
int main(void) {
  chosen = leaf;
  int sum = middle(3) + chosen(7);
  for (int i = 0; i < 200; i++)
    sum += leaf(1);
  return down(4) + sum - 424;
}
`,
);

type Tree = AnswerOf<'stepformer/callTree'>;

async function ended(): Promise<Driver> {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.breakpoints(lineOf(PROGRAM, 'sum += leaf(i)'));
  assert.equal(debug.move('continue').reason, 'breakpoint');
  debug.move('continue');
  debug.breakpoints();
  debug.move('continue');
  return debug;
}

const told = (calls: Tree['children']) =>
  calls.map((call) => `${call.function}(${call.arguments.map(({ value }) => value)}) ${call.returned ?? 'open'}`);
const tree = (debug: Driver, args: object): Tree => debug.ask('stepformer/callTree', args);
const firstCallOf = (debug: Driver, name: string): number =>
  debug.ask('stepformer/calls', { function: name }).calls[0].traceLine;

test('open calls, siblings and children have arguments, results and moments', async () => {
  const debug = await ended();
  const { open, siblings, firstSibling, totalSiblings, children, totalChildren } = tree(debug, {
    traceLine: firstCallOf(debug, 'middle'),
    limit: 3,
  });
  assert.deepEqual(told(open.slice(-2)), ['main() 0', 'middle(3) 6']);
  assert.deepEqual(told(siblings), ['middle(3) 6', 'leaf(7) 14', 'leaf(1) 2']);
  assert.deepEqual([firstSibling, totalSiblings], [0, 203]);
  assert.deepEqual(told(children), ['leaf(0) 0', 'leaf(1) 2', 'leaf(2) 4']);
  assert.equal(totalChildren, 3);
  for (const { traceLine, token, end = 0, calls } of children) {
    // Floating point is no call of the program.
    assert.equal(calls, false);
    assert.ok(traceLine < end);
    assert.equal(debug.ask('stepformer/travel', { traceLine }).token, token);
    assert.equal(debug.frames()[0].name, 'leaf');
  }
});

test('many calls come page by page, and siblings around the one that is asked about', async () => {
  const debug = await ended();
  const main = firstCallOf(debug, 'main');
  const all = tree(debug, { traceLine: main });
  assert.equal(all.totalChildren, 203);
  assert.equal(all.children.length, 203);
  const page = tree(debug, { traceLine: main, start: 100, limit: 10 });
  assert.deepEqual(page.children, all.children.slice(100, 110));
  assert.equal(page.totalChildren, 203);
  const { siblings, firstSibling, totalSiblings } = tree(debug, { traceLine: all.children[150].traceLine, limit: 10 });
  assert.deepEqual(siblings, all.children.slice(firstSibling, firstSibling + 10));
  assert.ok(firstSibling <= 150 && firstSibling + 10 > 150);
  assert.equal(totalSiblings, 203);
});

test('levels below come along, each call followed by what it made; recursion is a chain', async () => {
  const debug = await ended();
  const { children } = tree(debug, { traceLine: firstCallOf(debug, 'main'), depth: 2, limit: 5 });
  assert.deepEqual(told(children), ['middle(3) 6', 'leaf(0) 0', 'leaf(1) 2', 'leaf(2) 4', 'leaf(7) 14']);
  assert.deepEqual(
    children.map(({ depth, calls }) => [depth - children[0].depth, calls]),
    [
      [0, true],
      [1, false],
      [1, false],
      [1, false],
      [0, false],
    ],
  );
  const deepest = debug.ask('stepformer/calls', { function: 'down' }).calls.at(-1).traceLine;
  const { open, totalChildren } = tree(debug, { traceLine: deepest });
  assert.deepEqual(told(open.slice(-5)), ['down(4) 4', 'down(3) 3', 'down(2) 2', 'down(1) 1', 'down(0) 0']);
  assert.equal(totalChildren, 0);
});

test('the tree ends where the user has come to', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.breakpoints(lineOf(PROGRAM, 'sum += leaf(i)'));
  debug.move('continue');
  debug.move('continue');
  const { open, children } = tree(debug, {});
  assert.deepEqual(told(open.slice(-2)), ['main() open', 'middle(3) open']);
  assert.deepEqual(told(children), ['leaf(0) 0']);
  assert.throws(() => tree(debug, { traceLine: 1_000_000 }), BadRequest);
  assert.throws(() => tree(debug, { traceLine: 0 }), /No call is open here/);
});
