/* scanf from a stream that is given as a FILE: where there are no files but the standard streams, it is stdin. */
#include <stdarg.h>
#include "file.h"

int vfscanf(FILE *restrict file, const char *restrict format, va_list arguments) {
  return file == &__stdin_FILE ? vscanf(format, arguments) : EOF;
}

int fscanf(FILE *restrict file, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return vfscanf(file, format, arguments);
}
