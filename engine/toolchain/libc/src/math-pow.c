/* Powers, roots, and the product and sum with one rounding. */
#include "math-bits.h"

/* 0: not an integer, 1: odd, 2: even. */
static int parity(double y) {
  u64 bits = magnitude(y);
  int exponent = (int)(bits >> 52) - 1023;
  if (bits == 0 || exponent > 52) return 2;
  if (exponent < 0) return 0;
  u64 last = 1ull << (52 - exponent);
  if (bits & (last - 1)) return 0;
  /* Of 1 the last bit before the point is not stored, but the exponent's lowest bit is 1 as well. */
  return bits & last ? 1 : 2;
}

/* x^n where the power of x's odd part fits 64 bits: then it is exact, or rounded once. */
static int exact_power(double x, int n, double *result) {
  int exponent;
  u64 odd = (u64)(frexp(x, &exponent) * 0x1p53);
  int zeros = __builtin_ctzll(odd);
  odd >>= zeros;
  exponent += zeros - 53;
  int count = n < 0 ? -n : n;
  u64 power = 1;
  for (int i = 0; i < count; i++) {
    if (power >> 32 && odd >> 32) return 0;
    u64 upper = (power >> 32) * odd + ((power & 0xffffffff) * odd >> 32);
    if (odd >> 32 || upper >> 32) return 0;
    power *= odd;
  }
  if (n < 0 && power >> 53) return 0;
  *result = n < 0 ? ldexp(1.0 / power, exponent * n) : ldexp((double)power, exponent * n);
  return 1;
}

double pow(double x, double y) {
  if (y == 0 || x == 1) return 1;
  if (isnan(x) || isnan(y)) return NAN;
  int kind = parity(y);
  double sign = signbit(x) && kind == 1 ? -1 : 1, base = fabs(x);
  if (isinf(y)) {
    if (base == 1) return 1;
    return (base > 1) == (y > 0) ? INFINITY : 0;
  }
  if (base == 0 || isinf(base)) return sign * ((base == 0) == (y < 0) ? INFINITY : 0);
  if (x < 0 && kind == 0) return NAN;
  if (y == 1) return x;
  if (y == 2) return x * x;
  if (y == 0.5) return sqrt(x);
  double result;
  if (kind && fabs(y) <= 64 && exact_power(base, (int)y, &result)) return sign * result;
  pair log = __stepformer_log(base);
  /* Beyond any result, before the product loses its meaning. */
  if (fabs(log.high * y) > 800) return sign * ((log.high > 0) == (y > 0) ? INFINITY : 0);
  pair product = exact_product(y, log.high);
  return sign * __stepformer_exp(product.high, product.low + y * log.low);
}

double cbrt(double x) {
  if (x == 0 || !isfinite(x)) return x;
  int exponent;
  double f = frexp(fabs(x), &exponent);
  int rest = exponent % 3;
  if (rest < 0) rest += 3;
  f = ldexp(f, rest);
  /* A line through the range 1/2 to 4, then Newton's method, whose error is squared by each step. */
  double t = 0.7 + 0.24 * f;
  for (int i = 0; i < 5; i++) t -= (t - f / (t * t)) / 3;
  return copysign(ldexp(t, (exponent - rest) / 3), x);
}

double hypot(double x, double y) {
  if (isinf(x) || isinf(y)) return INFINITY;
  x = fabs(x);
  y = fabs(y);
  if (x < y) {
    double swap = x;
    x = y;
    y = swap;
  }
  if (y == 0 || isnan(x) || isnan(y)) return x + y;
  int exponent;
  frexp(x, &exponent);
  x = ldexp(x, -exponent);
  y = ldexp(y, -exponent);
  pair squares = exact_product(x, x), other = exact_product(y, y), sum = exact_sum(squares.high, other.high);
  double rest = sum.low + squares.low + other.low;
  double root = sqrt(sum.high + rest);
  return ldexp(root, exponent);
}

double fma(double x, double y, double z) {
  if (!isfinite(x) || !isfinite(y) || !isfinite(z) || x == 0 || y == 0) return x * y + z;
  int ex, ey, ez;
  double fx = frexp(x, &ex), fy = frexp(y, &ey), fz = frexp(z, &ez);
  int scale = ex + ey;
  /* An addend that is far smaller only breaks ties; far larger, the product does. */
  if (z != 0 && ez - scale > 120) return z + copysign(ldexp(1, ez - 110 < -1000 ? -1000 : ez - 110), fx * fy);
  pair product = exact_product(fx, fy);
  if (z == 0) return ldexp(product.high + product.low, scale);
  double addend = ez - scale < -200 ? copysign(0x1p-200, fz) : ldexp(fz, ez - scale);
  pair sum = exact_sum(product.high, addend);
  pair lower = exact_sum(sum.low, product.low);
  /* The lower part rounded to odd: adding it to the upper one rounds as the exact sum would. */
  if (lower.low != 0 && !(bits_of(lower.high) & 1)) {
    u64 bits = bits_of(lower.high);
    lower.high = of_bits((lower.low > 0) == (lower.high > 0) ? bits + 1 : bits - 1);
  }
  return ldexp(sum.high + lower.high, scale);
}
