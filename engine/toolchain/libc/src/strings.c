/* strings.h: case-insensitive comparison, lowest set bit. */
#include <strings.h>
#include <ctype.h>

int strncasecmp(const char *a, const char *b, size_t size) {
  for (; size; size--, a++, b++) {
    int difference = tolower(*(const unsigned char *)a) - tolower(*(const unsigned char *)b);
    if (difference || !*a) return difference;
  }
  return 0;
}

int strcasecmp(const char *a, const char *b) { return strncasecmp(a, b, (size_t)-1); }

int ffs(int value) { return value ? __builtin_ctz(value) + 1 : 0; }
