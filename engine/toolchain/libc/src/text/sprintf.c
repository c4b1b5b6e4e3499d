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
#include "format.h"

int vsnprintf(char *restrict to, size_t size, const char *restrict text, va_list arguments) {
  char none;
  if (size == 0) to = &none, size = 1;
  uintptr_t last = (uintptr_t)to + size - 1;
  if (last < (uintptr_t)to) last = UINTPTR_MAX;
  SINK sink = {to, (char *)last};
  int written = format(&sink, text, arguments);
  *sink.next = 0;
  return written;
}

int vsprintf(char *restrict to, const char *restrict text, va_list arguments) {
  return vsnprintf(to, SIZE_MAX, text, arguments);
}

int snprintf(char *restrict to, size_t size, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  return vsnprintf(to, size, text, arguments);
}

int sprintf(char *restrict to, const char *restrict text, ...) {
  va_list arguments;
  va_start(arguments, text);
  return vsnprintf(to, SIZE_MAX, text, arguments);
}
