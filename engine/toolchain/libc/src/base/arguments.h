/*
 * The arguments of a program. They come first in the input: their number and the number of their bytes, in four bytes
 * each, little endian, then each argument with a zero byte at its end. The host sends them to a program that exports
 * `__stepformer_args`: what reads them.
 */
#include <stdlib.h>
#include "libc.h"

static int read_number(void) {
  int number = __stepformer_read_byte();
  number |= __stepformer_read_byte() << 8;
  number |= __stepformer_read_byte() << 16;
  return number | __stepformer_read_byte() << 24;
}

static inline char **read_arguments(int *count) {
  int argc = read_number(), size = read_number();
  if (argc < 0) argc = size = 0;
  char **argv = malloc((argc + 1) * sizeof(char *));
  char *text = malloc(size);
  for (int i = 0; i < argc; i++) {
    argv[i] = text;
    do *text = __stepformer_read_byte();
    while (*text++);
  }
  argv[argc] = NULL;
  *count = argc;
  return argv;
}
