/* Numbers from text, and small arithmetic. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

struct parsed {
  unsigned value;
  int negative, overflow;
};

static struct parsed parse(const char *text, char **end, unsigned base) {
  struct parsed result = {0, 0, 0};
  const char *next = text;
  int any = 0;
  while (isspace(*(const unsigned char *)next)) next++;
  if (*next == '-' || *next == '+') result.negative = *next++ == '-';
  if ((base == 0 || base == 16) && next[0] == '0' && (next[1] | 32) == 'x' && isxdigit((unsigned char)next[2])) {
    next += 2;
    base = 16;
  } else if (base == 0) {
    base = *next == '0' ? 8 : 10;
  }
  unsigned most = UINT_MAX / base, last = UINT_MAX % base;
  for (;; next++) {
    unsigned c = *(const unsigned char *)next, digit;
    if (c - '0' < 10u) digit = c - '0';
    else if ((c | 32) - 'a' < 26u) digit = (c | 32) - 'a' + 10;
    else break;
    if (digit >= base) break;
    any = 1;
    if (result.value > most || (result.value == most && digit > last)) result.overflow = 1;
    else result.value = result.value * base + digit;
  }
  if (end) *end = (char *)(any ? next : text);
  return result;
}

long strtol(const char *restrict text, char **restrict end, int base) {
  struct parsed p = parse(text, end, base);
  unsigned limit = (unsigned)LONG_MAX + p.negative;
  if (p.overflow || p.value > limit) {
    errno = ERANGE;
    p.value = limit;
  }
  return p.negative ? -p.value : p.value;
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base) {
  struct parsed p = parse(text, end, base);
  if (p.overflow) {
    errno = ERANGE;
    return ULONG_MAX;
  }
  return p.negative ? -p.value : p.value;
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
