/* printf to the output: each byte is written as it is made. */
#include <stdio.h>
#include "libc.h"

typedef void SINK;
#define PUT(sink, c) __stepformer_write_byte(c)
#define FORMAT format_out
#define FORMAT_PAD pad_out
#define FORMAT_DIGITS digits_out
#include "format.h"

int printf(const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return format_out(NULL, format, arguments);
}

int fprintf(FILE *restrict file, const char *restrict format, ...) {
  (void)file;
  va_list arguments;
  va_start(arguments, format);
  return format_out(NULL, format, arguments);
}

int vprintf(const char *restrict format, va_list arguments) { return format_out(NULL, format, arguments); }

int vfprintf(FILE *restrict file, const char *restrict format, va_list arguments) {
  (void)file;
  return format_out(NULL, format, arguments);
}
