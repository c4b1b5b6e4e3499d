/** The Attention view's first sentence: what an instruction does, in C's terms. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Driver, drive, file } from '../driver.ts';

const PARTS = file(
  'parts.c',
  `struct point {
  int x, y[3];
};
static struct point points[2];
static int start = 7;
int unset;
static void put(int *where, int what) {
  *where = what;
}
int main(void) {
  struct point here = {1, {2, 3, 4}};
  put(&here.y[1], start);
  points[1] = here;
  return points[1].y[1] - here.x + unset;
}
`,
);

const MODULE = file(
  'no-c.wat',
  '(module\n  (func (export "main") (result i32)\n    i32.const 3\n    i32.const 4\n    i32.add))\n',
);

interface Part {
  text: string;
  isCode?: boolean;
  token?: number;
  traceLine?: number;
  place?: { path: string; line: number };
}

const spelled = (parts: Part[]) => parts.map(({ text, isCode }) => (isCode ? `\`${text}\`` : text)).join('');

/** The headlines of a C line's instructions, from the position on. */
function headlines(debug: Driver, line: number): string[] {
  const found = [];
  while (debug.frames()[0].line === line) {
    found.push(spelled(debug.ask('stepformer/attention').headline));
    debug.move('next', { granularity: 'instruction' });
  }
  return found;
}

test('reads, writes and computations are told of variables, with the line that wrote them', async () => {
  const debug = await drive(PARTS);
  debug.breakpoints(8, 14);
  assert.equal(debug.go('configurationDone'), 'breakpoint put:8');
  const put = headlines(debug, 8);
  assert.equal(put[0], 'begins `*where = what;` on line 8, which reads `what` (7) and `where` (0x7ffff0 → 3)');
  assert.equal(put.filter((text) => text.startsWith('begins')).length, 1, 'a line begins once');
  assert.ok(put.includes('looks up where the variables of put are, for `*where = what;` on line 8'), put.join('\n'));
  assert.ok(put.includes('reads `what` (7) – written by `put(&here.y[1], start);` on line 12, 2 instructions ago'));
  assert.ok(put.includes('writes `here.y[1]` (7) of main, for `*where = what;` on line 8'), put.join('\n'));
  debug.move('continue');
  const last = headlines(debug, 14);
  const reads = last.filter((text) => text.startsWith('reads')).map((text) => text.replace(/, [\d,]+ instr.*/, ''));
  assert.deepEqual(reads, [
    'reads `points[1].y[1]` (7) – written by `points[1] = here;` on line 13',
    'reads `here.x` (1) – written by `struct point here = {1, {2, 3, 4}};` on line 11',
    'reads `unset` (0) – nothing has written it',
  ]);
  assert.ok(
    last.includes(
      'computes `points[1].y[1] - here.x`: 7 - 1 = 6, for `return points[1].y[1] - here.x + unset;` on line 14',
    ),
  );
});

test('what wrote a value is a moment to travel to; a value of the program was there from the beginning', async () => {
  const debug = await drive(PARTS);
  debug.breakpoints(12);
  debug.move('configurationDone');
  let parts: Part[] = [];
  for (let steps = 0; steps < 20 && !spelled(parts).startsWith('reads'); steps++) {
    debug.move('next', { granularity: 'instruction' });
    parts = debug.ask('stepformer/attention').headline;
  }
  assert.equal(spelled(parts), 'reads `start` (7) – its value from the beginning');
  const [value] = parts.filter(({ token }) => token !== undefined);
  assert.equal(value.text, ' (7)');
  assert.equal(value.traceLine, undefined, 'a token of the prompt');
  debug.breakpoints(14);
  debug.move('continue');
  for (parts = []; !spelled(parts).startsWith('reads'); parts = debug.ask('stepformer/attention').headline) {
    debug.move('next', { granularity: 'instruction' });
  }
  const writer = parts.at(-3);
  assert.deepEqual(
    parts.filter(({ place }) => place),
    [writer],
    'what wrote it is a place in C',
  );
  assert.deepEqual(writer?.place, { path: PARTS, line: 13 });
  assert.match(writer?.text ?? '', /^points\[1\] = here/);
  debug.ask('stepformer/travel', { token: writer?.token });
  assert.equal(debug.frames().find(({ name }) => name === 'main')?.line, 13);
});

