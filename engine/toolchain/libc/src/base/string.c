/* Sets of characters, by comparison: wasi-libc's make a bit set first, which pays for long texts only. */
#include <string.h>

static int contains(const char *set, char c) {
  for (; *set; set++) {
    if (*set == c) return 1;
  }
  return 0;
}

size_t strspn(const char *text, const char *set) {
  size_t length = 0;
  while (text[length] && contains(set, text[length])) length++;
  return length;
}

size_t strcspn(const char *text, const char *set) {
  size_t length = 0;
  while (text[length] && !contains(set, text[length])) length++;
  return length;
}
