/* Ends in a trap, not an exit, after the program's handler of SIGABRT, if it has one. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* Of wasi-libc's emulated signals: there where the program handles or raises any. What handles nothing aborts. */
__attribute__((weak)) int raise(int signal);

_Noreturn void abort(void) {
  static int raised;
  if (raise && !raised) {
    raised = 1;
    raise(SIGABRT);
  }
  fputs("Aborted\n", stderr);
  __builtin_trap();
}
