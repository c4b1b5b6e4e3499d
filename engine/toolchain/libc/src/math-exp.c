/*
 * Exponential functions. With k the nearest integer to x / ln 2 and r what is left, e^x = 2^k e^r, and
 * e^r = 1 + 2r / (R - r) where R = r coth(r/2) = 2 + r^2/6 - r^4/360 + ..., the series of the Bernoulli numbers.
 */
#include "math-bits.h"

/* Upper part of ln 2 with 32 bits, so that its multiples are exact; and the rest. */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW 0x1.a39ef35793c76p-33
#define LOG2_E 0x1.71547652b82fep0

/* e^r - 1 - r for |r| <= 0.35. */
INLINE double beyond_linear(double r) {
  double z = r * r;
  double series = z * (1.0 / 6 + z * (-1.0 / 360 + z * (1.0 / 15120 + z * (-1.0 / 604800 + z * (1.0 / 23950080 +
                  z * (-691.0 / 653837184000))))));
  double c = r - series;
  return r * c / (2 - c);
}

double __stepformer_exp(double high, double low) {
  if (isnan(high)) return high;
  if (high > 710) return INFINITY;
  if (high < -746) return 0;
  double k = rint(high * LOG2_E);
  double upper = high - k * LN2_HIGH, lower = k * LN2_LOW - low;
  double r = upper - lower;
  return ldexp(1 + (upper - (lower - beyond_linear(r))), (int)k);
}

double exp(double x) { return __stepformer_exp(x, 0); }

double exp2(double x) {
  if (isnan(x)) return x;
  if (x >= 1024) return INFINITY;
  if (x < -1080) return 0;
  double k = rint(x);
  double r = (x - k) * 0x1.62e42fefa39efp-1;
  return ldexp(1 + (r + beyond_linear(r)), (int)k);
}

double expm1(double x) {
  if (x == 0) return x;
  if (fabs(x) < 0.35) return x + beyond_linear(x);
  return exp(x) - 1;
}

double sinh(double x) {
  double y = fabs(x), t;
  if (y < 22) {
    t = expm1(y);
    t = (t + t / (t + 1)) / 2;
  } else {
    /* Where e^y overflows, its square root does not. */
    double root = exp(y / 2);
    t = y < 700 ? exp(y) / 2 : root / 2 * root;
  }
  return copysign(t, x);
}

double cosh(double x) {
  double y = fabs(x), root;
  if (y < 22) {
    double t = exp(y);
    return (t + 1 / t) / 2;
  }
  if (y < 700) return exp(y) / 2;
  root = exp(y / 2);
  return root / 2 * root;
}

double tanh(double x) {
  double y = fabs(x);
  if (y > 22) return copysign(1, x);
  double t = expm1(2 * y);
  return copysign(t / (t + 2), x);
}
