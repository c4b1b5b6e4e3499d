/** Questions about all of the recording: histories, prints after the fact, calls, searches, coverage. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { AnswerOf } from '../../debug-adapter/protocol/protocol.ts';
import { BadRequest } from '../../debug-adapter/protocol/schema.ts';
import { PlacedError } from '../../engine/errors.ts';
import { type Driver, drive, file } from './driver.ts';
import { lineOf } from './questions.ts';

const PROGRAM = file(
  'past.c',
  `#include <stdio.h>
int total;
static int twice(int x) { return x + x; }
static int sum(const char *name, int n) {
  int s = 0;
  for (int i = 0; i < n; i++) {
    s += twice(i) + twice(1);
  }
  total += s;
  return s;
}
static unsigned char deep(unsigned char n) {
  if (n == 0) return 200;
  return deep(n - 1);
}
int main(void) {
  int r = sum("a", 3) + sum("bc", 2);
  printf("total %d\\n", total);
  if (r == 5)
    puts("never");
  fprintf(stderr, "total to the side\\n");
  return deep(3) - 200;
}
`,
);

/** The program, run to its end. */
async function ended(): Promise<Driver> {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.move('continue');
  return debug;
}

const rowsOf = (debug: Driver, line: string, expression: string, more: object = {}) =>
  debug.ask('stepformer/print', {
    path: PROGRAM,
    line: lineOf(PROGRAM, line),
    expression,
    ...more,
  }) as AnswerOf<'stepformer/print'>;

test('a print after the fact says what watching each stop would have said; coming back from a call is no stop', async () => {
  const debug = await ended();
  const { rows, total } = rowsOf(debug, 's += twice', 's * 10 + i');
  assert.deepEqual(
    rows.map(({ value }) => value),
    ['0', '21', '62', '0', '21'],
  );
  assert.equal(total, 5);
  for (const { traceLine, token, value } of rows) {
    debug.ask('stepformer/travel', { traceLine });
    assert.equal(debug.evaluate('s * 10 + i'), value);
    assert.equal(debug.ask('stepformer/position').token, token);
  }
  const some = rowsOf(debug, 's += twice', 's', { condition: 'i == 1 || i == 2', limit: 2 });
  assert.deepEqual(
    [some.rows.map(({ value }) => value), some.total],
    [['2', '2'], 3].map((x, i) => (i ? x : ['2', '6'])),
  );
  const several = rowsOf(debug, 's += twice', `s; i == ';' ; s * 10 + i;`, { limit: 2 });
  assert.deepEqual(several.columns, ['s', `i == ';'`, 's * 10 + i']);
  assert.deepEqual(
    several.rows.map(({ value, others }) => [value, others]),
    [
      ['0', ['0', '0']],
      ['2', ['0', '21']],
    ],
  );
  const failing = rowsOf(debug, 'int r = ', '1 / total');
  assert.equal(failing.rows[0].failed, true);
  assert.match(failing.rows[0].value, /zero/);
});

test('prints, calls and histories end where the user has come to', async () => {
  const debug = await drive(PROGRAM, { stopOnEntry: true });
  debug.move('configurationDone');
  debug.breakpoints({ line: lineOf(PROGRAM, 's += twice'), hitCondition: '2' });
  debug.move('continue');
  assert.equal(rowsOf(debug, 's += twice', 's').total, 2);
  const { calls } = debug.ask('stepformer/calls', { function: 'sum' }) as AnswerOf<'stepformer/calls'>;
  assert.equal(calls.length, 1);
  assert.deepEqual([calls[0].end, calls[0].returned], [undefined, undefined]);
  const { writes } = debug.ask('stepformer/history', { expression: 's' }) as AnswerOf<'stepformer/history'>;
  assert.deepEqual(
    writes.map(({ value }) => value),
    ['0', '2'],
  );
});

test('what cannot be printed says why', async () => {
  const debug = await ended();
  assert.throws(() => rowsOf(debug, 'int r = ', 'nothing'), PlacedError);
  assert.throws(() => rowsOf(debug, 'int total', 'total'), BadRequest);
  assert.throws(
    () => debug.ask('stepformer/print', { path: '/no/such.c', line: 1, expression: '1' }),
    (error) => error instanceof BadRequest && /not a part of the program/.test(error.message),
  );
  assert.throws(() => debug.ask('stepformer/calls', { function: 'absent' }), BadRequest);
});

