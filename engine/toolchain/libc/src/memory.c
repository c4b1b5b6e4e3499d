/* memcpy and its kin, eight bytes at a time. */
#include <string.h>
#include "libc.h"

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
  unsigned char *a = to;
  const unsigned char *b = from;
  for (; size >= 8; size -= 8, a += 8, b += 8) *(wide_word *)a = *(const wide_word *)b;
  if (size >= 4) {
    *(word *)a = *(const word *)b;
    size -= 4, a += 4, b += 4;
  }
  for (; size; size--) *a++ = *b++;
  return to;
}

void *memmove(void *to, const void *from, size_t size) {
  if ((size_t)to - (size_t)from >= size) return memcpy(to, from, size);
  unsigned char *a = (unsigned char *)to + size;
  const unsigned char *b = (const unsigned char *)from + size;
  for (; size >= 8; size -= 8) a -= 8, b -= 8, *(wide_word *)a = *(const wide_word *)b;
  if (size >= 4) {
    size -= 4, a -= 4, b -= 4;
    *(word *)a = *(const word *)b;
  }
  for (; size; size--) *--a = *--b;
  return to;
}

void *memset(void *to, int value, size_t size) {
  unsigned char *a = to;
  wide_word fill = (value & 255) * 0x0101010101010101u;
  for (; size >= 8; size -= 8, a += 8) *(wide_word *)a = fill;
  if (size >= 4) {
    *(word *)a = fill;
    size -= 4, a += 4;
  }
  for (; size; size--) *a++ = fill;
  return to;
}

int memcmp(const void *a, const void *b, size_t size) {
  const unsigned char *x = a, *y = b;
  for (; size; size--, x++, y++) {
    if (*x != *y) return *x - *y;
  }
  return 0;
}

/* clang uses this name for memcmp when only equality matters. */
int bcmp(const void *a, const void *b, size_t size) { return memcmp(a, b, size); }

void *memchr(const void *data, int value, size_t size) {
  const unsigned char *x = data;
  for (; size; size--, x++) {
    if (*x == (unsigned char)value) return (void *)x;
  }
  return NULL;
}
