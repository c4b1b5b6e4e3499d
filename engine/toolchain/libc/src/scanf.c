/* scanf from stdin. */
#include <stdio.h>
#include "libc.h"

typedef FILE SOURCE;
#define GET(source) fgetc(source)
#define UNGET(source, c) ungetc(c, source)
#define SCAN scan_in
#define SCAN_SPACE space_in
#include "scan.h"

int vfscanf(FILE *restrict file, const char *restrict format, va_list arguments) {
  return scan_in(file, format, arguments);
}

int vscanf(const char *restrict format, va_list arguments) { return scan_in(stdin, format, arguments); }

int fscanf(FILE *restrict file, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return scan_in(file, format, arguments);
}

int scanf(const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return scan_in(stdin, format, arguments);
}
