/* Every header, all at once, and what of it the compiler can check. */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <iso646.h>
#include <limits.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <time.h>

static_assert(sizeof(int8_t) == 1 and sizeof(int16_t) == 2 and sizeof(int32_t) == 4 and sizeof(int64_t) == 8, "widths");
static_assert(INT_MAX == 2147483647 && INT_MIN == -INT_MAX - 1 && UINT_MAX == 4294967295u, "int");
static_assert(CHAR_BIT == 8 && UCHAR_MAX == 255 && SCHAR_MIN == -128 && SHRT_MAX == 32767 && USHRT_MAX == 65535, "small");
static_assert(sizeof(size_t) == sizeof(void *) && sizeof(intptr_t) == sizeof(void *), "pointers");

struct layout {
  char c;
  int i;
  alignas(16) char wide;
};

static noreturn void leave(int code) { exit(code); }

static int sum(int count, ...) {
  va_list list;
  va_start(list, count);
  int total = 0;
  while (count-- > 0) total += va_arg(list, int);
  va_end(list);
  return total;
}

int main() {
  bool yes = true;
  assert(yes and not false);
  printf("%d %d %d\n", (int)offsetof(struct layout, i), (int)offsetof(struct layout, wide), (int)alignof(struct layout));
  printf("%d %d\n", sum(0), sum(4, 1, 2, 3, 4));
  uint8_t byte = 255;
  byte++;
  int16_t half = INT16_MAX;
  printf("%d %d %u\n", byte, half, UINT32_C(4000000000));
  errno = EINVAL;
  printf("%s\n", strerror(errno));
  leave(3);
}
