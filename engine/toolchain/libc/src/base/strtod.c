/*
 * Floats from text, exactly rounded. Most numbers are a product or quotient of two that are exact; the others go
 * through long numbers in words of 32 bits, of which the 64 leading bits and whether anything follows decide.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include "libc.h"

typedef unsigned u32;
typedef unsigned long long u64;

#define BILLION 1000000000u
/* Digits that count; of those behind them only whether one is not zero. */
#define MOST_DIGITS 800
#define MOST_WORDS 220

/* significand * 2^exponent, and whether the true value is a little larger; or significand * 10^exponent, exactly. */
struct parsed {
  u64 significand;
  int exponent, inexact, decimal;
};

/* The format's bits: `size` significant ones with the first, and the exponent of the smallest number's last bit. */
static u64 to_bits(struct parsed p, int size, int least) {
  if (p.significand == 0) return 0;
  int zeros = __builtin_clzll(p.significand);
  p.significand <<= zeros;
  p.exponent -= zeros;
  int lost = 64 - size;
  if (p.exponent + lost < least) lost = least - p.exponent;
  u64 kept = 0, rest, half;
  if (lost > 64) {
    errno = ERANGE;
    return 0;
  }
  if (lost == 64) {
    rest = p.significand;
    half = 1ull << 63;
  } else {
    kept = p.significand >> lost;
    rest = p.significand - (kept << lost);
    half = 1ull << (lost - 1);
  }
  if (rest > half || (rest == half && (p.inexact || kept & 1))) kept++;
  /* The leading bit counts as one in the exponent field. */
  int field = p.exponent + lost - least;
  if (kept >> size) {
    kept >>= 1;
    field++;
  }
  int largest = size == 24 ? 0xfe : 0x7fe;
  if (field >= largest) {
    errno = ERANGE;
    return (u64)(largest + 1) << (size - 1);
  }
  if (kept >> (size - 1) == 0) errno = ERANGE;
  return ((u64)field << (size - 1)) + kept;
}

/* words = words * factor + plus; gives how many there are then. */
static int multiply(u32 *words, int count, u32 factor, u32 plus) {
  u32 carry = plus;
  for (int i = 0; i < count; i++) {
    u64 product = (u64)words[i] * factor + carry;
    words[i] = product;
    carry = product >> 32;
  }
  if (carry) words[count++] = carry;
  return count;
}

/* Divides by a power of ten of at most nine zeros; gives whether something is left. */
static int divide(u32 *words, int count, u32 divisor) {
  u64 rest = 0;
  for (int i = count - 1; i >= 0; i--) {
    rest = rest << 32 | words[i];
    words[i] = rest / divisor;
    rest -= (u64)words[i] * divisor;
  }
  return rest != 0;
}

static u32 power_of_ten(int exponent) {
  u32 power = 1;
  while (exponent-- > 0) power *= 10;
  return power;
}

/* digits * 10^exponent. */
static struct parsed from_decimal(const char *digits, int length, int exponent, int inexact) {
  u32 words[MOST_WORDS];
  int count = 0;
  for (int i = 0; i < length;) {
    int chunk = length - i < 9 ? length - i : 9;
    u32 value = 0;
    for (int end = i + chunk; i < end; i++) value = value * 10 + (digits[i] - '0');
    count = multiply(words, count, power_of_ten(chunk), value);
  }
  int shift = 0;
  if (exponent < 0) {
    /* So many zero words behind that the quotient still has more than 64 bits. */
    int behind = (-exponent * 10 / 3 + 96) / 32 + 1;
    for (int i = count - 1; i >= 0; i--) words[i + behind] = words[i];
    for (int i = 0; i < behind; i++) words[i] = 0;
    count += behind;
    shift = -32 * behind;
    while (exponent < 0) {
      int step = exponent < -9 ? 9 : -exponent;
      inexact |= divide(words, count, power_of_ten(step));
      while (count && words[count - 1] == 0) count--;
      exponent += step;
    }
  }
  for (; exponent > 0; exponent -= 9) count = multiply(words, count, power_of_ten(exponent < 9 ? exponent : 9), 0);
  struct parsed p = {0, shift, inexact, 0};
  int low = count > 3 ? count - 3 : 0;
  for (int i = 0; i < low; i++) p.inexact |= words[i] != 0;
  p.exponent += 32 * low;
  /* Of three words the leading 64 bits. */
  u64 lower = words[low], upper = 0;
  if (count - low > 1) lower |= (u64)words[low + 1] << 32;
  if (count - low > 2) upper = words[low + 2];
  if (upper == 0) {
    p.significand = lower;
    return p;
  }
  int drop = 32 - __builtin_clz((u32)upper);
  p.significand = upper << (64 - drop) | lower >> drop;
  p.inexact |= (lower & ((1ull << drop) - 1)) != 0;
  p.exponent += drop;
  return p;
}

