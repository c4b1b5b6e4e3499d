/* Bytes and strings to stdout. */
#include <stdio.h>
#include "libc.h"

int putchar(int c) {
  __stepformer_write_byte(c & 255);
  return c & 255;
}

int puts(const char *text) {
  int c;
  while ((c = *(const unsigned char *)text)) {
    __stepformer_write_byte(c);
    text++;
  }
  __stepformer_write_byte('\n');
  return 1;
}
