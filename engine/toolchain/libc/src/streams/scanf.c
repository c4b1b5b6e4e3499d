/* scanf from stdin. */
#include <stdarg.h>
#include "read.h"

typedef FILE SOURCE;
#define GET(source) read_stdin()
#define UNGET(source, c) unread_stdin(c)
#define SCAN scan_in
#define SCAN_SPACE space_in
#include "scan.h"

int vscanf(const char *restrict format, va_list arguments) { return scan_in(&__stdin_FILE, format, arguments); }

int scanf(const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return vscanf(format, arguments);
}
