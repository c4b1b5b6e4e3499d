/*
 * Square roots, for the width that the including file has chosen. It has defined `root`: of a number of 61 or 62 bits, with a
 * lowest bit that stands for all below; `ROOT_PLACE` is how far the root's leading bit is below bit 63.
 */

OPERATOR("sqrt") bits F(sqrt)(bits a) {
  /* Zeros, infinity, NaNs, and what has a sign. */
  if (a - 1 >= INFINITE - 1) return F(lt)(a, 0) | F(ne)(a, a) ? NOT_A_NUMBER : a;
  scale s = F(scale)(a);
  /* An exponent that is odd is made even. */
  return F(pack)((s >> 1) + (1 << 13) + ROOT_PLACE - 4, root(F(significand)(a) << (5 + (s & 1))));
}
