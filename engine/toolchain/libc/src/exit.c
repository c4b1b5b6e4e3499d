/*
 * The end of a program. Every ordinary end goes through the export `__stepformer_exit`: the machine halts there with
 * the code; anything else that executes it finds the code in memory and stops at the trap.
 */
#include <stdlib.h>
#include "libc.h"

void (*__stepformer_at_exit)(void);

int __stepformer_exit_code;

__attribute__((export_name("__stepformer_exit"), noinline)) _Noreturn void __stepformer_exit(int code) {
  __stepformer_exit_code = code;
  __builtin_trap();
}

_Noreturn void _Exit(int code) { __stepformer_exit(code); }

_Noreturn void exit(int code) {
  if (__stepformer_at_exit) __stepformer_at_exit();
  __stepformer_exit(code);
}
