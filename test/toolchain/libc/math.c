/* Functions of math.h, to twelve digits where a library may round differently, exactly where none may. */
#include <math.h>
#include <stdio.h>

#define ROW(f) \
  printf("%-8s", #f); \
  for (unsigned i = 0; i < sizeof xs / sizeof *xs; i++) show(f(xs[i])); \
  putchar('\n')

static const double xs[] = {0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -2.5, 3.14159, 10.0, 0.001, -1e-9, 100.25, 1e10, 0.7071, -0.3, 700.0, 1e300};

static void show(double x) {
  if (isnan(x)) printf(" nan");
  else printf(" %.12g", x == 0 ? x : x + 0.0);
}

int main(void) {
  ROW(sqrt);
  ROW(cbrt);
  ROW(exp);
  ROW(exp2);
  ROW(expm1);
  ROW(log);
  ROW(log2);
  ROW(log10);
  ROW(log1p);
  ROW(sin);
  ROW(cos);
  ROW(tan);
  ROW(asin);
  ROW(acos);
  ROW(atan);
  ROW(sinh);
  ROW(cosh);
  ROW(tanh);
  ROW(asinh);
  ROW(acosh);
  ROW(atanh);
  ROW(ceil);
  ROW(floor);
  ROW(trunc);
  ROW(round);
  ROW(rint);
  ROW(fabs);
  ROW(logb);
  for (int i = 0; i < 17; i++) {
    for (int j = 3; j < 17; j += 2) {
      printf(" %.12g %.12g %.12g", atan2(xs[i], xs[j]), hypot(xs[i], xs[j]), fmod(xs[i], xs[j]));
      printf(" %.12g", remainder(xs[i], xs[j]));
      show(pow(xs[i], xs[j]));
      show(fmax(xs[i], xs[j]));
      show(fmin(xs[i], xs[j]));
      show(fdim(xs[i], xs[j]));
      show(copysign(xs[i], xs[j]));
    }
    putchar('\n');
  }
  for (int i = 0; i < 17; i++) {
    int e;
    double whole, part = modf(xs[i], &whole), f = frexp(xs[i], &e);
    printf("%g %g %.17g %d %g %d %.17g %.17g\n", whole, part, f, e, ldexp(xs[i], -3), ilogb(xs[i]) > -2000 ? ilogb(xs[i]) : 0,
           nextafter(xs[i], 5), fma(xs[i], 1.1, -0.3));
  }
  /* What is exact must be. */
  for (int i = -5; i < 23; i++) printf("%.17g %.17g ", pow(10, i), exp2(i));
  printf("\n%.17g %.17g %.17g %.17g\n", pow(1.5, 7), pow(-3, 3), pow(2, -1074), pow(0.25, -20));
  for (int i = 0; i < 20; i++) printf("%d ", (int)log10(pow(10, i)) == i && log2(exp2(i)) == i);
  printf("\n%.12g %.12g %.12g %.12g\n", sin(1e22), cos(1e300), tan(355), sin(5e-324) * 1e300);
  printf("%.12g %.12g %.12g\n", exp(-745), exp(709.7), pow(1.0000001, 1e9));
  printf("%ld %lld %ld %ld %ld\n", lround(-2.5), llround(1e15 + 0.5), lrint(2.5), lrint(3.5), lround(0.49999999999999994));
  printf("%g %g %g %g\n", pow(0, -1), pow(-0.0, -3), pow(INFINITY, -1), log(0));
  printf("%d %d %d %d %d\n", isnan(NAN) != 0, isinf(-INFINITY) != 0, isfinite(1.0) != 0, signbit(-0.0) != 0, isnormal(1e-310) != 0);
  printf("%d %d %d\n", fpclassify(0.0) == FP_ZERO, fpclassify(1e-310) == FP_SUBNORMAL, isless(1.0, NAN));
  printf("%.7g %.7g %.7g %.7g %g\n", sqrtf(2), sinf(1), powf(2, 0.5f), fmodf(7.5f, 2), nextafterf(1, 2) - 1);
  printf("%.12Lg %.12Lg\n", sqrtl(2), expl(1));
  double sum = 0;
  float small = 0;
  for (int i = 1; i <= 100; i++) sum += 1.0 / i, small += 1.0f / i;
  printf("%.17g %.9g %d %u %.9g\n", sum, small, (int)(sum * 1e6), (unsigned)(small * 1e8), (float)123456789 * 3.0f);
  return 0;
}
