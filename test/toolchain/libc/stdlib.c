/* Numbers from text, sorting, searching, memory. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_value(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

struct record {
  char name[5];
  short key;
};

static int by_name(const void *a, const void *b) {
  return strcmp(((const struct record *)a)->name, ((const struct record *)b)->name);
}

static unsigned seed = 1;
static unsigned next(void) { return seed = seed * 1664525u + 1013904223u; }

static void at_exit_first(void) { puts("first registered"); }
static void at_exit_second(void) { puts("second registered"); }

int main(void) {
  static const char *const texts[] = {"0",    "42",     "-17",  "  +8",   "0x1F", "077",       "08",        "z",   "",
                                      "-",    "12abc",  "0x",   "0xg",    "zz",   "1e5", "\t\n 3"};
  for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) {
    char *end;
    int d = atoi(texts[i]);
    int a = (int)strtol(texts[i], &end, 10);
    int after = (int)(end - texts[i]);
    int b = (int)strtol(texts[i], &end, 0);
    int after_b = (int)(end - texts[i]);
    int c = (int)strtoul(texts[i], &end, 16);
    int after_c = (int)(end - texts[i]);
    int e = (int)strtol(texts[i], NULL, 36);
    printf("[%s] %d %d %d %d %d %d %d %d\n", texts[i], d, a, after, b, after_b, c, after_c, e);
  }
  printf("%d %d\n", atoi("-2147483648"), (int)strtol("2147483647", NULL, 0));
  errno = 0;
  printf("%d\n", strtoul("99999999999999999999999", NULL, 10) == ULONG_MAX && errno == ERANGE);
  errno = 0;
  printf("%d\n", strtol("-99999999999999999999999", NULL, 10) == LONG_MIN && errno == ERANGE);
  printf("%d\n", strtol("99999999999999999999999", NULL, 10) == LONG_MAX);
  static const int bases[] = {1, 37, -1, 36};
  for (unsigned i = 0; i < sizeof bases / sizeof *bases; i++) {
    errno = 0;
    int value = (int)strtol("12z", NULL, bases[i]);
    printf("%d %d ", value, errno == EINVAL);
    errno = 0;
    value = (int)strtoull("12z", NULL, bases[i]);
    printf("%d %d\n", value, errno == EINVAL);
  }
  printf("%d %d %ld\n", abs(-5), abs(5), labs(-7));
  div_t q = div(-17, 5);
  printf("%d %d\n", q.quot, q.rem);

  for (int count = 0; count < 60; count += 7) {
    int values[60];
    for (int i = 0; i < count; i++) values[i] = (int)(next() >> 8) % (count / 2 + 1) - 3;
    qsort(values, count, sizeof *values, by_value);
    for (int i = 0; i < count; i++) printf("%d ", values[i]);
    int key = 2;
    int *found = bsearch(&key, values, count, sizeof *values, by_value);
    printf("%d\n", found ? *found : -99);
  }
  int ordered[100];
  for (int shape = 0; shape < 3; shape++) {
    for (int i = 0; i < 100; i++) ordered[i] = shape == 0 ? i : shape == 1 ? 100 - i : 7;
    qsort(ordered, 100, sizeof *ordered, by_value);
    int right = 1;
    for (int i = 1; i < 100; i++) right &= ordered[i - 1] <= ordered[i];
    printf("%d", right);
  }
  struct record records[] = {{"pear", 1}, {"fig", 2}, {"kiwi", 3}, {"lime", 4}, {"plum", 5}, {"date", 6}, {"nut", 7}, {"yam", 8}, {"pea", 9}};
  qsort(records, 9, sizeof *records, by_name);
  for (int i = 0; i < 9; i++) printf(" %s:%d", records[i].name, records[i].key);
  printf("\n");

  /* Blocks of many sizes, taken and given back in turn; each must keep what was written to it. */
  unsigned char *blocks[40] = {0};
  unsigned sizes[40] = {0};
  int wrong = 0;
  for (int step = 0; step < 600; step++) {
    unsigned i = next() >> 8;
    i %= 40;
    for (unsigned k = 0; k < sizes[i]; k++) wrong += blocks[i][k] != (unsigned char)(i + k);
    unsigned size = (next() >> 12) % (step % 50 == 0 ? 5000 : 90) + 1, old = sizes[i];
    if (step % 3 == 0) {
      blocks[i] = realloc(blocks[i], size);
      for (unsigned k = 0; k < size && k < old; k++) wrong += blocks[i][k] != (unsigned char)(i + k);
    } else {
      free(blocks[i]);
      blocks[i] = step % 3 == 1 ? malloc(size) : calloc(size, 1);
      if (step % 3 == 2) {
        for (unsigned k = 0; k < size; k++) wrong += blocks[i][k] != 0;
      }
    }
    wrong += (unsigned)(size_t)blocks[i] % 8 != 0;
    sizes[i] = size;
    for (unsigned k = 0; k < size; k++) blocks[i][k] = (unsigned char)(i + k);
  }
  printf("%d wrong\n", wrong);
  char *large = malloc(300000);
  large[0] = 'a', large[299999] = 'b';
  printf("%c%c\n", large[0], large[299999]);
  free(large);
  free(NULL);
  printf("%d\n", getenv("STEPFORMER_NO_SUCH_NAME") == NULL);

  srand(7);
  int a = rand(), b = rand();
  srand(7);
  printf("%d", a == rand());
  printf("%d %d\n", b == rand(), a >= 0 && a != b);
  atexit(at_exit_first);
  atexit(at_exit_second);
  exit(0);
}
