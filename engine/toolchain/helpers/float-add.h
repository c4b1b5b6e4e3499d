/* Addition and subtraction, for the width that the including file has chosen. */
#include "float.h"

INLINE bits sum(bits a, bits b) {
  if ((a & MAGNITUDE) < (b & MAGNITUDE)) {
    bits swap = a;
    a = b;
    b = swap;
  }
  bits f = a & MAGNITUDE, g = b & MAGNITUDE;
  if (f >= INFINITE) {
    if (f > INFINITE || (g == INFINITE && a != b)) return NOT_A_NUMBER;
    return a;
  }
  /* The larger of two zeros: negative only if both are. */
  if (g == 0) return f ? a : a & b;
  int e = f >> FRACTION_BITS, d = g >> FRACTION_BITS;
  if (e) f = (f & FRACTION) | IMPLICIT;
  else e = 1;
  if (d) g = (g & FRACTION) | IMPLICIT;
  else d = 1;
  f <<= 3;
  g <<= 3;
  if (e != d) g = shift_sticky(g, e - d);
  if ((sbits)(a ^ b) < 0) {
    f -= g;
    if (f == 0) return 0;
    int shift = LEADING_ZEROS(f) - (EXPONENT_BITS - 3);
    if (shift > 0) {
      if (shift >= e) shift = e - 1;
      f <<= shift;
      e -= shift;
    }
  } else {
    f += g;
    if (f >> (LEADING + 1)) {
      f = f >> 1 | (f & 1);
      if (++e == EXPONENT_MAX) return (a & SIGN) | INFINITE;
    }
  }
  return rounded(a & SIGN, e, f);
}

OPERATOR("add") bits F(add)(bits a, bits b) { return sum(a, b); }
OPERATOR("sub") bits F(sub)(bits a, bits b) { return sum(a, b ^ SIGN); }
