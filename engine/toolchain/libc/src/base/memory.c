/* memcpy and its kin, eight bytes at a time; wasi-libc's are ten times the instructions, unrolled for each alignment. */
#include <string.h>
#include "libc.h"

typedef unsigned long long __attribute__((aligned(1), may_alias)) wide_word;

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
