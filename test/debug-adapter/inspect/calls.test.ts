/**
 * Functions that an expression calls, on the side: with arguments and results of every kind, and without anything of the
 * session changing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Driver, drive, file } from '../driver.ts';

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

async function stopped(text = '// stop', options: object = {}): Promise<Driver> {
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
  assert.equal(debug.evaluate('(void)next()'), debug.evaluate('reset(1)'));
});
