/** A local variable that nothing was stored in says so, instead of showing what earlier calls left in its place. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drive, file } from '../driver.ts';

const path = file(
  'unwritten.c',
  `struct pair { int x, y; };
int dirt(int n) {
  int a = n, b = n + 1, c = n + 2;
  return a + b + c;
}
int clean(int p) {
  static int calls;
  int first;
  int many[3];
  struct pair both;
  volatile char letter;
  calls += 1;
  many[1] = p;
  both.x = first = p;
  letter = 'x';
  return first + many[1] + both.x + letter + calls;
}
int main(void) {
  int result = dirt(77);
  result += clean(5);
  return result;
}
`,
);

test('until something is stored there, in this call', async () => {
  const debug = await drive(path);
  debug.breakpoints(12, 13, 16);
  assert.equal(debug.go('configurationDone'), 'breakpoint clean:12');
  const none = 'not written yet';
  const before = debug.scope('Locals');
  assert.deepEqual([before.p, before.calls], ['5', '0'], 'parameters are written, statics have their initial value');
  assert.deepEqual([before.first, before.many, before.both, before.letter], [none, none, none, none]);
  assert.equal(debug.scope('Locals', 1).result, '234', 'the caller has its own');
  debug.move('continue');
  assert.equal(debug.scope('Locals').calls, '1');
  debug.move('continue');
  const after = debug.scope('Locals');
  assert.match(after.many, /, 5, /, 'one of three elements: all are shown');
  assert.match(after.both, /x = 5|5/);
  assert.deepEqual([after.first, after.letter.includes("'x'")], ['5', true]);
  debug.move('reverseContinue');
  debug.move('reverseContinue');
  assert.equal(debug.scope('Locals').first, none, 'the same in the other direction');
});

test('an edit writes; an expression shows the bytes that are there', async () => {
  const debug = await drive(path);
  debug.breakpoints(13);
  debug.move('configurationDone');
  assert.equal(debug.scope('Locals').first, 'not written yet');
  assert.match(debug.ask('evaluate', { expression: 'first' }).result, /^-?\d+$/);
  debug.ask('setExpression', { expression: 'first', value: '9' });
  assert.equal(debug.scope('Locals').first, '9');
});
