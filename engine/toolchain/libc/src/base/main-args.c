/*
 * `int main(int argc, char **argv)`: linked only when the program's main has parameters. The arguments come first in
 * the input: their number and the number of their bytes, in four bytes each, little endian, then each argument with a
 * zero byte at its end. The export tells the host to send them.
 */
#include <stdlib.h>
#include "libc.h"

int __main_argc_argv(int argc, char **argv);

static int read_number(void) {
  int number = __stepformer_read_byte();
  number |= __stepformer_read_byte() << 8;
  number |= __stepformer_read_byte() << 16;
  return number | __stepformer_read_byte() << 24;
}

__attribute__((export_name("__stepformer_args"))) int __main_void(void) {
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
  return __main_argc_argv(argc, argv);
}
