/*
 * qsort as glibc has it, comparison by comparison: a merge sort. So what compares equal keeps its order, a comparison that
 * says only "greater or not" sorts, and a program that counts comparisons counts the same.
 */
#include <stdlib.h>
#include "libc.h"

typedef int comparison(const void *, const void *);

/* Weak: a program that does not allocate is not linked with it for the room beside a long array. */
__attribute__((weak)) void *malloc(size_t size);
__attribute__((weak)) void free(void *block);

/* Bytes that are no burden on the stack, and of a page of memory. */
enum { SHORT = 1024, PAGE = 65536 };

static char *copy(char *to, const char *from, size_t size) {
  for (; size >= 4; size -= 4, to += 4, from += 4) *(word *)to = *(const word *)from;
  for (; size; size--) *to++ = *from++;
  return to;
}

static void sort(char *first, size_t count, size_t size, comparison *compare, char *room) {
  if (count <= 1) return;
  size_t left = count / 2, right = count - left;
  char *one = first, *other = first + left * size, *to = room;
  sort(one, left, size, compare, room);
  sort(other, right, size, compare, room);
  while (left && right) {
    if (compare(one, other) <= 0) {
      to = copy(to, one, size);
      one += size;
      left--;
    } else {
      to = copy(to, other, size);
      other += size;
      right--;
    }
  }
  to = copy(to, one, left * size);
  copy(first, room, to - room);
}

/* Of a program that does not allocate, all memory behind its data is free. */
static char *behind_data(size_t bytes) {
  static char *start;
  static size_t length;
  size_t pages = (bytes + PAGE - 1) / PAGE;
  if (pages <= length) return start;
  size_t at = __builtin_wasm_memory_grow(0, pages);
  if (at == (size_t)-1) return NULL;
  length = pages;
  return start = (char *)(at * PAGE);
}

/* Takes no room: for arrays for which there is none. */
static void insert(char *first, size_t count, size_t size, comparison *compare) {
  for (char *next = first + size, *end = first + count * size; next < end; next += size) {
    for (char *at = next; at > first && compare(at - size, at) > 0; at -= size) {
      for (size_t i = 0; i < size; i++) {
        char t = at[i];
        at[i] = at[i - size];
        at[i - size] = t;
      }
    }
  }
}

void qsort(void *base, size_t count, size_t size, comparison *compare) {
  size_t bytes = count * size;
  if (bytes <= SHORT) {
    char room[SHORT];
    sort(base, count, size, compare, room);
    return;
  }
  char *room = malloc ? malloc(bytes) : behind_data(bytes);
  if (!room) {
    insert(base, count, size, compare);
    return;
  }
  sort(base, count, size, compare, room);
  if (malloc) free(room);
}
