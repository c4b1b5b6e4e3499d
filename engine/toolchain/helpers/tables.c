/*
 * Tables and segments that lie in the machine's memory behind the program's part of it (lower/stored.ts): a table begins with its
 * size and the most that it can be, a segment with its size. To reach them the limit of memory is lifted, and put back
 * before anything can trap.
 */
#include "limit.h"

MACHINE("trap undefined element") _Noreturn void trap_undefined_element(void);

#define SIZE 0
#define MOST 1
#define FIRST 2

INLINE volatile word *words(u32 at) { return (volatile word *)at; }

/* A table's element at an index, its limit checked. */
INLINE volatile word *element(u32 table, u32 index, u32 old) {
  if (index < words(table)[SIZE]) return words(table) + FIRST + index;
  set_limit(old);
  trap_undefined_element();
}

/* Traps where `size` elements from `index` on are more than there are. */
INLINE void check(u32 index, u32 size, u32 there, u32 old) {
  if ((u64)index + size <= there) return;
  set_limit(old);
  trap_undefined_element();
}

EXPORT("table.get") u32 table_get(u32 index, u32 table) {
  u32 old = lift();
  u32 value = *element(table, index, old);
  set_limit(old);
  return value;
}

EXPORT("table.set") void table_set(u32 index, u32 value, u32 table) {
  u32 old = lift();
  *element(table, index, old) = value;
  set_limit(old);
}

EXPORT("table.size") u32 table_size(u32 table) {
  u32 old = lift();
  u32 size = words(table)[SIZE];
  set_limit(old);
  return size;
}

INLINE void fill(u32 table, u32 index, u32 value, u32 count) {
  volatile word *next = words(table) + FIRST + index;
  for (; count != 0; count--) *next++ = value;
}

EXPORT("table.fill") void table_fill(u32 index, u32 value, u32 count, u32 table) {
  u32 old = lift();
  check(index, count, words(table)[SIZE], old);
  fill(table, index, value, count);
  set_limit(old);
}

EXPORT("table.grow") u32 table_grow(u32 value, u32 count, u32 table) {
  u32 old = lift();
  u32 size = words(table)[SIZE];
  u32 result = -1;
  if ((u64)size + count <= words(table)[MOST]) {
    fill(table, size, value, count);
    words(table)[SIZE] = size + count;
    result = size;
  }
  set_limit(old);
  return result;
}

INLINE void copy(volatile word *to, volatile word *from, u32 count) {
  if (to <= from) {
    for (; count != 0; count--) *to++ = *from++;
  } else {
    /* The end of the source would be overwritten before it is read. */
    while (count != 0) count--, to[count] = from[count];
  }
}

EXPORT("table.copy") void table_copy(u32 to, u32 from, u32 count, u32 table, u32 source) {
  u32 old = lift();
  check(to, count, words(table)[SIZE], old);
  check(from, count, words(source)[SIZE], old);
  copy(words(table) + FIRST + to, words(source) + FIRST + from, count);
  set_limit(old);
}

EXPORT("table.init") void table_init(u32 to, u32 from, u32 count, u32 table, u32 segment) {
  u32 old = lift();
  check(to, count, words(table)[SIZE], old);
  check(from, count, words(segment)[SIZE], old);
  copy(words(table) + FIRST + to, words(segment) + 1 + from, count);
  set_limit(old);
}

INLINE void drop(u32 segment) {
  u32 old = lift();
  words(segment)[SIZE] = 0;
  set_limit(old);
}

EXPORT("elem.drop") void elem_drop(u32 segment) { drop(segment); }
EXPORT("data.drop") void data_drop(u32 segment) { drop(segment); }

EXPORT("memory.init") void memory_init(u32 to, u32 from, u32 size, u32 segment) {
  u32 old = lift();
  if ((u64)to + size > (u64)old << 16 || (u64)from + size > words(segment)[SIZE]) {
    set_limit(old);
    trap_out_of_bounds();
  }
  u32 next = segment + 4 + from, end = to + size;
  for (; end - to >= 8; to += 8, next += 8) *(volatile wide_word *)to = *(volatile wide_word *)next;
  for (; to != end; to++, next++) *(volatile u8 *)to = *(volatile u8 *)next;
  set_limit(old);
}

/* ---- values of exceptions that a program refers to (lower/exceptions/references.ts) */

EXPORT("kept.get4") u32 kept_get4(u32 at) {
  u32 old = lift();
  u32 value = *(volatile word *)at;
  set_limit(old);
  return value;
}

EXPORT("kept.get8") u64 kept_get8(u32 at) {
  u32 old = lift();
  u64 value = *(volatile wide_word *)at;
  set_limit(old);
  return value;
}

EXPORT("kept.set4") void kept_set4(u32 at, u32 value) {
  u32 old = lift();
  *(volatile word *)at = value;
  set_limit(old);
}

EXPORT("kept.set8") void kept_set8(u32 at, u64 value) {
  u32 old = lift();
  *(volatile wide_word *)at = value;
  set_limit(old);
}
