/*
 * Circular functions. A quarter turn is taken off as many times as it goes, exactly, in integers: the argument's
 * significand times the right 192 bits of 2/pi gives the quadrant and the fraction of a quarter (Payne and Hanek,
 * 1983). What is left, at most an eighth of a turn, goes into the series.
 */
#include "math-bits.h"

/* 2/pi from behind the point on: enough for the largest number. */
static const u32 TWO_BY_PI[] = {
    0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561, 0xb7246e3a,
    0x424dd2e0, 0x06492eea, 0x09d1921c, 0xfe1deb1c, 0xb129a73e, 0xe88235f5, 0x2ebb4484, 0xe99c7026, 0xb45f7e41,
    0x3991d639, 0x835339f4, 0x9c845f8b, 0xbdf9283b, 0x1ff897ff, 0xde05980f, 0xef2f118b, 0x5a0a6d1f, 0x6d367ecf,
    0x27cb09b7, 0x4f463f66, 0x9e5fea2d, 0x7527bac7, 0xebe5f17b, 0x3d0739f7, 0x8a5292ea, 0x6bfb5fb1, 0x1f8d5d08,
    0x56033046, 0xfc7b6bab, 0xf0cfbc20};
#define PI_BY_TWO 0xc90fdaa22168c235ull /* times 2^-63 */

INLINE u32 word_at(int index) { return index < 0 ? 0 : TWO_BY_PI[index]; }

/* Upper half of a product of 64-bit numbers. */
INLINE u64 high_product(u64 a, u64 b) {
  u64 low = (a & 0xffffffff) * (b & 0xffffffff);
  u64 middle = (a >> 32) * (b & 0xffffffff) + (low >> 32), other = (a & 0xffffffff) * (b >> 32);
  return (a >> 32) * (b >> 32) + (middle >> 32) + (((middle & 0xffffffff) + other) >> 32);
}

/* x less the nearest multiple of pi/2; gives that multiple's number modulo 4. x is finite. */
static int reduce(double x, pair *rest) {
  u64 bits = magnitude(x);
  if (bits <= 0x3fe921fb54442d18) {
    *rest = (pair){x, 0};
    return 0;
  }
  u64 significand = (bits & 0xfffffffffffff) | 1ull << 52;
  u64 low = significand & 0xffffffff, high = significand >> 32;
  /* Bits of 2/pi of which the product would be a multiple of 4 are left out. */
  int first = (int)(bits >> 52) - 1075 - 2;
  int index = first >> 5, shift = first & 31;
  u32 product[6];
  u32 next = word_at(index + 6), before = 0;
  u64 carry = 0;
  for (int i = 5; i >= 0; i--) {
    u32 here = word_at(index + i);
    u32 word = here << shift | (shift ? next >> (32 - shift) : 0);
    next = here;
    u64 sum = word * low + carry, upper = before * high + (sum & 0xffffffff);
    product[i] = upper;
    carry = (sum >> 32) + (upper >> 32);
    before = word;
  }
  int quadrant = product[0] >> 30;
  u64 fraction = (u64)product[0] << 34 | (u64)product[1] << 2 | product[2] >> 30;
  u64 behind = (u64)product[2] << 34 | (u64)product[3] << 2 | product[4] >> 30;
  int negative = fraction >> 63;
  if (negative) {
    quadrant++;
    behind = ~behind;
    fraction = ~fraction;
  }
  int zeros = fraction ? __builtin_clzll(fraction) : 64;
  if (zeros == 64) {
    fraction = behind;
    behind = 0;
    int more = __builtin_clzll(fraction | 1);
    fraction <<= more;
    zeros += more;
  } else if (zeros) {
    fraction = fraction << zeros | behind >> (64 - zeros);
  }
  u64 angle = high_product(fraction, PI_BY_TWO);
  *rest = (pair){(double)(angle >> 11) * power_of_two(-52 - zeros), (double)(angle & 0x7ff) * power_of_two(-63 - zeros)};
  if (negative != (x < 0)) *rest = (pair){-rest->high, -rest->low};
  return x < 0 ? -quadrant & 3 : quadrant & 3;
}

