/* The arguments of a program of WASI: before its input stand their number, the size of their bytes, and the bytes. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H
#include "limit.h"

MACHINE("read_byte") s32 read_byte(void);

/*
 * How far they are read: UNREAD is what the toolchain sets where there are any. KEPT are those of a program that read its input
 * before it asked for them: in the machine's memory behind the program's, at an address that the toolchain sets too.
 */
enum { READ = 0, UNREAD = 1, SIZES_READ = 2, KEPT = 3 };
CELL(args)
CELL(args_count)
CELL(args_size)
CELL(args_buffer)
CELL(args_kept)

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

/* Before the input is read. */
static void keep_args(void) {
  if (get_args() != UNREAD && get_args() != SIZES_READ) return;
  read_sizes();
  u32 old = lift();
  u8 *to = (u8 *)get_args_kept();
  for (u32 left = get_args_size(); left; left--) *to++ = read_byte();
  set_limit(old);
  set_args(KEPT);
}
#endif
