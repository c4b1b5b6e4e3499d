/**
 * Functions that an expression calls, on the side: with arguments and results of every kind, and without anything of the
 * session changing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, drive, file, launched } from '../driver.ts';
import { MODULE } from '../programs.ts';
import { KernelSource } from './kernel-source.ts';

const PROGRAM = `#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pair { int left; double right; };
struct one { short only; };
struct none {};
union either { int number; char bytes[4]; };
enum shade { DARK, LIGHT = 4 };
static int count = 10;
static char buffer[32];

static int twice(int n) { return 2 * n; }
static int sum(const int *values, int n) { int s = 0; for (int i = 0; i < n; i++) s += values[i]; return s; }
static double half(double x) { return x / 2; }
static float quarter(float x) { return x / 4; }
static long long wide(long long a, unsigned char b) { return a * 1000000007LL + b; }
static struct pair make(int left, double right) { struct pair p = { left, right }; return p; }
static double both(struct pair p, struct pair *q) { return p.left + p.right + q->left; }
static struct one shorter(struct one o) { o.only--; return o; }
static int second(struct none n, int value) { return value; }
static int of(union either e) { return e.bytes[1]; }
static enum shade lighter(enum shade s) { return s == DARK ? LIGHT : s; }
static int next(void) { return ++count; }
static void reset(int n) { count = n; }
static long double exact(long double x) { return x * 3; }
static const char *named(int n) { snprintf(buffer, sizeof buffer, "number %d", n); return buffer; }
static int (*chosen(int which))(int) { return which ? twice : abs; }
static int old();
static int old(a, b) int a; char b; { return a * b; }
static int spin(int n) { for (volatile int i = 0;; i++) n++; return n; }
static int divide(int a, int b) { return a / b; }
static int leave(int code) { exit(code); }
static int give_up(void) { abort(); }
static int ask(void) { return getchar(); }
static int say(int n) { printf("said %d\\n", n); return n; }

int main(void) {
  int values[3] = { 1, 2, 3 };
  int x = 5;
  struct pair p = make(3, 0.5);
  struct one o = shorter((struct one){ 8 });
  int (*function)(int) = chosen(1);
  char *text = malloc(8);
  strcpy(text, "hello");
  union either e = { 0x201 };
  struct none n;
  int all = x + sum(values, 3) + function(2) + (int)strlen(text) + (int)half(p.right) + (int)wide(1, 2) + o.only
    + second(n, 1) + of(e) + lighter(DARK) + (int)both(p, &p) + (int)quarter(1) + (int)exact(1) + old(1, 2) + named(1)[0];
  if (all == 1) { reset(3); spin(all); divide(1, all); leave(2); give_up(); ask(); say(1); next(); }
  return 0; // stop
}
`;

const path = file('calls.c', PROGRAM);
const lineOf = (text: string) => PROGRAM.split('\n').findIndex((line) => line.includes(text)) + 1;

async function stopped(text = '// stop', options: { stdin?: string } = {}): Promise<Driver> {
  const debug = await drive(path, options);
  debug.breakpoints(lineOf(text));
  debug.move('configurationDone');
  return debug;
}

test('arguments and results of every kind are passed as the compiler passes them', async () => {
  const debug = await stopped();
  for (const [expression, expected] of [
    ['twice(4)', '8'],
    ['twice(2.9)', '4'],
    ['twice(twice(x)) + 1', '21'],
    ['sum(values, 3) + 1', '7'],
    ['sum((int[]){ 4, 5 }, 2)', '9'],
    ['half(3)', '1.5'],
    ['quarter(1)', '0.25'],
    ['wide(-3, 258)', '-3000000019'],
    ['both(make(1, 2.5), &p)', '6.5'],
    ['make(7, 1).left', '7'],
    ['make(7, 1)', '{left = 7, right = 1}'],
    ['shorter((struct one){ 100 })', '{only = 99}'],
    ['shorter(o).only', '6'],
    ['second(n, 12)', '12'],
    ['of((union either){ .number = 0x500 })', '5'],
    ['lighter(DARK)', 'LIGHT'],
    ['exact(1.5)', '4.5'],
    ['old(3, 4)', '12'],
    ['strlen(text)', '5'],
    ['strlen("four" "teen")', '8'],
    ['function(21)', '42'],
    ['(*function)(21)', '42'],
    ['chosen(0)(-3)', '3'],
    ['named(42) == "number 42"', '1'],
    ['x > 9 && divide(1, 0)', '0'],
    ['x ? twice(1) : divide(1, 0)', '2'],
    ['next() + next() * 100', String(11 + 12 * 100)],
    ['reset(70), count', '70'],
    ['(reset(70), next())', '71'],
    ['(int)sizeof(divide(1, 0))', '4'],
  ] as const) {
    assert.equal(debug.evaluate(expression), expected, expression);
  }
  const { result, variablesReference, type } = debug.ask('evaluate', { expression: 'make(6, 2)', context: 'watch' });
  assert.deepEqual([result, type], ['{left = 6, right = 2}', 'struct pair']);
  assert.deepEqual(
    debug.children(variablesReference).map(({ name, value }) => `${name}=${value}`),
    ['left=6', 'right=2'],
  );
  assert.match(debug.evaluate('named(7)'), /^0x[\da-f]+ "number 7"$/);
  assert.equal(debug.evaluate('(void)next()'), 'void');
  assert.equal(debug.evaluate('reset(1)'), 'void');
});

test('what does not come back is an error that says why, and nothing of the session changes', async () => {
  const debug = await stopped();
  const before = [debug.state(), debug.output(), debug.ask('stepformer/position')];
  for (const [expression, why] of [
    ['divide(1, 0)', /^divide does not return: Trap: integer divide by zero \(calls\.c:\d+\)$/],
    ['leave(3)', /^leave does not return: it ends the program with code 3 \(calls\.c:\d+\)$/],
    [
      'give_up()',
      /^give_up does not return: The program called abort\(\) \(calls\.c:\d+\)\. Before, it printed: Aborted$/,
    ],
    ['leave(say(4))', /^leave does not return/],
    ['spin(1)', /^spin has not returned after 1,000,000 tokens, and was given up \(maxCallTokens\)$/],
    ['(say(1), divide(1, 0))', /integer divide by zero/],
    ['nothing(1)', /'nothing' cannot be called: the program has no such function/],
    ['atoi("3")', /'atoi' cannot be called: the program has no such function.*the library/],
    ['twice()', /twice takes 1 argument, not 0/],
    ['twice(1, 2)', /twice takes 1 argument, not 2/],
    ['twice(p)', /struct pair cannot be cast to int/],
    ['both(1, &p)', /int cannot be passed as struct pair/],
    ['x(1)', /int is no function/],
    ['((int (*)(int))1000)(1)', /0x3e8 points to no function/],
    ['twice(1', /'\)' is expected/],
    ['&twice(1)', /no address/],
  ] as const) {
    assert.throws(() => debug.evaluate(expression), why, expression);
  }
  assert.equal(debug.evaluate('next()'), '11');
  assert.equal(debug.evaluate('next()'), '11', 'each begins where the program stands');
  assert.deepEqual([debug.state(), debug.output(), debug.ask('stepformer/position')], before);
  assert.equal(debug.move('continue').reason, 'end');
});

test('the answer says how many tokens it took and what was printed; in the console people see both', async () => {
  const debug = await stopped();
  const ask = (expression: string, context: string) => debug.ask('evaluate', { expression, context });
  const watch = ask('say(5) + say(6)', 'watch');
  assert.deepEqual([watch.result, watch.output, watch.tokens > 100], ['11', 'said 5\nsaid 6\n', true]);
  const told = ask('say(5)', 'repl');
  assert.equal(told.result, `said 5\n5  // ${told.tokens.toLocaleString('en')} tokens`);
  assert.match(ask('printf("%d %s %.1f %c", 5, "abc", 2.5f, 65)', 'repl').result, /^5 abc 2.5 A\n11 {2}\/\/ /);
  assert.throws(() => debug.evaluate('(say(1), divide(1, 0))'), /divide by zero/);
  assert.equal(debug.output(), '');
});

test('hovers, conditions, log messages and prints call nothing, and say so', async () => {
  const debug = await stopped();
  assert.throws(
    () => debug.evaluate('twice(1)', { context: 'hover' }),
    /in watches and in the console, not in a hover/,
  );
  const [conditional, logging] = debug.breakpoints(
    { line: lineOf('// stop'), condition: 'twice(1) == 2' },
    { line: lineOf('// stop'), logMessage: '{twice(1)}' },
  );
  for (const breakpoint of [conditional, logging]) {
    assert.equal(breakpoint.verified, false);
    assert.match(breakpoint.message ?? '', /calls a function, which is done in watches and in the console only/);
  }
  const print = { path: debug.path, line: lineOf('// stop'), expression: 'twice(1)' };
  assert.throws(() => debug.ask('stepformer/print', print), /calls a function/);
  assert.throws(() => debug.ask('setExpression', { expression: 'x', value: 'twice(2)' }), /in the console only/);
});

test('a function reads the input that is left, in the past as now', async () => {
  const text =
    '#include <stdio.h>\nstatic int ask(void) { return getchar(); }\nint main(void) {\n  int a = ask();\n  int b = ask();\n  return a + b;\n}\n';
  const unbuffered = text.replace('int a =', 'setvbuf(stdin, 0, _IONBF, 0); int a =');
  const debug = await drive(file('asking.c', unbuffered), { stdin: 'xyz' });
  debug.breakpoints(5);
  debug.move('configurationDone');
  assert.equal(debug.evaluate('ask() * 1000 + ask()'), String(1000 * 121 + 122));
  debug.move('next');
  assert.equal(debug.evaluate('a * 1000 + b'), String(1000 * 120 + 121));
  assert.equal(debug.evaluate('ask()'), '122');
});

test('pause, and going on, stop a call that goes on', async () => {
  for (const command of ['pause', 'next'] as const) {
    const debug = await stopped();
    const args = { expression: 'spin(1)', context: 'watch', frameId: undefined, format: { hex: false } };
    const answering = debug.session.request('evaluate', args) as Generator;
    for (let i = 0; i < 3; i++) assert.equal(answering.next().done, false);
    debug.move(command);
    assert.throws(() => answering.next(), /the call was stopped/, command);
  }
});

test('assignments in the console are edits; elsewhere there are none', async () => {
  const debug = await stopped();
  const type = (expression: string) => debug.evaluate(expression, { context: 'repl' });
  for (const [expression, answer, after, value] of [
    ['x = 7', '7', 'x', '7'],
    ['values[1] += 2', '4', 'values[1]', '4'],
    ['values[x - 5] *= 1 + 2', '9', 'values[2]', '9'],
    ['p.left++', '3', 'p.left', '4'],
    ['--p.left', '3', 'p.left', '3'],
    ['p.right /= 2', '0.25', 'p.right', '0.25'],
    ['*values = count', '10', 'values[0]', '10'],
    ['x <<= 2', '28', 'x', '28'],
    ['p = make(8, 9)', undefined, 'p', '{left = 8, right = 9}'],
    ['x = x == 28 ? 1 : 2', '1', 'x', '1'],
  ] as const) {
    const said = type(expression);
    if (answer !== undefined) assert.equal(said, answer, expression);
    assert.equal(debug.evaluate(after), value, expression);
  }
  assert.match(type('x = twice(4)'), /^8 {2}\/\/ \d+ tokens$/);
  assert.equal(debug.evaluate('x'), '8');
  for (const context of ['watch', 'hover']) {
    assert.throws(() => debug.evaluate('x = 1', { context }), /assignments are made in the console/);
    assert.throws(() => debug.evaluate('x++', { context }), /assignments are made in the console/);
  }
  for (const [expression, why] of [
    ['x + 1 = 2', /no place of its own/],
    ['x = ', /expression is expected/],
    ['twice(1) = 2', /in watches and in the console only/],
    ['a, x = 2', /'a' is not in scope|assignments are made/],
  ] as const) {
    assert.throws(() => type(expression), why, expression);
  }
  assert.equal(debug.evaluate('x'), '8');
});

test('the model itself makes calls: what it says is what a right model says', async () => {
  const oracle = await stopped();
  const model = new Driver(path, await launched(path), {}, new KernelSource());
  model.breakpoints(lineOf('// stop'));
  model.move('configurationDone');
  for (const expression of ['both(make(1, 2.5), &p)', 'sum((int[]){ 4, 5 }, 2)', 'say(5)', 'next() * 100 + next()']) {
    const [said, expected] = [model, oracle].map((debug) =>
      debug.ask('evaluate', { expression, context: 'repl', format: { hex: false } }),
    );
    assert.deepEqual(said, expected, expression);
  }
  assert.throws(() => model.evaluate('divide(1, 0)'), /integer divide by zero/);
  assert.equal(model.move('continue').reason, 'end', 'its own run goes on');
});

test('functions of a module without debug information are called by their names', async () => {
  const debug = await drive(MODULE, { stopOnEntry: true });
  debug.move('configurationDone');
  assert.equal(debug.evaluate('twice(21)'), '42');
  assert.equal(debug.evaluate('$twice($total) + 1'), '201');
  assert.throws(() => debug.evaluate('twice("text")'), /the program has no stack in memory/);
  assert.throws(() => debug.evaluate('thrice(1)'), /no such function/);
});

test('functions that the compiler changed, or put into their callers, are refused rather than called wrongly', async () => {
  const text = `static int sink;
static int small(int n) { return n + 1; }
__attribute__((noinline)) static int get(const int *p) { sink++; return *p + 1; }
__attribute__((noinline)) static int fixed(int a, int b) { sink++; return a * b; }
__attribute__((noinline)) static int both(int a, int b) { sink++; return a * b; }
__attribute__((noinline)) static void put(int *p, int v) { sink++; p[0] = v; p[1] = v; }
int main(int argc, char **argv) {
  int x[2] = { argc };
  put(x, small(argc));
  return get(x) + fixed(7, argc) + fixed(7, argc + 2) + both(argc, 4) + both(argc + 1, 5);
}
`;
  const optimised = file('optimised-calls.c', text);
  const debug = new Driver(optimised, await launched(optimised, [], '', 'O2'), { stopOnEntry: true });
  debug.move('configurationDone');
  assert.equal(debug.evaluate('both(6, 7)'), '42');
  assert.equal(debug.evaluate('both(2, 3), sink'), '1');
  assert.throws(() => debug.evaluate('small(1)'), /the compiler put its code into those that call it/);
  assert.throws(
    () => debug.evaluate('get((int[]){ 41 })'),
    /the compiler may have changed what it takes: optimise less/,
  );
  assert.throws(
    () => debug.evaluate('fixed(7, 3)'),
    /code takes \(i32\) and returns a value, where its declaration says \(i32, i32\) and/,
  );
});

test("input that is asked for is not asked for by a call; the budget of calls is the configuration's", async () => {
  const text = '#include <stdio.h>\nstatic int ask(void) { return getchar(); }\nint main(void) {\n  return ask();\n}\n';
  const waiting = file('waiting.c', text);
  const asking = async (options: object = {}) =>
    new Driver(waiting, await launched(waiting), { stdin: { ask: true }, stopOnEntry: true, ...options });
  const debug = await asking({ maxCallTokens: 20 });
  debug.move('configurationDone');
  assert.throws(() => debug.evaluate('ask()'), /ask has not returned after 20 tokens/);
  const patient = await asking();
  patient.move('configurationDone');
  assert.throws(() => patient.evaluate('ask()'), /ask reads input that was not given yet/);
  assert.ok(!patient.events.some(({ event }) => event === 'stepformer/inputNeeded'));
});