static int digit_of(int c) {
  if (c - '0' < 10u) return c - '0';
  c |= 32;
  return c - 'a' < 6u ? c - 'a' + 10 : 99;
}

/* The exponent behind `letter`, if there is one; moves `*text` behind it. */
static int read_exponent(const char **text, int letter) {
  const char *next = *text;
  if ((*next | 32) != letter) return 0;
  next++;
  int minus = *next == '-';
  if (*next == '-' || *next == '+') next++;
  if (*next - '0' >= 10u) return 0;
  int value = 0;
  for (; *next - '0' < 10u; next++) {
    if (value < 100000) value = value * 10 + (*next - '0');
  }
  *text = next;
  return minus ? -value : value;
}

static int starts(const char *text, const char *word) {
  int i = 0;
  for (; word[i]; i++) {
    if ((text[i] | 32) != word[i]) return 0;
  }
  return i;
}

/*
 * Reads the magnitude's digits in this base; gives where they end, or NULL if there are none. A decimal number may be
 * left as it is when both its factors are doubles: `doubles` says whether that helps.
 */
static const char *read_number(const char *text, int base, int doubles, struct parsed *p) {
  char digits[MOST_DIGITS];
  int length = 0, exponent = 0, any = 0, point = 0, inexact = 0;
  u64 value = 0;
  for (;; text++) {
    if (*text == '.' && !point) {
      point = 1;
      continue;
    }
    int digit = digit_of(*(const unsigned char *)text);
    if (digit >= base) break;
    any = 1;
    if (length == 0 && digit == 0) {
      exponent -= point;
      continue;
    }
    if (length < (base == 10 ? MOST_DIGITS : 15)) {
      digits[length++] = *text;
      value = value * base + digit;
      exponent -= point;
    } else {
      inexact |= digit != 0;
      exponent += !point;
    }
  }
  if (!any) return NULL;
  if (base == 16) {
    exponent = exponent * 4 + read_exponent(&text, 'p');
    *p = (struct parsed){value, exponent, inexact, 0};
    return text;
  }
  exponent += read_exponent(&text, 'e');
  if (doubles && length <= 15 && exponent >= -19 && exponent <= 19) {
    *p = (struct parsed){value, exponent, 0, 1};
    return text;
  }
  while (length && digits[length - 1] == '0') length--, exponent++;
  if (length == 0 || exponent + length < -400) *p = (struct parsed){length != 0, -5000, 0, 0};
  else if (exponent + length > 400) *p = (struct parsed){1, 5000, 0, 0};
  else *p = from_decimal(digits, length, exponent, inexact);
  return text;
}

/* One rounding of a product or quotient of two exact doubles. */
static u64 scaled(struct parsed p) {
  u64 power = 1;
  int exponent = p.exponent < 0 ? -p.exponent : p.exponent;
  while (exponent-- > 0) power *= 10;
  union {
    double value;
    u64 bits;
  } result = {p.significand};
  if (p.exponent < 0) result.value /= power;
  else if (p.exponent > 0) result.value *= power;
  return result.bits;
}

static u64 parse(const char *text, char **end, int size, int least) {
  const char *next = text;
  while (isspace(*(const unsigned char *)next)) next++;
  int minus = *next == '-';
  if (*next == '-' || *next == '+') next++;
  u64 infinite = (u64)(size == 24 ? 0xff : 0x7ff) << (size - 1), bits = 0;
  int known;
  if ((known = starts(next, "infinity")) || (known = starts(next, "inf"))) {
    bits = infinite;
    next += known;
  } else if ((known = starts(next, "nan"))) {
    bits = infinite | 1ull << (size - 2);
    next += known;
    /* Letters in parentheses may follow; what they say is nothing. */
    if (*next == '(') {
      const char *close = next + 1;
      while (isalnum(*(const unsigned char *)close) || *close == '_') close++;
      if (*close == ')') next = close + 1;
    }
  } else {
    struct parsed p = {0, 0, 0, 0};
    const char *stop = NULL;
    if (next[0] == '0' && (next[1] | 32) == 'x') stop = read_number(next + 2, 16, 0, &p);
    if (!stop) stop = read_number(next, 10, size == 53, &p);
    if (!stop) {
      if (end) *end = (char *)text;
      return 0;
    }
    next = stop;
    bits = p.decimal ? scaled(p) : to_bits(p, size, least);
  }
  if (end) *end = (char *)next;
  return minus ? bits | 1ull << (size == 24 ? 31 : 63) : bits;
}

double strtod(const char *restrict text, char **restrict end) {
  union {
    u64 bits;
    double value;
  } result = {parse(text, end, 53, -1074)};
  return result.value;
}

float strtof(const char *restrict text, char **restrict end) {
  union {
    u32 bits;
    float value;
  } result = {(u32)parse(text, end, 24, -149)};
  return result.value;
}

double atof(const char *text) { return strtod(text, NULL); }
