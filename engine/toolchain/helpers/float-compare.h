/* Comparisons, minimum and maximum, and rounding to integers, for the width that the including file has chosen. */
#include "float.h"

/* Magnitudes compare as integers do. */
INLINE int less(bits a, bits b) {
  if ((sbits)(a | b) >= 0) return (a < b) & (b <= INFINITE);
  if ((sbits)(a & b) < 0) return (a > b) & (a <= (SIGN | INFINITE));
  return ((sbits)a < 0) & (((a | b) & MAGNITUDE) != 0) & is_number(a) & is_number(b);
}

INLINE int at_most(bits a, bits b) {
  if ((sbits)(a | b) >= 0) return (a <= b) & (b <= INFINITE);
  if ((sbits)(a & b) < 0) return (a >= b) & (a <= (SIGN | INFINITE));
  if ((sbits)b < 0) return ((a | b) & MAGNITUDE) == 0;
  return is_number(a) & is_number(b);
}

INLINE int equal(bits a, bits b) {
  if (a == b) return !is_nan(a);
  return ((a | b) & MAGNITUDE) == 0;
}

OPERATOR("eq") int F(eq)(bits a, bits b) { return equal(a, b); }
OPERATOR("ne") int F(ne)(bits a, bits b) { return !equal(a, b); }
OPERATOR("lt") int F(lt)(bits a, bits b) { return less(a, b); }
OPERATOR("gt") int F(gt)(bits a, bits b) { return less(b, a); }
OPERATOR("le") int F(le)(bits a, bits b) { return at_most(a, b); }
OPERATOR("ge") int F(ge)(bits a, bits b) { return at_most(b, a); }

/* An integer that orders as the number does, with -0 below 0. */
INLINE sbits order(bits a) { return a ^ ((bits)((sbits)a >> (WIDTH - 1)) & MAGNITUDE); }

OPERATOR("min") bits F(min)(bits a, bits b) {
  if (is_nan(a) | is_nan(b)) return NOT_A_NUMBER;
  return order(a) < order(b) ? a : b;
}

OPERATOR("max") bits F(max)(bits a, bits b) {
  if (is_nan(a) | is_nan(b)) return NOT_A_NUMBER;
  return order(a) > order(b) ? a : b;
}

OPERATOR("copysign") bits F(copysign)(bits a, bits b) { return (a & MAGNITUDE) | (b & SIGN); }

/* What has no fraction bits: large numbers, infinities, NaNs. */
INLINE bits whole(bits a) { return is_nan(a) ? NOT_A_NUMBER : a; }
#define IS_WHOLE(e) ((e) >= BIAS + FRACTION_BITS)
/* Bits behind the point of a number that is at least 1. */
#define BEHIND(e) (FRACTION >> ((e) - BIAS))

OPERATOR("trunc") bits F(trunc)(bits a) {
  int e = exponent(a);
  if (IS_WHOLE(e)) return whole(a);
  if (e < BIAS) return a & SIGN;
  return a & ~BEHIND(e);
}

/* Toward infinity where `up`, else toward minus infinity. */
INLINE bits directed(bits a, int up) {
  int e = exponent(a);
  int away = ((sbits)a >= 0) == up;
  if (IS_WHOLE(e)) return whole(a);
  if (e < BIAS) {
    if (!(a & MAGNITUDE)) return a;
    return (a & SIGN) | (away ? ONE : 0);
  }
  if (away) a += BEHIND(e);
  return a & ~BEHIND(e);
}

OPERATOR("floor") bits F(floor)(bits a) { return directed(a, 0); }
OPERATOR("ceil") bits F(ceil)(bits a) { return directed(a, 1); }

OPERATOR("nearest") bits F(nearest)(bits a) {
  int e = exponent(a);
  if (IS_WHOLE(e)) return whole(a);
  /* Below 1: 0, but 1 above a half. */
  if (e < BIAS) return (a & SIGN) | ((a & MAGNITUDE) > ONE - IMPLICIT ? ONE : 0);
  bits behind = BEHIND(e);
  /* Of 1 the last bit before the point is not stored; the exponent's last bit is 1 as well. */
  bits odd = (a & (behind + 1)) != 0;
  a += (behind >> 1) + odd;
  return a & ~behind;
}