test('calls have their arguments, results, depth and length, recursion too', async () => {
  const debug = await ended();
  const told = (name: string) => {
    const { calls, total } = debug.ask('stepformer/calls', { function: name }) as AnswerOf<'stepformer/calls'>;
    assert.equal(calls.length, total);
    return calls;
  };
  const sums = told('sum');
  assert.deepEqual(
    sums.map(({ arguments: args, returned }) => [args.map(({ value }) => value.replace(/^0x\w+ /, '')), returned]),
    [
      [['"a"', '3'], '12'],
      [['"bc"', '2'], '6'],
    ],
  );
  const deep = told('deep');
  assert.deepEqual(
    deep.map(({ arguments: [n], returned, depth }) => [
      n.name,
      Number.parseInt(n.value, 10),
      returned?.slice(0, 3),
      depth - deep[0].depth,
    ]),
    [3, 2, 1, 0].map((n, i) => ['n', n, '200', i]),
  );
  for (const { traceLine, end = 0, lines } of deep) {
    assert.ok(traceLine < end && lines > 0);
    debug.ask('stepformer/travel', { traceLine });
    assert.equal(debug.where(), `deep:${lineOf(PROGRAM, 'if (n == 0)')}`);
  }
  const library = told('printf');
  assert.deepEqual(
    library.map(({ arguments: args }) => args.length),
    [2],
  );
});

test('the history of a local is that of its call; of a global, that of the run', async () => {
  const debug = await ended();
  const [, second] = debug.ask('stepformer/calls', { function: 'sum' }).calls;
  debug.ask('stepformer/travel', { traceLine: second.traceLine });
  const valuesOf = (expression: string) => {
    const { writes, total } = debug.ask('stepformer/history', { expression }) as AnswerOf<'stepformer/history'>;
    assert.equal(writes.length, total);
    return writes.map(({ value, place, traceLine, token }) => {
      assert.equal(debug.ask('stepformer/travel', { token }).traceLine, traceLine);
      return `${place?.line}: ${value}`;
    });
  };
  const at = (text: string) => lineOf(PROGRAM, text);
  assert.deepEqual(valuesOf('total'), [`${at('total += s')}: 12`, `${at('total += s')}: 18`]);
  debug.ask('stepformer/travel', { traceLine: second.traceLine });
  assert.deepEqual(valuesOf('s'), [`${at('int s = 0')}: 0`, `${at('s += twice')}: 2`, `${at('s += twice')}: 6`]);
  assert.throws(() => debug.ask('stepformer/history', { expression: 'total + 1' }), BadRequest);
});

test('a search finds functions, output and the writes that made a value so', async () => {
  const debug = await ended();
  const found = (text: string, more: object = {}) => {
    const { hits, more: left } = debug.ask('stepformer/search', { text, ...more }) as AnswerOf<'stepformer/search'>;
    return [hits.map(({ kind, text: what, place }) => `${kind} ${what} ${place?.line}`), left];
  };
  const at = (text: string) => lineOf(PROGRAM, text);
  assert.deepEqual(found('TWIC'), [[`function twice ${at('static int twice')}`], false]);
  const printed = [`output total 18 ${at('printf("total')}`, `output total to the side ${at('fprintf')}`];
  assert.deepEqual(found('total'), [printed, false]);
  assert.deepEqual(found('total', { limit: 1 }), [printed.slice(0, 1), true]);
  assert.deepEqual(found('s == 6'), [Array(2).fill(`value s == 6 ${at('s += twice')}`), false]);
  assert.deepEqual(found('n = 2', { kinds: ['value'] })[0], [
    `value n == 2 ${at('static int sum')}`,
    `value n == 2 ${at('static unsigned char deep')}`,
  ]);
  assert.deepEqual(found('never'), [[], false]);
});

test('coverage: lines of a call, how often, and all its tokens accounted for', async () => {
  const debug = await ended();
  const of = (name: string) => {
    const [call] = debug.ask('stepformer/calls', { function: name }).calls;
    return debug.ask('stepformer/coverage', { traceLine: call.traceLine }) as AnswerOf<'stepformer/coverage'>;
  };
  const main = of('main');
  const text = readFileSync(PROGRAM, 'utf8').split('\n');
  const counts = main.lines.map(({ place, count }) => [text[place.line - 1].trim().slice(0, 6), count]);
  assert.deepEqual(counts, [
    ['int r ', 1],
    ['printf', 1],
    ['if (r ', 1],
    ['puts("', 0],
    ['fprint', 1],
    ['return', 1],
  ]);
  const sum = main.lines.reduce((all, { tokens }) => all + tokens, 0);
  assert.ok(sum <= main.tokens && sum > 0.9 * main.tokens, 'all but the prologue is on lines');
  const inner = of('sum');
  assert.equal(inner.function, 'sum');
  assert.deepEqual(
    inner.lines.map(({ count }) => count),
    [1, 4, 3, 1, 1],
  );
});
