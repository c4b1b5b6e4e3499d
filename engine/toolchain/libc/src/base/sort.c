/* qsort: quicksort with the median of three, insertion for short runs. */
#include <stdlib.h>
#include "libc.h"

typedef int comparison(const void *, const void *);

static void swap(char *a, char *b, size_t size) {
  for (; size >= 4; size -= 4, a += 4, b += 4) {
    unsigned t = *(word *)a;
    *(word *)a = *(word *)b;
    *(word *)b = t;
  }
  for (; size; size--) {
    char t = *a;
    *a++ = *b;
    *b++ = t;
  }
}

void qsort(void *base, size_t count, size_t size, comparison *compare) {
  char *first = base;
  while (count > 7) {
    char *last = first + (count - 1) * size, *middle = first + count / 2 * size;
    if (compare(middle, first) < 0) swap(middle, first, size);
    if (compare(last, middle) < 0) {
      swap(last, middle, size);
      if (compare(middle, first) < 0) swap(middle, first, size);
    }
    /* The pivot waits in front; first and last bound the two scans. */
    swap(first, middle, size);
    char *up = first, *down = last + size;
    for (;;) {
      do up += size;
      while (up < last && compare(up, first) < 0);
      do down -= size;
      while (compare(first, down) < 0);
      if (up >= down) break;
      swap(up, down, size);
    }
    swap(first, down, size);
    size_t left = (down - first) / size, right = count - left - 1;
    if (left < right) {
      qsort(first, left, size, compare);
      first = down + size;
      count = right;
    } else {
      qsort(down + size, right, size, compare);
      count = left;
    }
  }
  char *end = first + count * size;
  for (char *next = first + size; next < end; next += size) {
    for (char *at = next; at > first && compare(at, at - size) < 0; at -= size) swap(at, at - size, size);
  }
}
