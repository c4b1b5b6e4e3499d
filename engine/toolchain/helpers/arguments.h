/* The arguments of a program of WASI: before its input stand their number, the size of their bytes, and the bytes. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H
#include "helpers.h"

MACHINE("read_byte") s32 read_byte(void);

/* How far they are read: UNREAD is what the toolchain sets where there are any. */
enum { READ = 0, UNREAD = 1, SIZES_READ = 2 };
CELL(args)
CELL(args_count)
CELL(args_size)
CELL(args_buffer)

static u32 read_word(void) {
  u32 value = read_byte();
  value |= read_byte() << 8;
  value |= read_byte() << 16;
  return value | read_byte() << 24;
}

static void read_sizes(void) {
  if (get_args() != UNREAD) return;
  set_args_count(read_word());
  set_args_size(read_word());
  set_args(SIZES_READ);
}

/* Goes past what was not asked for before the input was. */
static void skip_args(void) {
  if (get_args() == READ) return;
  read_sizes();
  for (u32 left = get_args_size(); left; left--) read_byte();
  set_args_count(0);
  set_args_size(0);
  set_args(READ);
}
#endif
