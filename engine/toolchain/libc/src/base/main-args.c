/* `int main(int argc, char **argv)`: linked only when the program's main is this. */
#include "arguments.h"

int __main_argc_argv(int argc, char **argv);

__attribute__((export_name("__stepformer_args"))) int __main_void(void) {
  int argc;
  char **argv = read_arguments(&argc);
  return __main_argc_argv(argc, argv);
}
