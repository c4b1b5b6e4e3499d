/* printf into memory. */
#include <stdint.h>
#include <stdio.h>
#include "libc.h"

typedef struct {
  char *next;
  char *last; /* where the final zero byte goes at the latest */
} SINK;
#define PUT(sink, c) \
  do { \
    if ((sink)->next < (sink)->last) *(sink)->next++ = (c); \
  } while (0)
#define FORMAT format_text
#define FORMAT_PAD pad_text
#define FORMAT_DIGITS digits_text
#include "format.h"

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list arguments) {
  char none;
  if (size == 0) to = &none, size = 1;
  uintptr_t last = (uintptr_t)to + size - 1;
  if (last < (uintptr_t)to) last = UINTPTR_MAX;
  SINK sink = {to, (char *)last};
  int written = format_text(&sink, format, arguments);
  *sink.next = 0;
  return written;
}

int vsprintf(char *restrict to, const char *restrict format, va_list arguments) {
  return vsnprintf(to, SIZE_MAX, format, arguments);
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return vsnprintf(to, size, format, arguments);
}

int sprintf(char *restrict to, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  return vsnprintf(to, SIZE_MAX, format, arguments);
}
