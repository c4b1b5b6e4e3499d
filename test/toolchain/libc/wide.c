/* 64-bit conversions, which the library does with 32-bit arithmetic; the program itself passes words. */
#include <stdio.h>

static void show(const char *format, ...) __attribute__((noinline));
#include <stdarg.h>
static void show(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
  putchar('\n');
}

int main(void) {
  static const long long values[] = {0,
                                     1,
                                     -1,
                                     4294967295LL,
                                     4294967296LL,
                                     -4294967296LL,
                                     1234567890123456789LL,
                                     9223372036854775807LL,
                                     -9223372036854775807LL - 1};
  for (int i = 0; i < 9; i++) {
    show("%lld %llu %llx %llo %jd", values[i], values[i], values[i], values[i], values[i]);
    show("[%25lld] [%-25lld] [%025lld] [%+lld] [%#llx]", values[i], values[i], values[i], values[i], values[i]);
    show("%d %lld %d", 1, values[i], 2);
  }
  long long a = 0, b = 0;
  printf("%d\n", sscanf("1234567890123456789 -42", "%lld %lld", &a, &b));
  show("%lld %lld", a, b);
  return 0;
}
