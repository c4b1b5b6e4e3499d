/*
 * A main of another form: with the environment as a third parameter, or one that gives nothing. clang leaves those
 * their name. That the types differ is mended after the link.
 */
#include "arguments.h"

extern char **environ;
int other_main(int argc, char **argv, char **environment) __asm__("main");

__attribute__((export_name("__stepformer_args"))) int __main_void(void) {
  int argc;
  char **argv = read_arguments(&argc);
  return other_main(argc, argv, environ);
}
