/*
 * Floats as the integers of their bits, for one width: include it after defining WIDTH as 32 or 64.
 * IEEE 754 with the rounding and the NaNs of WebAssembly: to nearest, ties to even; every NaN that comes out is the
 * canonical one.
 *
 * Between unpacking and packing, a magnitude is a significand with its leading bit at LEADING (three more bits than
 * the format has: two below the last and a sticky one, which stands for all that was lost) and a biased exponent.
 */
#ifndef FLOAT_H
#define FLOAT_H
#include "helpers.h"

#if WIDTH == 64
typedef u64 bits;
typedef s64 sbits;
#define FRACTION_BITS 52
#define OPERATOR(name) EXPORT("f64." name)
#define F(name) f64_##name
#define LEADING_ZEROS(value) __builtin_clzll(value)
#else
typedef u32 bits;
typedef s32 sbits;
#define FRACTION_BITS 23
#define OPERATOR(name) EXPORT("f32." name)
#define F(name) f32_##name
#define LEADING_ZEROS(value) __builtin_clz(value)
#endif

#define EXPONENT_BITS (WIDTH - 1 - FRACTION_BITS)
#define EXPONENT_MAX ((1 << EXPONENT_BITS) - 1)
#define BIAS (EXPONENT_MAX >> 1)
#define LEADING (FRACTION_BITS + 3)

#define SIGN ((bits)1 << (WIDTH - 1))
#define MAGNITUDE (SIGN - 1)
#define IMPLICIT ((bits)1 << FRACTION_BITS)
#define FRACTION (IMPLICIT - 1)
#define INFINITE ((bits)EXPONENT_MAX << FRACTION_BITS)
#define NOT_A_NUMBER (INFINITE | IMPLICIT >> 1)
#define ONE ((bits)BIAS << FRACTION_BITS)

INLINE int is_number(bits a) { return (a & MAGNITUDE) <= INFINITE; }
INLINE int is_nan(bits a) { return !is_number(a); }
INLINE int exponent(bits a) { return (a >> FRACTION_BITS) & EXPONENT_MAX; }

/* Shifts right; what is lost stays as the sticky bit. */
INLINE bits shift_sticky(bits value, u32 by) {
  if (by > LEADING) return 1;
  return value >> by | ((value & (((bits)1 << by) - 1)) != 0);
}

/* Packs a significand that is not too large: exponent 1 without leading bit is a subnormal number. */
INLINE bits rounded(bits sign, int exponent, bits significand) {
  /* The leading bit adds one to the exponent, and so may rounding: up to infinity. */
  bits result = (significand >> 3) + ((bits)(exponent - 1) << FRACTION_BITS);
  result += (significand & 7) + (result & 1) > 4;
  return result | sign;
}

/* The same for any exponent; the leading bit is set. */
INLINE bits packed(bits sign, int exponent, bits significand) {
  if (exponent >= EXPONENT_MAX) return sign | INFINITE;
  if (exponent <= 0) {
    significand = shift_sticky(significand, 1 - exponent);
    exponent = 1;
  }
  return rounded(sign, exponent, significand);
}

/* Brings the leading bit of a subnormal magnitude to its place; gives the exponent it then has. */
INLINE int normalized(bits *magnitude) {
  int shift = LEADING_ZEROS(*magnitude) - EXPONENT_BITS;
  *magnitude <<= shift;
  return 1 - shift;
}
#endif
