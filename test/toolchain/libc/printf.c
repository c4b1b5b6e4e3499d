/* The printf family against the host's: flags, widths, precisions, sizes, return values. */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static void show(const char *format, ...) {
  char buffer[200];
  va_list list, copy;
  va_start(list, format);
  va_copy(copy, list);
  int length = vsnprintf(buffer, sizeof buffer, format, list);
  printf("%-16s [%s] %d\n", format, buffer, length);
  printf("[");
  int direct = vprintf(format, copy);
  printf("] %d\n", direct);
  va_end(list);
  va_end(copy);
}

int main(void) {
  static const int values[] = {0, 1, -1, 7, -42, 255, 65535, 100000, INT_MAX, INT_MIN};
  static const char *const formats[] = {"%d",    "%i",    "%5d",   "%-5d|", "%05d",  "%+d",   "% d",    "%.3d",  "%8.3d",
                                        "%-8.3d|", "%08.3d", "%+.0d", "%.0d",  "%u",    "%x",    "%X",     "%#x",   "%#X",
                                        "%#o",   "%o",    "%08x",  "%#010x", "%-#10x|", "%.5x", "%#.5x",  "%hd",   "%hu",
                                        "%hhd",  "%hhu",  "%hhx",  "%+5d",  "% 5d",  "%-+5d|", "%12.9d", "%012d", "%-012d|"};
  for (unsigned f = 0; f < sizeof formats / sizeof *formats; f++) {
    for (unsigned v = 0; v < sizeof values / sizeof *values; v++) show(formats[f], values[v]);
  }
  show("%*d|%-*d|%*d", 6, 42, 6, 42, -6, 42);
  show("%.*d|%.*d", 4, 42, -1, 42);
  show("%*.*d", 8, 4, -42);
  show("%c%c%c", 'a', 'b', 'c');
  show("%3c|%-3c|", 'x', 'y');
  show("%s|%10s|%-10s|%.2s|%10.2s|", "hello", "hello", "hello", "hello", "hello");
  show("%.0s|%.*s|", "gone", 3, "abcdef");
  show("%s", "");
  show("100%% %d%%", 50);
  show("%zu %zd %td", (size_t)7, (size_t)8, (ptrdiff_t)-9);
  printf("[%" PRIu32 " %" PRId16 " %" PRIx8 "]\n", (uint32_t)4000000000u, (int16_t)-5, (uint8_t)200);
  show("a\tb\nc");
  show("no conversion");
  show("%d %s %d %s", 1, "two", 3, "four");

  char small[8];
  int length = snprintf(small, sizeof small, "%d-%s", 12345, "truncated");
  printf("%s %d\n", small, length);
  printf("%d\n", snprintf(NULL, 0, "%d", 123456));
  length = sprintf(small, "%x", 0xabcdef);
  printf("%s %d\n", small, length);
  int so_far = -1;
  length = printf("12345%n678\n", &so_far);
  printf("%d %d\n", so_far, length);
  length = fprintf(stdout, "to %s\n", "stdout");
  printf("%d\n", length);
  puts("puts");
  putchar('p');
  putc('u', stdout);
  fputc('t', stdout);
  fputs("s\n", stdout);
  fwrite("abcdef\n", 1, 7, stdout);
  fwrite("xy\n", 3, 1, stdout);
  fflush(stdout);
  fflush(NULL);
  return 0;
}
