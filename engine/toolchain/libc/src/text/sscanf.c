/* scanf from a string. */
#include <stdio.h>
#include "libc.h"

typedef const unsigned char *SOURCE;
#define GET(source) (**(source) ? *(*(source))++ : -1)
#define UNGET(source, c) (--*(source))
#define SCAN scan_text
#define SCAN_SPACE space_text
#include "scan.h"

int vsscanf(const char *restrict from, const char *restrict format, va_list arguments) {
  SOURCE source = (const unsigned char *)from;
  return scan_text(&source, format, arguments);
}

int sscanf(const char *restrict from, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return vsscanf(from, format, arguments);
}
