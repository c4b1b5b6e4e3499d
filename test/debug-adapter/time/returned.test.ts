/** After a step: what each call returned that it passed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const PROGRAM = file(
  'returned.c',
  `#include <stdbool.h>
struct pair { int left, right; };
static bool positive(int n) {
  return n > 0;
}
static struct pair swapped(struct pair from) {
  struct pair made = { from.right, from.left };
  return made;
}
static double half(int n) {
  return n / 2.0;
}
static long long wide(int n) {
  return (long long)n << 40;
}
static void nothing(void) {
}
int main(void) {
  struct pair pair = { 1, 2 };
  int both = positive(3) + positive(-3);
  pair = swapped(pair);
  double d = half(5) + wide(1);
  nothing();
  for (int i = 0; i < 20; i++) both += positive(i);
  return both + (int)d;
}
`,
);

test('values returned are the first rows of Locals after steps over and out, and nowhere else', async () => {
  const driver = await drive(PROGRAM);
  driver.move('configurationDone');
  const returned = () =>
    driver
      .children(driver.reference('Locals'))
      .flatMap(({ name, value }) => (name.includes('()') ? [`${name} ${value}`] : []));
  driver.move('next');
  assert.deepEqual(returned(), []);
  driver.move('next');
  assert.deepEqual(returned(), ['positive() returned true', 'positive() returned false']);
  assert.equal(driver.children(driver.reference('Locals'))[0].name, 'positive() returned');
  assert.equal(driver.go('stepIn'), 'step swapped:7');
  assert.deepEqual(returned(), []);
  assert.equal(driver.go('stepOut'), 'step main:21');
  assert.deepEqual(returned(), ['swapped() returned {left = 2, right = 1}']);
  const [row] = driver.children(driver.reference('Locals'));
  assert.deepEqual(
    driver.children(row.variablesReference).map(({ name, value }) => `${name} ${value}`),
    ['left 2', 'right 1'],
  );
  driver.move('next');
  driver.move('next');
  assert.deepEqual(returned(), ['half() returned 2.5', 'wide() returned 1099511627776']);
  driver.move('next');
  assert.deepEqual(returned(), [], 'nothing has no value');
  driver.move('stepBack');
  driver.move('stepBack');
  assert.deepEqual(returned(), [], 'backwards nothing returns');
  driver.breakpoints(25);
  driver.move('continue');
  assert.deepEqual(returned(), []);
});

test('of very many the last are shown', async () => {
  const driver = await drive(PROGRAM);
  driver.breakpoints(24);
  driver.move('configurationDone');
  driver.breakpoints();
  driver.move('next');
  const rows = driver.children(driver.reference('Locals')).filter(({ name }) => name.includes('()'));
  assert.equal(rows.length, 10);
});
