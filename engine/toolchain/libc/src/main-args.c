/*
 * `int main(int argc, char **argv)`: linked only when the program's main has parameters. The arguments come first in
 * the input: argc in four bytes, little endian, then each argument with a zero byte at its end. The export tells the
 * host to send them.
 */
#include <stdlib.h>
#include "libc.h"

int __main_argc_argv(int argc, char **argv);

__attribute__((export_name("__stepformer_args"))) int __main_void(void) {
  int argc = __stepformer_read_byte();
  argc |= __stepformer_read_byte() << 8;
  argc |= __stepformer_read_byte() << 16;
  argc |= __stepformer_read_byte() << 24;
  if (argc < 0) argc = 0;
  char **argv = malloc((argc + 1) * sizeof(char *));
  for (int i = 0; i < argc; i++) {
    int room = 16, length = 0;
    char *text = malloc(room);
    for (;;) {
      int c = __stepformer_read_byte();
      if (length == room) text = realloc(text, room *= 2);
      if (c <= 0) break;
      text[length++] = c;
    }
    text[length] = 0;
    argv[i] = text;
  }
  argv[argc] = NULL;
  return __main_argc_argv(argc, argv);
}