test('the library is told by what called it; text of WebAssembly is quoted like C', async () => {
  const debug = await drive(file('says.c', '#include <stdio.h>\nint main(void) {\n  puts("hi");\n  return 0;\n}\n'));
  debug.move('configurationDone');
  const said = [];
  for (let steps = 0; steps < 12; steps++) {
    said.push(spelled(debug.ask('stepformer/attention').headline));
    debug.move('stepIn', { granularity: 'instruction' });
  }
  assert.ok(said.includes('calls `puts`, for `puts("hi");` on line 3'), said.join('\n'));
  assert.ok(said.includes('works inside `puts`, called by `puts("hi");` on line 3'), said.join('\n'));
  const module = await drive(MODULE);
  module.move('configurationDone');
  assert.deepEqual(headlines(module, 3), ['takes the number 3, for `i32.const 3` on line 3']);
  module.move('next');
  assert.equal(spelled(module.ask('stepformer/attention').headline), 'computes 3 + 4 = 7, for `i32.add))` on line 5');
});

const STEPS = file(
  'steps.c',
  `#include <stdio.h>
static int total;
static double half = 0.5;
static int twice(int n) {
  return 2 * n;
}
int main(void) {
  int numbers[3];
  unsigned most = 4294967295u;
  numbers[1] = twice(7);
  if (most > 3) total = numbers[1];
  half = half + 1.5;
  int (*other)(int) = twice;
  half = other(total);
  printf("%d\\n", total);
  return total > 20 ? 1 : 0;
}
`,
);

/** Every instruction from the position to the end of the program, library left out. */
async function told(path: string): Promise<string[]> {
  const debug = await drive(path);
  debug.move('configurationDone');
  const found: string[] = [];
  for (let steps = 0; steps < 2000; steps++) {
    const text = spelled(debug.ask('stepformer/attention').headline);
    if (!text.startsWith('works inside')) found.push(text);
    if (text.startsWith('has ended')) return found;
    debug.move('stepIn', { granularity: 'instruction' });
  }
  return found;
}

test('a line begins with what it will do; entering and leaving functions are told as such; nothing is a bare step', async () => {
  const said = await told(STEPS);
  const all = said.join('\n');
  for (const wanted of [
    'begins `unsigned most = 4294967295u;` on line 9, which writes `most`',
    'begins `printf("%d\\n", total);` on line 15, which reads `total` (14) and calls `printf`',
    'enters `twice`: takes argument 1, 7, called by `numbers[1] = twice(7);` on line 10',
    'enters `twice`: makes room for its variables, 16 bytes of the stack, called by `numbers[1] = twice(7);` on line 10',
    'enters `twice`: puts 7 into `n`, called by `numbers[1] = twice(7);` on line 10',
    'returns from twice with 14, at `return 2 * n;` on line 5',
    'compares `most > 3`, 4294967295 > 3: true, for `if (most > 3) total = numbers[1];` on line 11',
    'takes the number 1.5, for `half = half + 1.5;` on line 12',
    'computes 0.5 + 1.5 in the function `(f64.add)`, for `half = half + 1.5;` on line 12',
    'is about to leave `main`: gives their room back, the stack begins at 0x800000 again, for `return total > 20 ? 1 : 0;` on line 16',
    'begins `half = half + 1.5;` on line 12, which reads `half` (0.5) and writes `half`',
    'calls `twice`, for `half = other(total);` on line 14',
    'reads `half` (0.5) – its value from the beginning',
    'turns 28 into a double in the function `(f64.convert_i32_s)`, for `half = other(total);` on line 14',
  ])
    assert.ok(said.includes(wanted), `${wanted}\n\n${all}`);
  assert.equal(
    said.filter((text) => text.startsWith('begins `half = other')).length,
    1,
    'behind a call a line goes on',
  );
  assert.match(all, /^takes the address of `"%d\\n"`, 0x8000[0-9a-f]+, for/m);
  assert.match(all, /^chooses 0 of 1 and 0, as the condition is 0/m);
  assert.match(all, /^leaves the value 3 unused, at `printf/m);
  assert.doesNotMatch(all, /one step of|takes the number 83886/);
});
