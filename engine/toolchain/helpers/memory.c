/* memory.copy and memory.fill: 32 bytes at a time, then eight, then the rest one by one. */
#include "helpers.h"

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
