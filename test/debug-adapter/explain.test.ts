/** Where values came from, who read them and what led to a line: what a session answers, on the oracle's tokens. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { expressionAt } from '../../debug-adapter/explain/source-text.ts';
import type { ControlAnswer, Hop, OriginAnswer, ReadersAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { type Driver, drive, file } from './driver.ts';

const CHAIN = file(
  'chain.c',
  `#include <stdio.h>
#include <string.h>
struct s { int a, b; };
static int add(int x, int y) { return x + y; }
int main(void) {
  int first = 3;
  struct s one = { first, 5 }, two;
  memcpy(&two, &one, sizeof two);
  int sum = add(two.a, two.b);
  int copy = sum;
  int digit = getchar() - 48;
  printf("%d %d\\n", copy, digit);
  return 0;
}
`,
);

const MIXTURE = file(
  'mixture.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct item { int key; char name[8]; double weight; };
static struct item items[3] = { { 3, "three", 1.5 }, { 1, "one", 2.5 }, { 2, "two", 0.5 } };
static int zero;
static int compare(const void *a, const void *b) {
  return ((const struct item *)a)->key - ((const struct item *)b)->key;
}
int main(void) {
  char line[16], pieces[4] = { 1, 2, 3, 4 }, again[4];
  fgets(line, sizeof line, stdin);
  signed char c = line[1];
  int wide = c;
  unsigned char u = line[2];
  int more = u + 1;
  qsort(items, 3, sizeof items[0], compare);
  double w = items[1].weight * 2.0;
  int rest = (long long)items[0].key * 1000000007LL % 1000;
  int z = zero;
  const char *literal = "stepformer";
  char p = literal[4];
  int pick = items[0].key > 0 ? more : wide;
  for (int i = 0; i < 4; i++)
    again[i] = pieces[i];
  int joined;
  memcpy(&joined, again, 4);
  if (pick == 34 && wide)
    printf("%f %d %d %c %d\\n", w, rest, z, p, joined);
  return 0;
}
`,
);

const lineOf = (path: string, needle: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(needle)) + 1;

/** A session that stands at a line. */
async function standing(path: string, needle: string, stdin: string): Promise<Driver> {
  const debug = await drive(path, { stdin });
  debug.breakpoints(lineOf(path, needle));
  debug.move('configurationDone');
  return debug;
}

const origin = (debug: Driver, args: object): OriginAnswer => debug.ask('stepformer/origin', args);

/** `kind value line` per hop; the line as the text of the source. */
const told = (path: string, { hops }: OriginAnswer) =>
  hops.map(({ kind, value, place }) => [
    kind,
    value,
    place ? readFileSync(path, 'utf8').split('\n')[place.line - 1].trim().slice(0, 22) : '',
  ]);

test('a value leads through copies and calls to the computation, whose operands lead on', async () => {
  const debug = await standing(CHAIN, 'printf', '7');
  const found = origin(debug, { expression: 'copy' });
  assert.deepEqual(told(CHAIN, found), [
    ['copy', '8', 'int copy = sum;'],
    ['copy', '8', 'int sum = add(two.a, t'],
    ['compute', '8', 'static int add(int x, '],
  ]);
  const sum = found.hops[2] as Hop;
  assert.deepEqual([sum.expression, sum.function, found.more], ['x + y', 'add', false]);
  assert.deepEqual(
    sum.operands?.map(({ text, value }) => [text, value]),
    [
      ['x', '3'],
      ['y', '5'],
    ],
  );
  const three = origin(debug, { token: sum.operands?.[0].token });
  assert.deepEqual(told(CHAIN, three), [
    ['copy', '3', 'static int add(int x, '],
    ['copy', '3', 'int first = 3;'],
    ['constant', '3', 'int first = 3;'],
  ]);
  assert.equal(three.hops[1].folded, 2, 'the initialiser and memcpy');
  assert.deepEqual(
    three.hops[1].through?.map(({ place }) => place?.line),
    [8, 7],
  );
});

test('a computation with one operand that is no constant is gone through, down to the input', async () => {
  const debug = await standing(CHAIN, 'printf', '7');
  const { hops } = origin(debug, { expression: 'digit' });
  assert.deepEqual(
    hops.map(({ kind, value, expression }) => [kind, value, expression ?? '']),
    [
      ['copy', '7', ''],
      ['compute', '7', 'getchar() - 48'],
      ['input', '55', ''],
    ],
  );
  assert.deepEqual([hops[2].index, hops[2].text], [0, "byte 0 of standard input: '7'"]);
  assert.equal(hops[1].operands?.[1].constant, true);
  const limited = origin(debug, { expression: 'digit', limit: 2 });
  assert.deepEqual([limited.hops.length, limited.more], [2, true]);
});

