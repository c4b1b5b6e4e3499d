/**
 * Origins where C does not say everything: optimised code, WebAssembly, what nobody wrote; parts of objects; questions
 * without an answer; and the names of operands.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expressionAt } from '../../debug-adapter/explain/source-text.ts';
import type { Hop, ReadersAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { Driver, drive, file, launched } from './driver.ts';
import { CHAIN, origin, standing } from './questions.ts';

test('optimised code, whose variables are no memory, is told in the same terms', async () => {
  const path = file(
    'optimised.c',
    `#include <stdio.h>
__attribute__((noinline)) static int add(int x, int y) { return x + y; }
int main(void) {
  int a = getchar();
  int b = getchar();
  return add(a, b);
}
`,
  );
  const debug = new Driver(path, await launched(path, [], 'ab', 'O2'), { stopOnEntry: false });
  debug.move('configurationDone');
  const { recording, debuggee } = debug.session;
  const { history } = recording;
  const add = Array.from({ length: history.lines }, (_, line) => line).findLast((line) => {
    const cursor = history.cursorOf(line);
    return recording.instructionText(cursor) === 'i32.add' && debuggee.code.sourceFunctionAt(cursor)?.name === 'add';
  });
  const [sum] = origin(debug, { token: history.firstToken(add as number) }).hops;
  assert.ok(['x + y', 'y + x'].includes(sum.expression ?? ''), sum.expression);
  assert.deepEqual([sum.value, sum.place?.line], ['195', 2]);
  const { hops } = origin(debug, { token: sum.operands?.find(({ text }) => text === 'x')?.token });
  assert.deepEqual([hops.at(-1)?.kind, hops.at(-1)?.index], ['input', 0]);
});

test('without C, locals and instructions are what is told', async () => {
  const path = file(
    'plain.wat',
    `(module
  (memory 1)
  (func (export "main") (result i32)
    (local $x i32) (local $y i32)
    i32.const 7
    local.set $x
    local.get $x
    local.get $x
    i32.mul
    local.tee $y
    i32.const 3
    i32.and))`,
  );
  const debug = await drive(path);
  debug.move('configurationDone');
  for (let i = 0; i < 6; i++) debug.move('stepIn');
  const { hops } = origin(debug, { expression: '$y' });
  assert.deepEqual(
    hops.map(({ kind, value, text, expression }) => [kind, value, text, expression]),
    [
      ['copy', '49', 'local.tee 1', undefined],
      ['compute', '49', 'i32.mul', '$x * $x'.replaceAll('$', '')],
    ],
  );
  const [seven] = origin(debug, { token: hops[1].operands?.[0].token }).hops;
  assert.deepEqual([seven.kind, seven.text, seven.value], ['copy', 'local.set 0', '7']);
  assert.equal(origin(debug, { expression: '$stack[0]' }).hops[0].kind, 'compute');
});

test('what nobody wrote, and what a program states, are ends that say so', async () => {
  const path = file(
    'ends.wat',
    `(module
  (memory 1)
  (data (i32.const 8) "\\ff\\01")
  (global $start (mut i64) (i64.const -9))
  (func (export "main") (result i32)
    (local $never i32)
    (drop (i32.load (i32.const 64)))
    (drop (i32.load16_u (i32.const 8)))
    (drop (i32.load8_s (i32.const 8)))
    (drop (local.get $never))
    (drop (global.get $start))
    (i32.const 0)))`,
  );
  const debug = await drive(path, { stopOnEntry: false });
  debug.move('configurationDone');
  const { recording } = debug.session;
  const { history } = recording;
  const lines = Array.from({ length: history.lines }, (_, line) => line);
  const textOf = (line: number) => recording.instructionText(history.cursorOf(line));
  const end = (text: string, byte?: number) => {
    const line = lines.find((at) => textOf(at) === text) as number;
    const token = byte === undefined ? history.firstToken(line + 1) - 1 : history.firstToken(line) + byte;
    const { hops } = origin(debug, { token });
    const { kind, value, text: told } = hops.at(-1) as Hop;
    return [hops.length, kind, value, told];
  };
  assert.deepEqual(end('i32.load'), [1, 'unknown', '0', 'nothing was ever written at 0x40']);
  assert.deepEqual(end('i32.load16_u'), [1, 'initializer', '511', 'data of the program at 0x8']);
  assert.deepEqual(end('i32.load16_u', 3), [1, 'constant', '0', 'i32.load16_u'], 'zeros of an extension');
  assert.deepEqual(
    end('i32.load8_s', 3),
    [1, 'initializer', '255', 'data of the program at 0x8'],
    'copies of its sign',
  );
  assert.deepEqual(end('local.get 0'), [1, 'constant', '0', 'a local begins as 0']);
  assert.deepEqual(end('global.get.i64 1'), [1, 'initializer', '-9', '$start, as the program begins'.slice(1)]);
  const readers: ReadersAnswer = debug.ask('stepformer/readers', { token: history.facts.byte(8) });
  assert.deepEqual(
    readers.readers.map(({ text }) => text),
    ['i32.load16_u', 'i32.load8_s'],
  );
  assert.deepEqual(debug.ask('stepformer/control', { traceLine: 0 }).kind, 'start');
});

test('the bytes of an array that a loop filled are its elements', async () => {
  const path = file(
    'elements.c',
    `struct point { short x, y; };
int main(void) {
  struct point points[2];
  unsigned char kept = -1;
  for (int i = 0; i < 2; i++) {
    points[i].x = i - 5;
    points[i].y = i + 5;
  }
  return points[1].x + kept;
}
`,
  );
  const debug = await standing(path, 'return', '');
  assert.deepEqual(
    origin(debug, { expression: 'points' }).hops[0].operands?.map(({ text, value }) => [text, value]),
    [
      ['[0].x', '-5'],
      ['[0].y', '5'],
      ['[1].x', '-4'],
      ['[1].y', '6'],
    ],
  );
  const kept = origin(debug, { expression: 'kept' }).hops;
  assert.deepEqual([kept[0].value, kept.at(-1)?.value], ['255', '255'], 'what clang stores is 255');
});

test('questions that cannot be answered say why', async () => {
  const debug = await standing(CHAIN, 'int copy', '7');
  const { recording } = debug.session;
  const refused = (args: object, pattern: RegExp) => assert.throws(() => origin(debug, args), pattern);
  refused({}, /needs an expression or a token/);
  refused({ expression: '3 + 4' }, /reads nothing of the program/);
  refused({ expression: 'nothing' }, /nothing/);
  refused({ token: recording.now + 1 }, /there is no token \d+ yet/);
  refused({ token: 3 }, /is no value/);
  assert.throws(() => debug.ask('stepformer/readers', { token: recording.now + 1 }), /there is no token/);
  assert.throws(() => debug.ask('stepformer/control', { traceLine: recording.reached + 1 }), /not reached/);
  const call = Array.from({ length: recording.reached }, (_, line) => line).find((line) =>
    recording.lineText(line).endsWith(' call_commit'),
  );
  refused({ token: recording.firstToken((call as number) + 1) - 1 }, /says nothing about a value/);
});

const EXPRESSIONS: [text: string, column: number, found: string | undefined][] = [
  ['  int sum = add(two.a, two.b);', 21, 'two.a'],
  ['  x = board->can[i] + 1;', 7, 'board->can[i]'],
  ['  x = board->can[i] + 1;', 14, 'board->can[i]'],
  ['  x = f(a, g(b)[1]).c - 1;', 7, 'f(a, g(b)[1]).c'],
  ['  x = (*p)->q;', 13, '(*p)->q'],
  ["  putchar('0' + d);", 11, "'0'"],
  ['  *p = *q;', 8, '*q'],
  ['  *can ^= digit;', 8, '*can'],
  ['  (*p).n <<= 2;', 10, '(*p).n'],
  ['  if (a) board->can[f(i)] += t;', 27, 'board->can[f(i)]'],
  ['  += t;', 3, undefined],
  ['  a = f(', 7, 'f'],
  ['  a + b', 5, undefined],
];

for (const [text, column, found] of EXPRESSIONS) {
  test(`what stands at column ${column} of "${text.trim()}" is ${found ?? 'no operand'}`, () => {
    assert.equal(expressionAt(text, column), found);
  });
}
