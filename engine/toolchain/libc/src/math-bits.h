/* What the mathematics files share: numbers as their bits, and sums and products with what rounding lost. */
#ifndef MATH_BITS_H
#define MATH_BITS_H
#include <math.h>

typedef unsigned u32;
typedef unsigned long long u64;
typedef long long s64;

#define INLINE static inline __attribute__((always_inline))
#define SIGN_BIT (1ull << 63)
#define INFINITE_BITS (0x7ffull << 52)

INLINE u64 bits_of(double x) {
  union {
    double value;
    u64 bits;
  } u = {x};
  return u.bits;
}

INLINE double of_bits(u64 bits) {
  union {
    u64 bits;
    double value;
  } u = {bits};
  return u.value;
}

INLINE u64 magnitude(double x) { return bits_of(x) & ~SIGN_BIT; }
/* 2^exponent, for a normal number. */
INLINE double power_of_two(int exponent) { return of_bits((u64)(exponent + 1023) << 52); }

/* A number in two parts, the second at most half a last place of the first. */
typedef struct {
  double high, low;
} pair;

/* a + b where the exponent of a is not smaller, with its rounding error (Dekker 1971). */
INLINE pair fast_sum(double a, double b) {
  double sum = a + b;
  return (pair){sum, b - (sum - a)};
}

/* a + b with its rounding error (Knuth). */
INLINE pair exact_sum(double a, double b) {
  double sum = a + b, part = sum - a;
  return (pair){sum, (a - (sum - part)) + (b - part)};
}

/* a * b with its rounding error, by halves of 26 bits. */
INLINE pair exact_product(double a, double b) {
  double product = a * b;
  double a_high = of_bits(bits_of(a) & ~0x7ffffffull), b_high = of_bits(bits_of(b) & ~0x7ffffffull);
  double a_low = a - a_high, b_low = b - b_high;
  return (pair){product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/* The natural logarithm of a positive finite number, to about 60 bits. */
pair __stepformer_log(double x);
/* e^(high + low); the sum must be the exponent's value to well below a last place. */
double __stepformer_exp(double high, double low);
#endif
