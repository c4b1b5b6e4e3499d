/** Kinds of things that C programs do and that once went wrong here, each with what gcc's binary prints. */
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

const NUMBERS = `#include <complex.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
__attribute__((noinline)) static long long squares(int n) {
  long long s = 0;
  for (int i = 0; i < n; i++) s += (long long)i * i;
  return s;
}
__attribute__((noinline)) static unsigned long long sum(unsigned long long n) {
  unsigned long long s = 0;
  for (unsigned long long i = 0; i < n; i++) s += i;
  return s;
}
int main(void) {
  volatile int one = 1;
  double complex z = one + 2.0 * I;
  float complex f = one + 2.0f * I;
  z *= z, f *= f;
  printf("%g %g %g %g\\n", creal(z), cimag(z), crealf(f), cimagf(f));
  volatile double x = 1e-300, y = 1e-300, small = 0x1p-1008;
  printf("%a ", fma(x, y, small));
  x = -1e-200, y = 1e-120, small = 0x1.23456789abcdep-990;
  printf("%a\\n", fma(x, y, small));
  x = 0x1.56e1fc2f8f359p-997, y = 0x0.00000000007e8p-1022;
  printf("%d %a\\n", fmod(x, y) == 0x0.00000000001a8p-1022, remainder(0x1p-520, 0x0.4p-1022));
  int64_t product;
  unsigned __int128 square = (unsigned __int128)(0x123456789abcdefULL * (unsigned)one) * 0x123456789abcdefULL;
  unsigned __int128 big = (unsigned __int128)1000000007 * 998244353 + (unsigned)one;
  printf("%d %llx %llu\\n", __builtin_mul_overflow((int64_t)one << 62, (int64_t)3, &product),
         (unsigned long long)(square >> 64), (unsigned long long)(big / 998244353));
  printf("%llu %lld %d\\n", sum(one * 1000), squares(one * 100), (int)((uintptr_t)aligned_alloc(64, 256) % 64));
}
`;

test('numbers: complex, of 128 bits, exact to the last, loops that compilers make formulas of', async () => {
  const source = files.write('numbers.c', NUMBERS);
  for (const optimize of ['O0', 'O2'] as const) {
    const { output } = await compileAndRun(compiler, source, optimize);
    assert.deepEqual(output.split('\n'), [
      '-3 4 -3 4',
      '0x1p-1008 0x1.23456789abcdep-990',
      '1 0x0p+0',
      '1 14b66dc33f6ac 1000000007',
      '499500 328350 0',
      '',
    ]);
  }
});

const PATHS = `#include <locale.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>
static jmp_buf place;
static int seen;
static int compare(const void *a, const void *b) {
  if (++seen == 3) longjmp(place, seen);
  return *(const int *)a - *(const int *)b;
}
static int down(int n, const char *text) {
  char copy[64];
  copy[0] = (char)n;
  copy[63] = text[0];
  return n > 0 ? down(n - 1, copy) + 1 : (copy[63] & 1);
}
static float ends(void) {
  volatile float values[100000];
  values[0] = 1, values[99999] = 2;
  return values[0] + values[99999];
}
static void bye(void) { puts("bye"); }
__attribute__((destructor)) static void last(void) { puts("last"); }
int main(void) {
  int numbers[8] = {5, 2, 8, 1, 9, 3, 7, 4}, number;
  atexit(bye);
  int code = setjmp(place);
  if (code == 0) qsort(numbers, 8, sizeof numbers[0], compare);
  printf("%d %d %g\\n", code, down(5000, "x"), ends());
  scanf("%d", &number);
  ungetc('Q', stdin);
  int first = getchar(), second = getchar();
  printf("%d %c '%c'\\n", number, first, second);
  setlocale(LC_ALL, "");
  printf("[%ls] [%lc] %zu\\n", L"wide", (wint_t)0xe9, wcslen(L"four"));
  puts(malloc(1u << 30) ? "memory" : "no memory");
  return 0;
}
`;

test('ways through a program: jumps, recursion, large frames, pushed back input, wide text, its end', async () => {
  const { output } = await compileAndRun(compiler, files.write('paths.c', PATHS), 'O0', '12 7');
  assert.deepEqual(Buffer.from(output, 'latin1').toString().split('\n'), [
    '3 5001 3',
    "12 Q ' '",
    '[wide] [é] 4',
    // 1 GiB is more than the machine has.
    'no memory',
    'bye',
    'last',
    '',
  ]);
});

const FORMATS = `#include <stdio.h>
#include <wchar.h>
int main(void) {
  volatile long double tenth = 0.1L;
  char text[40];
  snprintf(text, sizeof text, "%.30Lf", tenth * 5);
  printf("%Lf %.3Le %s\\n", tenth, tenth, text);
  fprintf(stdout, "%ls|%lc\\n", L"wide", (wint_t)L'x');
  printf("%2$d %1$d\\n", 1, 2);
  return 0;
}
`;

test('formats for long double, wide text and numbered arguments, in objects and in bitcode', async () => {
  const source = files.write('formats.c', FORMATS);
  for (const optimize of ['O0', 'O1', 'O2'] as const) {
    const { output } = await compileAndRun(compiler, source, optimize);
    const tenths = '0.100000 1.000e-01 0.500000000000000000000000000000';
    assert.equal(output, `${tenths}\nwide|x\n2 1\n`, optimize);
  }
});
