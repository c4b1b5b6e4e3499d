/* Rounding, remainders, and the parts of a number. */
#include "math-bits.h"

double fabs(double x) { return __builtin_fabs(x); }
double sqrt(double x) { return __builtin_sqrt(x); }
double ceil(double x) { return __builtin_ceil(x); }
double floor(double x) { return __builtin_floor(x); }
double trunc(double x) { return __builtin_trunc(x); }
double rint(double x) { return __builtin_rint(x); }
double nearbyint(double x) { return __builtin_rint(x); }
double copysign(double x, double y) { return __builtin_copysign(x, y); }

/* Halves away from zero: half a unit of the integer's last place is added to the magnitude, and the rest cut off. */
double round(double x) {
  u64 bits = magnitude(x);
  int exponent = (int)(bits >> 52) - 1023;
  if (exponent >= 52) return x;
  if (exponent < -1) return copysign(0, x);
  if (exponent == -1) return copysign(1, x);
  u64 behind = (1ull << (52 - exponent)) - 1;
  return copysign(of_bits((bits + (behind >> 1) + 1) & ~behind), x);
}

long lround(double x) { return (long)round(x); }
long long llround(double x) { return (long long)round(x); }
long lrint(double x) { return (long)rint(x); }
long long llrint(double x) { return (long long)rint(x); }

double modf(double x, double *integer) {
  *integer = trunc(x);
  return copysign(isinf(x) ? 0 : x - *integer, x);
}

double frexp(double x, int *exponent) {
  u64 bits = magnitude(x);
  *exponent = 0;
  if (bits == 0 || bits >= INFINITE_BITS) return x;
  if (bits < 1ull << 52) {
    double result = frexp(x * 0x1p64, exponent);
    *exponent -= 64;
    return result;
  }
  *exponent = (int)(bits >> 52) - 1022;
  return of_bits((bits_of(x) & ~INFINITE_BITS) | 1022ull << 52);
}

double ldexp(double x, int exponent) {
  /* In steps: a subnormal result must be rounded once, at the end, with all bits there. */
  if (exponent > 1023) {
    x *= 0x1p1023;
    exponent -= 1023;
    if (exponent > 1023) {
      x *= 0x1p1023;
      exponent -= 1023;
      if (exponent > 1023) exponent = 1023;
    }
  } else if (exponent < -1022) {
    x *= 0x1p-969;
    exponent += 969;
    if (exponent < -1022) {
      x *= 0x1p-969;
      exponent += 969;
      if (exponent < -1022) exponent = -1022;
    }
  }
  return x * power_of_two(exponent);
}

double scalbn(double x, int exponent) { return ldexp(x, exponent); }

int ilogb(double x) {
  int exponent;
  if (x == 0 || isnan(x)) return FP_ILOGB0;
  if (isinf(x)) return 2147483647;
  frexp(x, &exponent);
  return exponent - 1;
}

double logb(double x) {
  if (x == 0) return -INFINITY;
  if (!isfinite(x)) return x * x;
  return ilogb(x);
}

/* Remainder of magnitudes, exactly, a bit of the quotient at a time; the quotient's lowest bits come along. */
static double reduced(double x, double y, u32 *quotient) {
  u64 a = magnitude(x), b = magnitude(y);
  *quotient = 0;
  if (b == 0 || a >= INFINITE_BITS || b > INFINITE_BITS) return NAN;
  if (a < b) return of_bits(a);
  int e = (int)(a >> 52), d = (int)(b >> 52);
  u64 f = a & 0xfffffffffffff, g = b & 0xfffffffffffff;
  if (e) f |= 1ull << 52;
  else e = 1;
  if (d) g |= 1ull << 52;
  else d = 1;
  for (;; e--) {
    *quotient <<= 1;
    if (f >= g) {
      f -= g;
      *quotient |= 1;
    }
    if (e == d) break;
    f <<= 1;
  }
  if (f == 0) return 0;
  int shift = __builtin_clzll(f) - 11;
  if (shift >= d) shift = d - 1;
  f <<= shift;
  /* The leading bit adds one to the exponent. */
  return of_bits(((u64)(d - shift - 1) << 52) + f);
}

double fmod(double x, double y) {
  u32 quotient;
  return copysign(reduced(x, y, &quotient), x);
}

double remainder(double x, double y) {
  u32 quotient;
  double rest = reduced(x, y, &quotient), size = fabs(y);
  /* Doubling is exact but for the largest numbers, where halving is. */
  int more = size < 0x1p1000 ? rest * 2 > size : rest > size / 2;
  int half = size < 0x1p1000 ? rest * 2 == size : rest == size / 2;
  if (more || (half && quotient & 1)) rest -= size;
  return signbit(x) ? -rest : rest;
}

double nextafter(double x, double y) {
  if (isnan(x) || isnan(y)) return NAN;
  if (x == y) return y;
  if (x == 0) return copysign(0x1p-1074, y);
  u64 bits = bits_of(x);
  return of_bits((x < y) == (x > 0) ? bits + 1 : bits - 1);
}

float nextafterf(float x, float y) {
  union {
    float value;
    u32 bits;
  } u = {x};
  if (isnan(x) || isnan(y)) return NAN;
  if (x == y) return y;
  if (x == 0) return copysignf(0x1p-149f, y);
  u.bits += (x < y) == (x > 0) ? 1 : -1;
  return u.value;
}

double fdim(double x, double y) {
  if (isnan(x) || isnan(y)) return NAN;
  return x > y ? x - y : 0;
}

double fmax(double x, double y) {
  if (isnan(x)) return y;
  return y > x || (y == x && signbit(x)) ? y : x;
}

double fmin(double x, double y) {
  if (isnan(x)) return y;
  return y < x || (y == x && signbit(y)) ? y : x;
}

double nan(const char *text) {
  (void)text;
  return NAN;
}
