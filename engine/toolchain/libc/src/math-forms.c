/* The float and long double forms of the functions in math.h: long double is double, float is computed as double. */
#include <math.h>

float acosf(float x) { return (float)acos(x); }
long double acosl(long double x) { return acos(x); }
float asinf(float x) { return (float)asin(x); }
long double asinl(long double x) { return asin(x); }
float atanf(float x) { return (float)atan(x); }
long double atanl(long double x) { return atan(x); }
float cosf(float x) { return (float)cos(x); }
long double cosl(long double x) { return cos(x); }
float sinf(float x) { return (float)sin(x); }
long double sinl(long double x) { return sin(x); }
float tanf(float x) { return (float)tan(x); }
long double tanl(long double x) { return tan(x); }
float acoshf(float x) { return (float)acosh(x); }
long double acoshl(long double x) { return acosh(x); }
float asinhf(float x) { return (float)asinh(x); }
long double asinhl(long double x) { return asinh(x); }
float atanhf(float x) { return (float)atanh(x); }
long double atanhl(long double x) { return atanh(x); }
float coshf(float x) { return (float)cosh(x); }
long double coshl(long double x) { return cosh(x); }
float sinhf(float x) { return (float)sinh(x); }
long double sinhl(long double x) { return sinh(x); }
float tanhf(float x) { return (float)tanh(x); }
long double tanhl(long double x) { return tanh(x); }
float expf(float x) { return (float)exp(x); }
long double expl(long double x) { return exp(x); }
float exp2f(float x) { return (float)exp2(x); }
long double exp2l(long double x) { return exp2(x); }
float expm1f(float x) { return (float)expm1(x); }
long double expm1l(long double x) { return expm1(x); }
float logf(float x) { return (float)log(x); }
long double logl(long double x) { return log(x); }
float log10f(float x) { return (float)log10(x); }
long double log10l(long double x) { return log10(x); }
float log1pf(float x) { return (float)log1p(x); }
long double log1pl(long double x) { return log1p(x); }
float log2f(float x) { return (float)log2(x); }
long double log2l(long double x) { return log2(x); }
float logbf(float x) { return (float)logb(x); }
long double logbl(long double x) { return logb(x); }
float cbrtf(float x) { return (float)cbrt(x); }
long double cbrtl(long double x) { return cbrt(x); }
float fabsf(float x) { return __builtin_fabsf(x); }
long double fabsl(long double x) { return fabs(x); }
float sqrtf(float x) { return __builtin_sqrtf(x); }
long double sqrtl(long double x) { return sqrt(x); }
float ceilf(float x) { return __builtin_ceilf(x); }
long double ceill(long double x) { return ceil(x); }
float floorf(float x) { return __builtin_floorf(x); }
long double floorl(long double x) { return floor(x); }
float nearbyintf(float x) { return __builtin_nearbyintf(x); }
long double nearbyintl(long double x) { return nearbyint(x); }
float rintf(float x) { return __builtin_rintf(x); }
long double rintl(long double x) { return rint(x); }
float roundf(float x) { return (float)round(x); }
long double roundl(long double x) { return round(x); }
float truncf(float x) { return __builtin_truncf(x); }
long double truncl(long double x) { return trunc(x); }
float atan2f(float x, float y) { return (float)atan2(x, y); }
long double atan2l(long double x, long double y) { return atan2(x, y); }
float powf(float x, float y) { return (float)pow(x, y); }
long double powl(long double x, long double y) { return pow(x, y); }
float hypotf(float x, float y) { return (float)hypot(x, y); }
long double hypotl(long double x, long double y) { return hypot(x, y); }
float fmodf(float x, float y) { return (float)fmod(x, y); }
long double fmodl(long double x, long double y) { return fmod(x, y); }
float remainderf(float x, float y) { return (float)remainder(x, y); }
long double remainderl(long double x, long double y) { return remainder(x, y); }
float copysignf(float x, float y) { return __builtin_copysignf(x, y); }
long double copysignl(long double x, long double y) { return copysign(x, y); }
long double nextafterl(long double x, long double y) { return nextafter(x, y); }
float fdimf(float x, float y) { return (float)fdim(x, y); }
long double fdiml(long double x, long double y) { return fdim(x, y); }
float fmaxf(float x, float y) { return (float)fmax(x, y); }
long double fmaxl(long double x, long double y) { return fmax(x, y); }
float fminf(float x, float y) { return (float)fmin(x, y); }
long double fminl(long double x, long double y) { return fmin(x, y); }
float frexpf(float x, int *exponent) { return (float)frexp(x, exponent); }
long double frexpl(long double x, int *exponent) { return frexp(x, exponent); }
float ldexpf(float x, int exponent) { return (float)ldexp(x, exponent); }
long double ldexpl(long double x, int exponent) { return ldexp(x, exponent); }
float scalbnf(float x, int exponent) { return (float)ldexp(x, exponent); }
long double scalbnl(long double x, int exponent) { return ldexp(x, exponent); }
long double modfl(long double x, long double *integer) { return modf(x, (double *)integer); }
float modff(float x, float *integer) {
  double whole;
  float rest = (float)modf(x, &whole);
  *integer = (float)whole;
  return rest;
}
int ilogbf(float x) { return ilogb(x); }
int ilogbl(long double x) { return ilogb(x); }
long lroundf(float x) { return lround(x); }
long lroundl(long double x) { return lround(x); }
long long llroundf(float x) { return llround(x); }
long long llroundl(long double x) { return llround(x); }
long lrintf(float x) { return lrint(x); }
long lrintl(long double x) { return lrint(x); }
long long llrintf(float x) { return llrint(x); }
long long llrintl(long double x) { return llrint(x); }
float fmaf(float x, float y, float z) {
  /* The product is exact as a double. The sum rounds to odd there, so that the rounding to float is the only one. */
  double product = (double)x * y, sum = product + z, part = sum - product;
  double lost = (product - (sum - part)) + (z - part);
  union {
    double value;
    unsigned long long bits;
  } u = {sum};
  if (lost != 0 && isfinite(sum) && !(u.bits & 1)) u.bits += (lost > 0) == (sum > 0) ? 1 : -1;
  return (float)u.value;
}
long double fmal(long double x, long double y, long double z) { return fma(x, y, z); }
float nanf(const char *text) { return (float)nan(text); }
