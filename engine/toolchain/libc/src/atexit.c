/* Functions called at exit, the last registered first. */
#include <stdlib.h>
#include "libc.h"

static void (*functions[32])(void);
static int count;

static void run(void) {
  while (count > 0) functions[--count]();
}

int atexit(void (*function)(void)) {
  if (count == 32) return 1;
  functions[count++] = function;
  __stepformer_at_exit = run;
  return 0;
}
