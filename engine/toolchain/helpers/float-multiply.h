/*
 * Multiplication, division and square root, for the width that the including file has chosen. It has defined
 * `product` (of two significands with their leading bits at FRACTION_BITS, with the leading bit at LEADING or one
 * above), `ratio` (of two such whose quotient is between 1 and 2) and `root` (of one between 1 and 4).
 */

/* Whether an exponent is that of zero, subnormal numbers, infinity or NaNs. */
INLINE int is_special(int e) { return (u32)(e - 1) >= EXPONENT_MAX - 1; }

OPERATOR("mul") bits F(mul)(bits a, bits b) {
  bits sign = (a ^ b) & SIGN, f = a & FRACTION, g = b & FRACTION;
  int e = exponent(a), d = exponent(b);
  if (is_special(e) | is_special(d)) {
    bits x = a & MAGNITUDE, y = b & MAGNITUDE;
    if (x > INFINITE || y > INFINITE) return NOT_A_NUMBER;
    if (x == INFINITE) return y ? sign | INFINITE : NOT_A_NUMBER;
    if (y == INFINITE) return x ? sign | INFINITE : NOT_A_NUMBER;
    if (x == 0 || y == 0) return sign;
    if (e == 0) e = normalized(&f);
    if (d == 0) d = normalized(&g);
  }
  f = product(f | IMPLICIT, g | IMPLICIT);
  e += d - BIAS;
  if (f >> (LEADING + 1)) {
    f = f >> 1 | (f & 1);
    e++;
  }
  return packed(sign, e, f);
}

OPERATOR("div") bits F(div)(bits a, bits b) {
  bits sign = (a ^ b) & SIGN, f = a & FRACTION, g = b & FRACTION;
  int e = exponent(a), d = exponent(b);
  if (is_special(e) | is_special(d)) {
    bits x = a & MAGNITUDE, y = b & MAGNITUDE;
    if (x > INFINITE || y > INFINITE) return NOT_A_NUMBER;
    if (x == INFINITE) return y == INFINITE ? NOT_A_NUMBER : sign | INFINITE;
    if (y == INFINITE) return sign;
    if (y == 0) return x ? sign | INFINITE : NOT_A_NUMBER;
    if (x == 0) return sign;
    if (e == 0) e = normalized(&f);
    if (d == 0) d = normalized(&g);
  }
  f |= IMPLICIT;
  g |= IMPLICIT;
  e += BIAS - d;
  if (f < g) {
    f <<= 1;
    e--;
  }
  return packed(sign, e, ratio(f, g));
}

OPERATOR("sqrt") bits F(sqrt)(bits a) {
  int e = a >> FRACTION_BITS;
  bits f = a & FRACTION;
  if (is_special(e)) {
    if ((a & MAGNITUDE) == 0 || a == INFINITE) return a;
    /* What is left has a sign or is a NaN. */
    if (a > INFINITE) return NOT_A_NUMBER;
    e = normalized(&f);
  }
  f |= IMPLICIT;
  /* The exponent must be even without its bias, which is odd. */
  if (!(e & 1)) f <<= 1;
  return rounded(0, (e + BIAS) >> 1, root(f));
}
