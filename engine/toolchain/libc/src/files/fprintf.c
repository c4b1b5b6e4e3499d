/*
 * printf to a stream that is given as a FILE: a formatter of its own for stderr, so that none has to ask for each byte
 * where it goes. What is not stderr is stdout.
 */
#include "file.h"
#include "libc.h"

typedef void SINK;
#define PUT(sink, c) __stepformer_write_error(c)
#include "format.h"

int vfprintf(FILE *restrict file, const char *restrict text, va_list arguments) {
  return file == &__stderr_FILE ? format(NULL, text, arguments) : vprintf(text, arguments);
}

int fprintf(FILE *restrict file, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  return vfprintf(file, text, arguments);
}
