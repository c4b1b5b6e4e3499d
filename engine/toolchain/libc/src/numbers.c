/* Numbers from text, and small arithmetic. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* The digits' value; whether a minus stood before them, and whether they exceed 32 bits. */
static unsigned parse(const char *text, char **end, unsigned base, int *minus, int *overflow) {
  unsigned value = 0;
  const char *next = text;
  int any = 0;
  *minus = 0;
  *overflow = 0;
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
    /* By halves: a check by division would become a 64-bit product. */
    unsigned lower = (value & 0xffff) * base + digit, upper = (value >> 16) * base + (lower >> 16);
    if (upper >> 16) *overflow = 1;
    else value = upper << 16 | (lower & 0xffff);
  }
  if (end) *end = (char *)(any ? next : text);
  return value;
}

long strtol(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned value = parse(text, end, base, &minus, &overflow);
  unsigned limit = (unsigned)LONG_MAX + minus;
  if (overflow || value > limit) {
    errno = ERANGE;
    value = limit;
  }
  return minus ? -value : value;
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
  int minus, overflow;
  unsigned value = parse(text, end, base, &minus, &overflow);
  if (overflow) {
    errno = ERANGE;
    return ULONG_MAX;
  }
  return minus ? -value : value;
}

int atoi(const char *text) {
  unsigned value = 0;
  int negative = 0;
  while (isspace(*(const unsigned char *)text)) text++;
  if (*text == '-' || *text == '+') negative = *text++ == '-';
  for (; *text - '0' < 10u; text++) value = value * 10 + (*text - '0');
  return negative ? -value : value;
}

long atol(const char *text) { return atoi(text); }

int abs(int value) { return value < 0 ? -value : value; }
long labs(long value) { return value < 0 ? -value : value; }

div_t div(int dividend, int divisor) {
  div_t result = {dividend / divisor, dividend % divisor};
  return result;
}

ldiv_t ldiv(long dividend, long divisor) {
  ldiv_t result = {dividend / divisor, dividend % divisor};
  return result;
}

char *getenv(const char *name) {
  (void)name;
  return NULL;
}
