/** What of the library's ways shows in the output of programs is as with glibc: the order of what compares equal, random numbers. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { compileAndRun, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

const PROGRAM = `#include <stdio.h>
#include <stdlib.h>
struct entry {
  int key;
  char name[60];
};
static int compared;
static int by_key(const void *a, const void *b) {
  compared++;
  return ((const struct entry *)a)->key - ((const struct entry *)b)->key;
}
static int greater(const void *a, const void *b) { return *(const short *)a > *(const short *)b; }
int main(void) {
  static struct entry entries[40];
  short numbers[] = {5, 3, 9, 1, 8, 2, 7, 4, 6, 0};
  for (int i = 0; i < 40; i++) {
    entries[i].key = rand() % 3;
    sprintf(entries[i].name, "%d", i);
  }
  qsort(entries, 40, sizeof entries[0], by_key);
  for (int i = 0; i < 40; i++) printf("%s ", entries[i].name);
  qsort(numbers, 10, sizeof numbers[0], greater);
  for (int i = 0; i < 10; i++) printf("%d", numbers[i]);
  srand(42);
  unsigned seed = 7;
  int first = rand(), second = rand_r(&seed);
  long third = random();
  printf(" %d %d %d %ld\\n", compared, first, second, third);
  return 0;
}
`;

/** Of a binary of gcc's, with glibc 2.36. */
const EXPECTED =
  '2 7 8 16 17 22 23 31 32 33 35 0 1 3 5 6 9 11 13 15 18 19 27 28 29 36 37 38 39 4 10 12 14 20 21 24 25 26 30 34 0123456789 151 71876166 1187592820 708592740\n';

const PRINTED = `#include <stdio.h>
#include <wchar.h>
int main(void) {
  printf("%p|%8p|%-8p|%p\\n", (void *)0, (void *)0, (void *)0, (void *)16);
  return 0;
}
`;

const PRINTED_WIDE = `#include <stdio.h>
#include <wchar.h>
int main(void) {
  double number = 0;
  wchar_t text[40];
  swscanf(L"2.5 x", L"%lf", &number);
  swprintf(text, 40, L"%.3f %d %5.1e", number, 7, 1234.5);
  wprintf(L"%ls %.2f %g\\n", text, 2.345, 1e-7);
  return 0;
}
`;

test('null pointers, and floats in wide text', async () => {
  for (const optimize of ['O0', 'O2'] as const) {
    const narrow = await compileAndRun(compiler, files.write('printed.c', PRINTED), optimize);
    assert.equal(narrow.output, '(nil)|   (nil)|(nil)   |0x10\n');
    const wide = await compileAndRun(compiler, files.write('printed-wide.c', PRINTED_WIDE), optimize);
    assert.equal(wide.output, '2.500 7 1.2e+03 2.35 1e-07\n');
  }
});

test('sorting and random numbers are as with glibc, with and without malloc beside them', async () => {
  const alone = files.write('alone.c', PROGRAM);
  const allocating = files.write('allocating.c', PROGRAM.replace('return 0;', 'return malloc(4) == NULL;'));
  for (const optimize of ['O0', 'O2'] as const) {
    for (const file of [alone, allocating]) {
      const { output, exit } = await compileAndRun(compiler, file, optimize);
      assert.equal(output, EXPECTED);
      assert.deepEqual(exit, { kind: 'halt', code: 0 });
    }
  }
});
