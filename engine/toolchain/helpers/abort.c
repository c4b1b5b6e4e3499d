/*
 * env.abort(message, file, line, column), which AssemblyScript's programs call where they give up: says so on standard error and
 * traps. Its strings are of UTF-16, with their size in bytes before them.
 */
#include "helpers.h"

MACHINE("write_error") void write_error(u32 byte);

typedef u16 __attribute__((aligned(1), may_alias)) unit;

/* A character of UTF-8 with more than one byte: the first with `mark`, and `rest` more of six bits each. */
static void put_long(u32 character, u32 mark, u32 rest) {
  write_error(mark | character >> (6 * rest));
  while (rest--) write_error(0x80 | (character >> (6 * rest) & 0x3f));
}

static void put_character(u32 character) {
  if (character < 0x80) write_error(character);
  else if (character < 0x800) put_long(character, 0xc0, 1);
  else if (character < 0x10000) put_long(character, 0xe0, 2);
  else put_long(character, 0xf0, 3);
}

static void put_string(u32 text) {
  u32 end = text + *(const word *)(text - 4);
  while (text < end) {
    u32 character = *(const unit *)text;
    text += 2;
    if (character >> 10 == 0xd800 >> 10 && text < end && *(const unit *)text >> 10 == 0xdc00 >> 10) {
      character = 0x10000 + ((character & 0x3ff) << 10 | (*(const unit *)text & 0x3ff));
      text += 2;
    } else if (character >> 11 == 0xd800 >> 11) {
      /* Half of a pair is no character. */
      character = 0xfffd;
    }
    put_character(character);
  }
}

static void put_number(u32 number) {
  u32 power = 1;
  while (number / power >= 10) power *= 10;
  for (; power != 0; power /= 10) write_error('0' + number / power % 10);
}

/* A character each, as constants: nothing of a helper may lie in memory. */
EXPORT("env.abort") void env_abort(u32 message, u32 file, u32 line, u32 column) {
  write_error('a'), write_error('b'), write_error('o'), write_error('r'), write_error('t');
  if (message) write_error(':'), write_error(' '), put_string(message);
  if (file) {
    write_error(' '), write_error('i'), write_error('n'), write_error(' ');
    put_string(file);
    write_error('('), put_number(line), write_error(':'), put_number(column), write_error(')');
  }
  write_error('\n');
  __builtin_trap();
}
