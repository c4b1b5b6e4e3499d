/* printf to stdout: each byte is written as it is made. */
#include <stdio.h>
#include "libc.h"

typedef void SINK;
#define PUT(sink, c) __stepformer_write_byte(c)
#include "format.h"

int vprintf(const char *restrict text, va_list arguments) { return format(NULL, text, arguments); }

int printf(const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  return format(NULL, text, arguments);
}
