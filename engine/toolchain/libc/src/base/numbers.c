/* Integers from text: wasi-libc's go through a FILE. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

/* The digits' value; whether a minus stood before them, and whether they exceed 64 bits. */
static unsigned long long parse(const char *text, char **end, unsigned base, int *minus, int *overflow) {
  unsigned long long value = 0;
  const char *next = text;
  int any = 0;
  *minus = 0;
  *overflow = 0;
  if (base == 1 || base > 36) {
    errno = EINVAL;
    if (end) *end = (char *)text;
    return 0;
  }
  while (isspace(*(const unsigned char *)next)) next++;
  if (*next == '-' || *next == '+') *minus = *next++ == '-';
  if ((base == 0 || base == 16) && next[0] == '0' && (next[1] | 32) == 'x' && isxdigit((unsigned char)next[2])) {
    next += 2;
    base = 16;
  } else if (base == 0) {
    base = *next == '0' ? 8 : 10;
  }
  for (;; next++) {
    unsigned c = *(const unsigned char *)next, digit;
    if (c - '0' < 10u) digit = c - '0';
    else if ((c | 32) - 'a' < 26u) digit = (c | 32) - 'a' + 10;
    else break;
    if (digit >= base) break;
    any = 1;
    /* By halves: a check by division would be a division. */
    unsigned long long lower = (value & 0xffffffff) * base + digit, upper = (value >> 32) * base + (lower >> 32);
    if (upper >> 32) *overflow = 1;
    else value = upper << 32 | (lower & 0xffffffff);
  }
  if (end) *end = (char *)(any ? next : text);
  return value;
}

long strtol(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned long long value = parse(text, end, base, &minus, &overflow);
  unsigned limit = (unsigned)LONG_MAX + minus;
  if (overflow || value > limit) {
    errno = ERANGE;
    value = limit;
  }
  return minus ? -value : value;
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned long long value = parse(text, end, base, &minus, &overflow);
  if (overflow || value > ULONG_MAX) {
    errno = ERANGE;
    return ULONG_MAX;
  }
  return minus ? -value : value;
}

long long strtoll(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned long long value = parse(text, end, base, &minus, &overflow);
  unsigned long long limit = (unsigned long long)LLONG_MAX + minus;
  if (overflow || value > limit) {
    errno = ERANGE;
    value = limit;
  }
  return minus ? -value : value;
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned long long value = parse(text, end, base, &minus, &overflow);
  if (overflow) {
    errno = ERANGE;
    return ULLONG_MAX;
  }
  return minus ? -value : value;
}

intmax_t strtoimax(const char *restrict text, char **restrict end, int base) { return strtoll(text, end, base); }
uintmax_t strtoumax(const char *restrict text, char **restrict end, int base) { return strtoull(text, end, base); }
