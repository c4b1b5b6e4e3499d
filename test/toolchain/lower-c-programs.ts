/** C programs for the whole chain, each with its input: what compilers make of ordinary code, in small. */

/** One program; `file` is its name, `input` its standard input. */
export interface CProgram {
  readonly file: string;
  readonly source: string;
  readonly input?: string;
}

export const C_PROGRAMS: readonly CProgram[] = [
  {
    file: 'jumps.c',
    source: `#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
static jmp_buf outer, inner;
static int seen;
static int compare(const void *a, const void *b) {
  if (++seen == 3) longjmp(outer, seen);
  return *(const int *)a - *(const int *)b;
}
static long long deep(int n) {
  if (n == 0) longjmp(inner, 5);
  return deep(n - 1) + n;
}
static double both(int n) {
  volatile int kept = n;
  int code = setjmp(inner);
  if (code == 0) return 1.5 * deep(n);
  printf("inner %d %d\\n", code, kept);
  if (n > 1) longjmp(outer, 0);
  return code;
}
int main(void) {
  int values[8] = {5, 2, 8, 1, 9, 3, 7, 4};
  int code = setjmp(outer);
  if (code == 0) qsort(values, 8, sizeof values[0], compare);
  printf("outer %d\\n", code);
  if (code == 3) printf("%d %d\\n", (int)both(1), (int)both(4));
  return code;
}
`,
  },
  {
    file: 'switch.c',
    source: `#include <stdio.h>
static int value(int c) {
  switch (c) {
    case 'a': return 1;
    case 'b': case 'c': return 2;
    case 'd': c = 5; /* fall through */
    case 'e': return c * 3;
    case 1000: return 7;
    default: return -c;
  }
}
int main(void) {
  for (int c = 'Z'; c < 'h'; c++) printf("%d ", value(c));
  printf("%d\\n", value(1000));
  return value('e') & 0xff;
}
`,
  },
  {
    file: 'pointers.c',
    source: `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct node { struct node *left, *right; short key; unsigned char count; };
static struct node *insert(struct node *n, int key) {
  if (!n) { n = calloc(1, sizeof *n); n->key = key; n->count = 1; return n; }
  if (key == n->key) n->count++;
  else if (key < n->key) n->left = insert(n->left, key);
  else n->right = insert(n->right, key);
  return n;
}
static int descending(const void *a, const void *b) { return *(const int *)b - *(const int *)a; }
static int keys[100], used;
static void walk(const struct node *n, void (*visit)(const struct node *)) {
  if (!n) return;
  walk(n->left, visit); visit(n); walk(n->right, visit);
}
static void show(const struct node *n) { printf("%d*%d ", n->key, n->count); keys[used++] = n->key; }
int main(void) {
  struct node *root = NULL;
  int key;
  char word[8];
  while (scanf("%d", &key) == 1) root = insert(root, key);
  walk(root, show);
  qsort(keys, used, sizeof keys[0], descending);
  for (int i = 0; i < used; i++) printf("%d%c", keys[i], i + 1 < used ? ',' : '\\n');
  memset(word, 'x', 7); word[7] = 0; strcpy(word + 2, "yz");
  puts(word);
  return used;
}
`,
    input: '5 3 -9 5 1200 3 3 -32768 7',
  },
  {
    file: 'bits.c',
    source: `#include <stdio.h>
#include <stdint.h>
#include <limits.h>
static uint32_t state = 2463534242u;
static uint32_t next(void) { state ^= state << 13; state ^= state >> 17; state ^= state << 5; return state; }
int main(void) {
  uint32_t sum = 0;
  for (int i = 0; i < 200; i++) {
    uint32_t a = next(), b = next() >> (a & 31);
    int32_t c = (int32_t)a, d = (int32_t)b | 1;
    sum += (a * b) ^ (a / (b | 1)) ^ (a % (b | 3)) ^ (uint32_t)(c >> (b & 31)) ^ (uint32_t)(c == INT_MIN && d == -1 ? 0 : c / d + c % d);
    sum += (a < b) + (c < d) * 2 + (a >= b) * 4 + (int8_t)a + (int16_t)b + (uint8_t)c + (uint16_t)d + (c ? -c : ~d);
  }
  printf("%08x %u %d\\n", sum, sum, (int)sum);
  return 0;
}
`,
  },
  {
    file: 'exit.c',
    source: `#include <stdio.h>
#include <stdlib.h>
static void last(void) { puts("last"); }
static void deep(int n) { if (n == 0) exit(42); deep(n - 1); puts("never"); }
int main(void) { atexit(last); deep(20); return 1; }
`,
  },
  {
    file: 'null.c',
    source: '#include <stdio.h>\nint main(void) { int (*volatile f)(int) = 0; puts("before"); return f(3); }\n',
  },
  {
    file: 'overflow.c',
    source:
      'static int deep(int n) { volatile int big[1000]; big[n % 1000] = n; return n < 0 ? 0 : deep(n + 1) + big[n % 1000]; }\nint main(void) { return deep(0); }\n',
  },
  {
    file: 'numbers.c',
    source: `#include <math.h>
#include <stdio.h>
#include <stdlib.h>
typedef double (*function)(double);
static double integral(function f, double from, double to, int steps) {
  double sum = 0, step = (to - from) / steps;
  for (int i = 0; i < steps; i++) sum += f(from + (i + 0.5) * step);
  return sum * step;
}
static double square(double x) { return x * x; }
struct body { float x, y, vx, vy; };
static long long gcd(long long a, long long b) { return b ? gcd(b, a % b) : a; }
static unsigned long long depth(int n) { return n == 0 ? 1 : depth(n - 1) * 3 + 1; }
int main(void) {
  function table[] = {sqrt, square, floor, sin};
  for (int i = 0; i < 4; i++) printf("%.9f ", integral(table[i], 0, 3, 20));
  struct body moon = {1, 0, 0, 1};
  for (int i = 0; i < 50; i++) {
    float r = sqrtf(moon.x * moon.x + moon.y * moon.y), pull = -0.05f / (r * r * r);
    moon.vx += pull * moon.x, moon.vy += pull * moon.y;
    moon.x += 0.05f * moon.vx, moon.y += 0.05f * moon.vy;
  }
  printf("%g %g\\n%lld %llu %x %5.1f%%\\n", moon.x, moon.y, gcd(1234567890123456789, 987654321098765432), depth(2000), 0xdeadu, 12.25);
  double x, *values = malloc(8 * sizeof *values);
  int n = 0;
  while (n < 8 && scanf("%lf", &x) == 1) values[n++] = x;
  for (int i = 0; i < n; i++) printf("%d %u %lld %.3e;", (int)values[i], (unsigned)fabs(values[i]), (long long)values[i], values[i]);
  return n;
}
`,
    input: '1 -2.75 3e9 1e-5',
  },
  {
    file: 'conversion.c',
    source: '#include <stdio.h>\nint main(void) { volatile double d = 1e300; puts("before"); return (int)d; }\n',
  },
];
