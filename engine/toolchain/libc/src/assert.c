/* Reports a failed assertion: `file:line: function: assertion failed: condition`. */
#include <assert.h>
#include <stdio.h>
#include "libc.h"

static void put_number(int value) {
  if (value > 9) put_number(value / 10);
  putchar('0' + value % 10);
}

_Noreturn void __stepformer_assert_failed(const char *file, int line, const char *function, const char *condition) {
  fputs(file, stderr);
  putchar(':');
  put_number(line);
  fputs(": ", stderr);
  fputs(function, stderr);
  fputs(": assertion failed: ", stderr);
  puts(condition);
  __builtin_trap();
}
