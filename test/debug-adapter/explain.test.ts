/** Where values came from, who read them and what led to a line: what a session answers of C, on the oracle's tokens. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { ControlAnswer, Hop, OriginAnswer, ReadersAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { drive, file } from './driver.ts';
import { CHAIN, lineOf, MIXTURE, origin, standing } from './questions.ts';

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
  [
    'p',
    ['initializer', '102'],
    { text: 'character 4 of "stepformer"', place: { path: MIXTURE, line: lineOf(MIXTURE, '"stepformer"') } },
  ],
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
  const byte = history.input.tokenOf(0);
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
