/*
 * The end of a program. Every ordinary end goes through the export `__stepformer_exit`: the machine halts there with
 * the code; anything else that executes it finds the code in memory and stops at the trap.
 */
#include <stdlib.h>

/* Of wasi-libc, where the program has it: functions and destructors that were registered, files to be flushed. */
__attribute__((weak)) void __funcs_on_exit(void);
__attribute__((weak)) void __stdio_exit(void);

int __stepformer_exit_code;

__attribute__((export_name("__stepformer_exit"), noinline)) _Noreturn void __stepformer_exit(int code) {
  __stepformer_exit_code = code;
  __builtin_trap();
}

_Noreturn void _Exit(int code) { __stepformer_exit(code); }

_Noreturn void exit(int code) {
  if (__funcs_on_exit) __funcs_on_exit();
  if (__stdio_exit) __stdio_exit();
  __stepformer_exit(code);
}