static double sine(pair a) {
  double x = a.high, z = x * x;
  double series = z * (-1.0 / 6 + z * (1.0 / 120 + z * (-1.0 / 5040 + z * (1.0 / 362880 + z * (-1.0 / 39916800 +
                  z * (1.0 / 6227020800 + z * (-1.0 / 1307674368000 + z * (1.0 / 355687428096000))))))));
  return x + (x * series + a.low * (1 - z / 2));
}

static double cosine(pair a) {
  double x = a.high, z = x * x, half = z / 2;
  double series = z * z * (1.0 / 24 + z * (-1.0 / 720 + z * (1.0 / 40320 + z * (-1.0 / 3628800 + z * (1.0 / 479001600 +
                  z * (-1.0 / 87178291200 + z * (1.0 / 20922789888000)))))));
  double first = 1 - half;
  return first + (((1 - first) - half) + (series - x * a.low));
}

double sin(double x) {
  if (!isfinite(x)) return NAN;
  if (x == 0) return x;
  pair rest;
  int quadrant = reduce(x, &rest);
  double result = quadrant & 1 ? cosine(rest) : sine(rest);
  return quadrant & 2 ? -result : result;
}

double cos(double x) {
  if (!isfinite(x)) return NAN;
  pair rest;
  int quadrant = reduce(x, &rest);
  double result = quadrant & 1 ? sine(rest) : cosine(rest);
  return quadrant == 1 || quadrant == 2 ? -result : result;
}

double tan(double x) {
  if (!isfinite(x)) return NAN;
  if (x == 0) return x;
  pair rest;
  int quadrant = reduce(x, &rest);
  double s = sine(rest), c = cosine(rest);
  return quadrant & 1 ? -c / s : s / c;
}

/*
 * Arctangent of a positive number: above 1 by that of its inverse; above tan(pi/12) by
 * atan x = pi/6 + atan((x sqrt(3) - 1) / (x + sqrt(3))); then the series.
 */
static double positive_atan(double x) {
  int inverse = x > 1;
  if (x > 0x1p60) return M_PI_2;
  if (inverse) x = 1 / x;
  int turned = x > 0.26794919243112270647;
  if (turned) x = (x * 1.73205080756887729353 - 1) / (x + 1.73205080756887729353);
  double z = x * x;
  double series = z * (-1.0 / 3 + z * (1.0 / 5 + z * (-1.0 / 7 + z * (1.0 / 9 + z * (-1.0 / 11 + z * (1.0 / 13 +
                  z * (-1.0 / 15 + z * (1.0 / 17 + z * (-1.0 / 19 + z * (1.0 / 21 + z * (-1.0 / 23 + z * (1.0 / 25 +
                  z * (-1.0 / 27)))))))))))));
  pair sum = {x, x * series};
  if (turned) {
    sum = exact_sum(0x1.0c152382d7366p-1, x);
    sum.low += x * series - 0x1.ee6913347c2a6p-55;
  }
  if (!inverse) return sum.high + sum.low;
  pair rest = exact_sum(0x1.921fb54442d18p0, -sum.high);
  return rest.high + (rest.low - sum.low + 0x1.1a62633145c07p-54);
}

double atan(double x) {
  if (x == 0 || isnan(x)) return x;
  return copysign(positive_atan(fabs(x)), x);
}

double atan2(double y, double x) {
  if (isnan(x) || isnan(y)) return NAN;
  double a = fabs(x), b = fabs(y), angle;
  if (b == 0) angle = 0;
  else if (a == 0) angle = M_PI_2;
  else if (a == b) angle = M_PI_4;
  else if (isinf(a)) angle = 0;
  else if (isinf(b)) angle = M_PI_2;
  else angle = positive_atan(b / a);
  if (signbit(x)) angle = M_PI - (angle - 0x1.1a62633145c07p-53);
  return copysign(angle, y);
}

double asin(double x) {
  if (fabs(x) > 1 || isnan(x)) return NAN;
  if (fabs(x) < 0x1p-27) return x;
  return atan2(x, sqrt((1 - x) * (1 + x)));
}

double acos(double x) {
  if (fabs(x) > 1 || isnan(x)) return NAN;
  return atan2(sqrt((1 - x) * (1 + x)), x);
}
