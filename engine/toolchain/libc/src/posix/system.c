/* There is no shell: a program that asks is told so, and a command fails as one that a shell does not find. */
#include <stdio.h>
#include <stdlib.h>

enum { NOT_FOUND = 127 << 8 };

int system(const char *command) {
  if (!command) return 0;
  fprintf(stderr, "system: there is no shell here to run: %s\n", command);
  return NOT_FOUND;
}
