/* Reports a failed assertion: `file:line: function: assertion failed: condition`. */
#include <assert.h>
#include <stdio.h>

static void put_number(int value) {
  if (value > 9) put_number(value / 10);
  fputc('0' + value % 10, stderr);
}

_Noreturn void __assert_fail(const char *condition, const char *file, int line, const char *function) {
  for (const char *next = file; *next; next++) {
    if (*next == '/') file = next + 1;
  }
  fputs(file, stderr);
  fputc(':', stderr);
  put_number(line);
  fputs(": ", stderr);
  fputs(function, stderr);
  fputs(": assertion failed: ", stderr);
  fputs(condition, stderr);
  fputc('\n', stderr);
  __builtin_trap();
}
