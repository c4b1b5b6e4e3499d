/*
 * Arithmetic on floats of one width: include it after defining WIDTH as 32 or 64. IEEE 754 with the rounding and the NaNs of
 * WebAssembly: to nearest, ties to even; every NaN that comes out is the canonical one.
 */
#include "parts.h"

#if WIDTH == 64
typedef u64 bits;
#define FRACTION_BITS 52
#define OPERATOR(name) EXPORT("f64." name)
#define F(name) f64_##name
#else
typedef u32 bits;
#define FRACTION_BITS 23
#define OPERATOR(name) EXPORT("f32." name)
#define F(name) f32_##name
#endif

#define EXPONENT_MAX ((1 << (WIDTH - 1 - FRACTION_BITS)) - 1)
#define BIAS (EXPONENT_MAX >> 1)
#define INFINITE ((bits)EXPONENT_MAX << FRACTION_BITS)
#define NOT_A_NUMBER (INFINITE | (bits)1 << (FRACTION_BITS - 1))
/* From here on there are no fractions. */
#define WHOLE ((bits)(BIAS + FRACTION_BITS) << FRACTION_BITS)

INLINE bits sum(bits a, bits b) { return F(pack)(F(scale_sum)(a, b), sum_by_sign(F(greater)(a, b), F(lesser)(a, b))); }

OPERATOR("add") bits F(add)(bits a, bits b) { return sum(a, b); }
OPERATOR("sub") bits F(sub)(bits a, bits b) { return sum(a, F(neg)(b)); }

OPERATOR("mul") bits F(mul)(bits a, bits b) {
  return F(pack)(F(scale_product)(a, b), product(F(significand)(a), F(significand)(b)));
}

/*
 * A quotient of significands, of 54 or 55 bits: two digits, of 24 and of 30 bits, and twice that with what is left. A digit is never
 * too large, and too small by one at most: so what is left is less than twice the divisor, and two bits say how it compares.
 */
INLINE u64 ratio(bits a, bits b) {
  /* Takes the dividend apart twice: that is less than to keep it. */
  u64 f = F(significand)(a), again = F(significand)(a), g = F(significand)(b);
  u64 high = digit(again, g);
  u64 r = rest(f, high, g) << 6;
  u64 low = digit(r, g);
  return (high << 31) + (low << 1) + tail(rest(r, low, g), g);
}

OPERATOR("div") bits F(div)(bits a, bits b) {
  return F(pack)(F(scale_quotient)(a, b), ratio(a, b));
}

/* What has no fraction: large numbers, infinities, NaNs. */
#define ROUNDING(name)                                                    \
  OPERATOR(#name) bits F(name)(bits a) {                                  \
    if (F(lt)(F(abs)(a), WHOLE)) return F(pack)(SIGN_OF(a), F(round_##name)(a)); \
    return F(ne)(a, a) ? NOT_A_NUMBER : a;                                \
  }
#define SIGN_OF(a) scale_of_sign((s64)((u64)(a) << (64 - WIDTH)))

ROUNDING(trunc)
ROUNDING(floor)
ROUNDING(ceil)
ROUNDING(nearest)
