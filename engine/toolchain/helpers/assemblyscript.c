/*
 * What AssemblyScript's programs import unless they are built for WASI, from a module `env`: where they give up, their console,
 * the clock, and what their random numbers begin with. Their strings are of UTF-16, with their size in bytes before them.
 */
#include "helpers.h"

MACHINE("write_byte") void write_byte(u32 byte);
MACHINE("write_error") void write_error(u32 byte);

CELL(clock)

typedef u16 __attribute__((aligned(1), may_alias)) unit;

/* A character of UTF-8 with more than one byte: the first with `mark`, and `rest` more of six bits each. */
INLINE void put_long(void put(u32 byte), u32 character, u32 mark, u32 rest) {
  put(mark | character >> (6 * rest));
  while (rest--) put(0x80 | (character >> (6 * rest) & 0x3f));
}

INLINE void put_character(void put(u32 byte), u32 character) {
  if (character < 0x80) put(character);
  else if (character < 0x800) put_long(put, character, 0xc0, 1);
  else if (character < 0x10000) put_long(put, character, 0xe0, 2);
  else put_long(put, character, 0xf0, 3);
}

INLINE void put_text(void put(u32 byte), u32 text) {
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
    put_character(put, character);
  }
}

/* By an instruction of its own for each stream. */
static __attribute__((noinline)) void put_output(u32 text) { put_text(write_byte, text); }
static __attribute__((noinline)) void put_string(u32 text) { put_text(write_error, text); }

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

/* ---- the console: a line each, of warnings and errors on standard error */

#define CONSOLE(name, put_line, put) \
  EXPORT("env.console." #name) void console_##name(u32 text) { \
    if (text) put_line(text); \
    else put('n'), put('u'), put('l'), put('l'); \
    put('\n'); \
  }

CONSOLE(log, put_output, write_byte)
CONSOLE(info, put_output, write_byte)
CONSOLE(debug, put_output, write_byte)
CONSOLE(warn, put_string, write_error)
CONSOLE(error, put_string, write_error)

/* ---- numbers, which are floats: as WASI's clock, and the same in each run */

/* The float that a positive number below 2^53 is. */
INLINE u64 float_of(u64 number) {
  u32 exponent = 63 - clz64(number);
  return ((u64)(1023 + exponent) << 52) + ((number << (52 - exponent)) & 0xfffffffffffff);
}

static u32 tick(void) {
  u32 ticks = get_clock() + 1;
  set_clock(ticks);
  return ticks;
}

EXPORT("env.Date.now") u64 date_now(void) { return float_of(1704067200000 + tick()); }
EXPORT("env.performance.now") u64 performance_now(void) { return float_of(tick()); }
EXPORT("env.seed") u64 seed(void) { return float_of(2463534242); }
