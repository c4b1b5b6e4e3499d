/* memory.copy and memory.fill: 32 bytes at a time, then eight, then the rest one by one. */
#include "limit.h"

INLINE void check(u32 at, u32 size) {
  if ((u64)at + size > (u64)__builtin_wasm_memory_size(0) << 16) trap_out_of_bounds();
}

EXPORT("memory.fill") void memory_fill(u32 to, u32 value, u32 size) {
  check(to, size);
  u64 fill = (value & 255) * 0x0101010101010101;
  u32 end = to + size;
  for (; end - to >= 32; to += 32) {
    wide_word *next = (wide_word *)to;
    next[0] = next[1] = next[2] = next[3] = fill;
  }
  for (; end - to >= 8; to += 8) *(wide_word *)to = fill;
  for (; to != end; to++) *(u8 *)to = value;
}

EXPORT("memory.copy") void memory_copy(u32 to, u32 from, u32 size) {
  check(to, size);
  check(from, size);
  if (to - from >= size) {
    u32 end = to + size;
    for (; end - to >= 32; to += 32, from += 32) {
      /* In this order also where they overlap: what is written was read before. */
      volatile wide_word *next = (volatile wide_word *)to;
      volatile const wide_word *old = (volatile const wide_word *)from;
      next[0] = old[0];
      next[1] = old[1];
      next[2] = old[2];
      next[3] = old[3];
    }
    for (; end - to >= 8; to += 8, from += 8) *(wide_word *)to = *(const wide_word *)from;
    for (; to != end; to++, from++) *(u8 *)to = *(const u8 *)from;
  } else {
    /* The end of the source would be overwritten before it is read. */
    u32 start = to;
    to += size;
    from += size;
    while (to - start >= 32) {
      to -= 32;
      from -= 32;
      volatile wide_word *next = (volatile wide_word *)to;
      volatile const wide_word *old = (volatile const wide_word *)from;
      next[3] = old[3];
      next[2] = old[2];
      next[1] = old[1];
      next[0] = old[0];
    }
    while (to - start >= 8) to -= 8, from -= 8, *(wide_word *)to = *(const wide_word *)from;
    while (to != start) to--, from--, *(u8 *)to = *(const u8 *)from;
  }
}

/*
 * The same where several modules with memories are one program: each has a part of the machine's memory, of which the first page
 * and the one at its end are given. Nobody relies on the limit there, which every access sets before.
 */
INLINE u32 within(u32 at, u32 size, u32 base, u32 end) {
  if ((u64)at + size > (u64)(end - base) << 16) trap_out_of_bounds();
  return at + (base << 16);
}

EXPORT("memories.fill") void memories_fill(u32 to, u32 value, u32 size, u32 base, u32 end) {
  to = within(to, size, base, end);
  set_limit(all_pages());
  memory_fill(to, value, size);
}

EXPORT("memories.copy") void memories_copy(u32 to, u32 from, u32 size, u32 base, u32 end, u32 from_base, u32 from_end) {
  to = within(to, size, base, end);
  from = within(from, size, from_base, from_end);
  set_limit(all_pages());
  memory_copy(to, from, size);
}

/* A segment begins with its size (tables.c), and is reached only when the limit is lifted. */
EXPORT("memories.init") void memories_init(u32 to, u32 from, u32 size, u32 segment, u32 base, u32 end) {
  to = within(to, size, base, end);
  set_limit(all_pages());
  if ((u64)from + size > *(volatile word *)segment) trap_out_of_bounds();
  memory_copy(to, segment + 4 + from, size);
}