test('what was put together of several values has parts, each good for another question', async () => {
  const debug = await standing(CHAIN, 'printf', '7');
  const { hops } = origin(debug, { expression: 'two' });
  assert.deepEqual(
    hops[0].operands?.map(({ text, value, bytes }) => [text, value, bytes]),
    [
      ['.a', '3', 4],
      ['.b', '5', 4],
    ],
  );
  const part = hops[0].operands?.[1];
  const five = origin(debug, { token: part?.token, bytes: part?.bytes });
  assert.deepEqual(five.hops.at(-1)?.kind, 'constant');
  assert.equal(five.hops.at(-1)?.place?.line, 7);
  const both = origin(debug, { expression: 'sum + digit' });
  assert.deepEqual([both.hops[0].kind, both.hops[0].operands?.map(({ value }) => value)], ['compute', ['8', '7']]);
});

const ORIGINS: [expression: string, last: [kind: string, value: string], more: object][] = [
  ['wide', ['input', '98'], { index: 1 }],
  ['more', ['input', '33'], { index: 2 }],
  ['items[0].key', ['initializer', '1'], { place: { path: MIXTURE, line: 5 } }],
  ['items[2].name[1]', ['initializer', '104'], { place: { path: MIXTURE, line: 5 } }],
  ['w', ['initializer', '0.5'], { place: { path: MIXTURE, line: 5 } }],
  ['rest', ['initializer', '1'], { place: { path: MIXTURE, line: 5 } }],
  ['z', ['initializer', '0'], { place: { path: MIXTURE, line: 6 } }],
  ['p', ['initializer', '102'], { text: 'character 4 of "stepformer"' }],
  ['pick', ['input', '33'], { index: 2 }],
];

for (const [expression, [kind, value], more] of ORIGINS) {
  test(`the origin of ${expression}, through the library`, async () => {
    const debug = await standing(MIXTURE, 'if (pick == 34', 'ab!42\n');
    const last = origin(debug, { expression }).hops.at(-1) as Hop;
    assert.deepEqual([last.kind, last.value], [kind, value]);
    for (const [field, wanted] of Object.entries(more)) assert.deepEqual(last[field as keyof Hop], wanted);
  });
}

test('an operator that is a helper function is one hop, in the terms of C', async () => {
  const debug = await standing(MIXTURE, 'if (pick == 34', 'ab!42\n');
  const computed = origin(debug, { expression: 'w' }).hops.find((hop) => hop.kind === 'compute');
  assert.deepEqual([computed?.expression, computed?.value, computed?.function], ['items[1].weight * 2', '1', 'main']);
  assert.deepEqual(
    computed?.operands?.map(({ text, value: shown }) => [text, shown]),
    [
      ['items[1].weight', '0.5'],
      ['2', '2'],
    ],
  );
});

test('bytes that were copied one by one are one value again where they come together', async () => {
  const debug = await standing(MIXTURE, 'if (pick == 34', 'ab!42\n');
  const { hops } = origin(debug, { expression: 'joined' });
  assert.deepEqual(
    hops.map(({ kind }) => kind),
    ['copy', 'copy', 'initializer'],
  );
  assert.equal(hops[2].value, String(0x04030201));
});

test('a printed character and every token of its way have an origin', async () => {
  const debug = await drive(CHAIN, { stdin: '7', stopOnEntry: false });
  debug.move('configurationDone');
  const { recording } = debug.session;
  const { history } = recording;
  const outputs = Array.from({ length: history.lines }, (_, line) => line).filter((line) =>
    /^out\(7\)/.test(history.text(line)),
  );
  const { hops } = origin(debug, { token: history.firstToken(outputs[0]) });
  assert.equal(hops[0].text, 'printf("%d %d\\n", copy, digit);');
  assert.equal(hops[0].place?.line, 12);
  assert.equal(hops.at(-1)?.kind, 'input', JSON.stringify(hops));
  const read = hops.at(-1) as Hop;
  const byte = history.promptLength - 2;
  assert.deepEqual(origin(debug, { token: byte }).hops, [
    { kind: 'input', text: "byte 0 of standard input: '7'", index: 0, value: '55', traceLine: -1, token: byte },
  ]);
  const readers: ReadersAnswer = debug.ask('stepformer/readers', { token: byte });
  assert.deepEqual(
    readers.readers.map(({ traceLine }) => traceLine),
    [read.traceLine],
  );
});

