/* Floats as text and back: every conversion, flags, ties, limits of the format. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double values[] = {0.0, 1.0, -1.5, 0.1, 2.5, 3.5, 0.5, 9.5, 99.95, 9.9999999, 123456.789, 1e5, 999998.5,
                                1e6, 0.0001, 0.00001234, 1e-5, 1e15, 123456789012345680.0, 1e22, 1e23, 4503599627370497.5,
                                1e100, DBL_MAX, DBL_MIN, DBL_TRUE_MIN, 2.2250738585072011e-308, 1.0 / 3, 6.02214076e23, 0.045, 1.005};
static const char *const formats[] = {"%f", "%e", "%g", "%a", "%.0f", "%.0e", "%.1f", "%.3g", "%#.0f", "%#g", "%+.2e", "% .1f",
                                      "%012.4f", "%-12.2f|", "%12.3e", "%.15g", "%.17g", "%.2a", "%G", "%E", "%A", "%#.3a"};

static void back(const char *text) {
  char *end;
  double d = strtod(text, &end);
  float f = strtof(text, NULL);
  printf("%-30.30s %a %a %d\n", text, d, f, (int)(end - text));
}

int main(void) {
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    for (unsigned j = 0; j < sizeof formats / sizeof *formats; j++) {
      if ((i + j) % 3 == 0 || i < 4) {
        printf(formats[j], values[i]);
        putchar(j % 11 == 10 ? '\n' : ' ');
      }
    }
    putchar('\n');
  }
  printf("%.60f %.40e %.0f\n", 0.1, 1.0 / 3, DBL_MAX);
  printf("%.3f %5.1f %F %e %010f %+f\n", INFINITY, -INFINITY, INFINITY, NAN, -INFINITY, INFINITY);
  printf("%*.*f|%-*f|%d %s %lld\n", 9, 2, 3.14159, 12, 2.5, 7, "end", -1234567890123456789LL);
  char text[64];
  printf("%d %s\n", snprintf(text, 6, "%f", 123.456), text);
  static const char *const texts[] = {"1", "-0", "  +12.5e1x", "1e308", "1e309", "-1e400", "1e-323", "2e-324", "3e-324", "1e-400",
                                      "4.9406564584124654e-324", "2.2250738585072014e-308", "1.7976931348623157e308",
                                      "1.7976931348623159e308", "0.1", "123456789.123456789", "9007199254740993",
                                      "9007199254740993.0000000000000000000000000001", "1e22", "1e23", "8.5e-5", "0x1.8p3", "0x.8",
                                      "0x", "0x1p-1074", "0x1.fffffffffffff8p0", "inf", "-Infinity", "infinit", ".5", "5.", ".", "e5", "1e", "1e+",
                                      "00000000000000000000001.50000000000000000000000", "16777217", "16777217.0000001", "3.4028235677973366e38",
                                      "7.0064923216240853e-46", "7.1e-46", "1.17549435e-38", "0.000000000000000000000000000000000000000000001"};
  for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++) back(texts[i]);
  static const char *const nans[] = {"nan", "NaN(12)x", "nan()y", "nan(a_1)", "nan(1", "nan(-)", "nanz"};
  for (unsigned i = 0; i < sizeof nans / sizeof *nans; i++) {
    char *end;
    int known = isnan(strtod(nans[i], &end));
    printf("%s %d %d\n", nans[i], known, (int)(end - nans[i]));
  }
  /* Long decimals next to a tie. */
  char longest[900] = "1.";
  memset(longest + 2, '0', 800);
  strcpy(longest + 802, "1");
  back(longest);
  strcpy(longest, "1.00000000000000011102230246251565404236316680908203125");
  back(longest);
  strcat(longest, "0000000000000000000000000000000000000000000000001");
  back(longest);
  double x, y;
  float f;
  int n;
  char rest[20];
  n = sscanf("3.25 -1e3abc 0x1p4 7", "%lf%lf%3s%f%d", &x, &y, rest, &f, (int *)text);
  printf("%d %g %g %s %g\n", n, x, y, rest, f);
  n = sscanf("12345.678e2", "%4lf%f%s", &x, &f, rest);
  printf("%d %g %g %s\n", n, x, f, n > 2 ? rest : "");
  printf("%d\n", sscanf("x", "%lf", &x));
  n = sscanf("inf nan 1", "%lf %*f %lf", &x, &y);
  printf("%d %g %g\n", n, x, y);
  unsigned state = 1;
  for (int i = 0; i < 40; i++) {
    union {
      unsigned words[2];
      double value;
    } u;
    u.words[0] = state = state * 1664525 + 1013904223;
    u.words[1] = state = state * 1664525 + 1013904223;
    sprintf(text, "%.17g", u.value);
    printf("%s %d %.6g\n", text, strtod(text, NULL) == u.value, u.value);
  }
  return 0;
}
