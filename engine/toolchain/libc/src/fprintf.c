/* printf to a file: a formatter of its own for stderr, so that none has to ask for each byte where it goes. */
#include <stdio.h>
#include "libc.h"

typedef void SINK;
#define PUT(sink, c) __stepformer_write_error(c)
#include "format.h"

int vfprintf(FILE *restrict file, const char *restrict text, va_list arguments) {
  return file == stderr ? format(NULL, text, arguments) : vprintf(text, arguments);
}

int fprintf(FILE *restrict file, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  return vfprintf(file, text, arguments);
}