test('readers of a variable are the lines that loaded it before it was written again', async () => {
  const path = file(
    'readers.c',
    'int main(void) {\n  int n = 1;\n  int a = n + 1;\n  int b = n + a;\n  n = 9;\n  int c = n;\n  return a + b + c;\n}\n',
  );
  const debug = await standing(path, 'return', '');
  const linesOf = (token: number, limit?: number) => {
    const { readers, more }: ReadersAnswer = debug.ask('stepformer/readers', { token, ...(limit && { limit }) });
    return [readers.map(({ place }) => place?.line), more];
  };
  const nine = origin(debug, { expression: 'n' }).hops[0];
  assert.deepEqual([nine.place?.line, nine.value], [5, '9']);
  assert.deepEqual(linesOf(nine.token), [[6], false]);
  const sum = origin(debug, { expression: 'b' }).hops.find(({ kind }) => kind === 'compute');
  const [one] = origin(debug, { token: sum?.operands?.[0].token }).hops;
  assert.deepEqual([one.place?.line, one.value], [2, '1']);
  assert.deepEqual(linesOf(one.token), [[3, 4], false]);
  assert.deepEqual(linesOf(one.token, 1), [[3], true]);
});

test('control: the branch that decided, with its condition; in straight code the call', async () => {
  const debug = await standing(MIXTURE, 'printf(', 'ab!42\n');
  const branch: ControlAnswer = debug.ask('stepformer/control');
  assert.deepEqual([branch.kind, branch.place?.line, branch.taken], ['branch', lineOf(MIXTURE, 'if (pick'), false]);
  const { hops } = origin(debug, { token: branch.condition?.token });
  assert.deepEqual([hops.at(-1)?.kind, hops.at(-1)?.index], ['input', 1], 'wide is the second of the conditions');
  const inside = await drive(CHAIN, { stdin: '7' });
  inside.breakpoints(4);
  inside.move('configurationDone');
  const call: ControlAnswer = inside.ask('stepformer/control');
  assert.deepEqual([call.kind, call.place?.line, call.function], ['call', 9, 'main']);
});

test('the result of a comparison is followed through the bits that compilers take of it', async () => {
  const path = file(
    'compare.c',
    'int main(void) {\n  int a = 4, b = 5;\n  if (a == b || a > b)\n    return 1;\n  return 0;\n}\n',
  );
  const debug = await standing(path, 'return 0', '');
  const branch: ControlAnswer = debug.ask('stepformer/control');
  assert.deepEqual([branch.kind, branch.place?.line], ['branch', 3]);
  const { hops } = origin(debug, { token: branch.condition?.token });
  const { expression, operands } = hops.findLast(({ kind }) => kind === 'compute') as Hop;
  assert.deepEqual([expression, operands?.map(({ value }) => value)], ['a > b', ['4', '5']]);
});

test('more copies than are followed at once: the answer says so, and where to go on', async () => {
  const path = file(
    'copies.c',
    `int main(void) {
  int a = 7, b;
  for (int i = 0; i < 2000; i++) {
    b = a;
    a = b;
  }
  return a;
}
`,
  );
  const debug = await standing(path, 'return', '');
  let answer = origin(debug, { expression: 'a', limit: 100 });
  assert.deepEqual([answer.more, answer.hops.every(({ kind }) => kind === 'copy')], [true, true]);
  assert.ok((answer.hops[1].folded ?? 0) > 1000);
  for (let asked = 0; answer.more && asked < 10; asked++) {
    answer = origin(debug, { token: answer.hops.at(-1)?.token, limit: 100 });
  }
  assert.deepEqual([answer.hops.at(-1)?.kind, answer.hops.at(-1)?.value], ['constant', '7']);
});

test('arguments stand before the input, and are told apart from it', async () => {
  const path = file(
    'arguments.c',
    `#include <stdio.h>
int main(int argc, char **argv) {
  char first = argv[1][0];
  int c = getchar();
  return first + c;
}
`,
  );
  const debug = await drive(path, { args: ['xyz'], stdin: 'q' });
  debug.breakpoints(5);
  debug.move('configurationDone');
  const last = (expression: string) => origin(debug, { expression }).hops.at(-1);
  assert.deepEqual([last('first')?.text, last('first')?.value], ['a byte of the arguments', '120']);
  assert.deepEqual([last('c')?.text, last('c')?.value], ["byte 0 of standard input: 'q'", '113']);
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
  ['  a = f(', 7, 'f'],
  ['  a + b', 5, undefined],
];

for (const [text, column, found] of EXPRESSIONS) {
  test(`what stands at column ${column} of "${text.trim()}" is ${found ?? 'no operand'}`, () => {
    assert.equal(expressionAt(text, column), found);
  });
}
