/** The exception filter `memory`: which lines misuse memory, in both directions, and which only look as if they did. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Driver, drive, file } from './driver.ts';
import { lineOf } from './questions.ts';

const started = async (path: string, filters = ['memory']): Promise<Driver> => {
  const debug = await drive(path, { stopOnEntry: true });
  debug.ask('setExceptionBreakpoints', { filters });
  debug.move('configurationDone');
  return debug;
};

/** `title: text of the line in main`, from here to the end or the beginning. */
function stops(debug: Driver, path: string, command: 'continue' | 'reverseContinue'): string[] {
  const text = readFileSync(path, 'utf8').split('\n');
  const found: string[] = [];
  for (let stop = debug.move(command); stop.reason === 'exception'; stop = debug.move(command)) {
    const main = debug.frames().find(({ name }) => name === 'main');
    found.push(`${stop.description}: ${text[(main?.line ?? 0) - 1].split('//')[0].trim()}`);
  }
  return found;
}

const MISUSES = file(
  'misuses.c',
  `#include <stdlib.h>
#include <string.h>
struct pair { int a, b; };
static int peek(int *p) { return p[0]; }
int main(void) {
  int *one = malloc(3 * sizeof(int));
  one[3] = 7;
  memset(one, 0, 16);
  int sum = one[1];
  int *two = calloc(2, 4);
  sum += two[1];
  two = realloc(two, 400);
  sum += two[0];
  sum += two[50];
  int unset;
  sum += unset;
  free(one);
  sum += peek(one);
  one[0] = 1;
  free(one);
  free(two + 1);
  struct pair *none = 0;
  none->b = sum;
  free(NULL);
  return 0;
}
`,
);

const EXPECTED = [
  'Out of bounds: one[3] = 7;',
  'Out of bounds: memset(one, 0, 16);',
  'Never written: sum += two[50];',
  'Never written: sum += unset;',
  'Use after free: sum += peek(one);',
  'Use after free: one[0] = 1;',
  'Double free: free(one);',
  'Invalid free: free(two + 1);',
  'Null pointer: none->b = sum;',
];

test('each misuse is a stop where it happens, the same in both directions', async () => {
  const debug = await started(MISUSES);
  assert.deepEqual(stops(debug, MISUSES, 'continue'), EXPECTED);
  assert.deepEqual(stops(debug, MISUSES, 'reverseContinue'), EXPECTED.toReversed());
});

test('what is told names the block: where it was allocated, and where freed', async () => {
  const debug = await started(MISUSES);
  debug.move('continue');
  debug.move('continue');
  debug.move('reverseContinue');
  assert.doesNotMatch(debug.ask('exceptionInfo', { threadId: 1 }).description, /freed/, 'that comes later');
  for (let i = 0; i < 4; i++) debug.move('continue');
  const info = debug.ask('exceptionInfo', { threadId: 1 });
  assert.equal(info.exceptionId, 'use after free');
  const at = (text: string) => `misuses\\.c:${lineOf(MISUSES, text)} \\(line [\\d,]+ of the trace\\)`;
  const pattern = `^4 bytes are read from 0x\\w+\\. The block of 12 bytes was allocated at ${at('malloc(3')}, and freed at ${at('free(one);')}\\.$`;
  assert.match(info.description, new RegExp(pattern));
  assert.match(info.details.stackTrace, /^at peek .*\nat main /);
});

const ARRAYS = file(
  'arrays.c',
  `struct cell { int a, b; };
static int pick(int i) {
  struct cell cells[3] = {{1, 2}, {3, 4}, {5, 6}};
  int grid[2][3] = {{1, 2, 3}, {4, 5, 6}};
  return cells[i].b + grid[1][i];
}
int main(void) {
  int before = 1, numbers[4], after = 2;
  int *one = &after;
  for (int i = 0; i <= 4; i++)
    numbers[i] = i;
  numbers[before - 2] = 5;
  *one = numbers[after - 2];
  int *behind = numbers + 4;
  behind[-1] = 3;
  return pick(2) + pick(0) > 0 && numbers[3] == 3 ? 0 : 1;
}
`,
);

test('an index outside of an array of the function is out of bounds, whatever lies there', async () => {
  const debug = await started(ARRAYS);
  debug.move('continue');
  assert.match(
    debug.ask('exceptionInfo', { threadId: 1 }).description,
    /outside of the array "numbers" \(16 bytes at /,
  );
  debug.move('reverseContinue');
  const found = stops(debug, ARRAYS, 'continue');
  assert.deepEqual(found, ['Out of bounds: numbers[i] = i;', 'Out of bounds: numbers[before - 2] = 5;']);
});

test('without the filter nothing stops; an end is an end', async () => {
  const debug = await started(MISUSES, ['trap']);
  assert.equal(debug.move('continue').reason, 'end');
});

const FINE = file(
  'fine.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct bits { unsigned low : 3, high : 5; };
struct padded { char c; long long wide; };
static int statics[4];
static void fill(int *out) { *out = 3; }
static int sum(int count, ...) {
  __builtin_va_list list;
  __builtin_va_start(list, count);
  int all = 0;
  for (int i = 0; i < count; i++) all += __builtin_va_arg(list, int);
  __builtin_va_end(list);
  return all;
}
int main(void) {
  struct bits bits;
  bits.low = 1;
  bits.high = 2;
  struct padded *from = malloc(sizeof *from), to, again;
  from->c = 'x';
  to = *from;
  again = to;
  int out;
  fill(&out);
  char *text = strdup("text");
  char buffer[16];
  snprintf(buffer, sizeof buffer, "%s %d", text, out);
  int *grown = malloc(4);
  grown[0] = 5;
  for (int i = 1; i < 40; i++) {
    grown = realloc(grown, (i + 1) * sizeof *grown);
    grown[i] = grown[i - 1] + 1;
  }
  char *again_text = malloc(5);
  memcpy(again_text, text, 5);
  free(text);
  text = malloc(5);
  text[0] = 'a';
  int total = statics[3] + grown[39] + again_text[4] + sum(3, 1, 2, 3) + again.c + bits.low + text[0] + buffer[0];
  free(text);
  free(grown);
  free(from);
  free(again_text);
  return total == 0;
}
`,
);

test('bit-fields, padding, copies, lists of arguments, moved and used blocks are no misuse', async () => {
  const debug = await started(FINE);
  assert.deepEqual(stops(debug, FINE, 'continue'), []);
  assert.match(debug.events.findLast(({ event }) => event === 'stopped')?.body.text, /exit code 0/);
});
