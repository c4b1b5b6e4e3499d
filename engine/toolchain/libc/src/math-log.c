/*
 * Logarithms. With x = 2^k f, f between the square roots of 1/2 and 2, and s = (f - 1) / (f + 1),
 * ln f = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...). s is computed in two parts, so that the result has some 60 bits.
 */
#include "math-bits.h"

#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33

/* Splits off the power of two. */
static double fraction(double x, int *k) {
  double f = frexp(x, k);
  if (f < 0x1.6a09e667f3bcdp-1) {
    f *= 2;
    --*k;
  }
  return f;
}

/* ln f. */
static pair log_fraction(double f) {
  double t = f - 1;
  pair u = fast_sum(1, f);
  if (f > 1) u = fast_sum(f, 1);
  double s = t / u.high;
  pair back = exact_product(s, u.high);
  double s_low = ((t - back.high) - back.low - s * u.low) / u.high;
  double z = s * s;
  double series = z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11 + z * (2.0 / 13 +
                  z * (2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21))))))))));
  return fast_sum(2 * s, 2 * s_low + s * series);
}

pair __stepformer_log(double x) {
  int k;
  pair log = log_fraction(fraction(x, &k));
  if (k == 0) return log;
  pair sum = fast_sum(k * LN2_HIGH, log.high);
  return fast_sum(sum.high, sum.low + (log.low + k * LN2_LOW));
}

/* 0, negative numbers, infinity and NaN: true if x is one of them, with the logarithm in `result`. */
INLINE int is_outside(double x, double *result) {
  *result = x == 0 ? -INFINITY : x < 0 ? NAN : x;
  return !(x > 0 && x < INFINITY);
}

double log(double x) {
  double result;
  if (is_outside(x, &result)) return result;
  pair log = __stepformer_log(x);
  return log.high + log.low;
}

double log2(double x) {
  double result;
  int k;
  if (is_outside(x, &result)) return result;
  pair log = log_fraction(fraction(x, &k));
  pair scaled = exact_product(log.high, 0x1.71547652b82fep0);
  scaled.low += log.high * 0x1.777d0ffda0d24p-56 + log.low * 0x1.71547652b82fep0;
  pair sum = exact_sum(k, scaled.high);
  return sum.high + (sum.low + scaled.low);
}

double log10(double x) {
  double result;
  if (is_outside(x, &result)) return result;
  pair log = __stepformer_log(x);
  pair scaled = exact_product(log.high, 0x1.bcb7b1526e50ep-2);
  return scaled.high + (scaled.low + (log.high * 0x1.95355baaafad3p-57 + log.low * 0x1.bcb7b1526e50ep-2));
}

/* The argument's rounding error divided by it is what the logarithm lacks. */
double log1p(double x) {
  if (x == 0 || isnan(x) || x == INFINITY) return x;
  if (x <= -1) return x == -1 ? -INFINITY : NAN;
  pair u = exact_sum(1, x);
  pair log = __stepformer_log(u.high);
  return log.high + (log.low + u.low / u.high);
}

double asinh(double x) {
  double y = fabs(x);
  if (!isfinite(x) || y < 0x1p-28) return x;
  if (y > 0x1p28) return copysign(log(y) + M_LN2, x);
  double z = y * y;
  return copysign(log1p(y + z / (1 + sqrt(z + 1))), x);
}

double acosh(double x) {
  if (x < 1) return NAN;
  if (x > 0x1p28) return log(x) + M_LN2;
  double t = x - 1;
  return log1p(t + sqrt(2 * t + t * t));
}

double atanh(double x) {
  double y = fabs(x);
  if (y < 0x1p-28) return x;
  return copysign(log1p(2 * y / (1 - y)) / 2, x);
}
