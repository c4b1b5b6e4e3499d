/* f64, see float.h. */
#define WIDTH 64
#include "float-compare.h"
#include "float-add.h"
#include "float-root.h"

/* By halves of 32 and 21 bits: no sum of the partial products overflows. */
INLINE bits product(bits f, bits g) {
  u64 f_low = (u32)f, f_high = f >> 32, g_low = (u32)g, g_high = g >> 32;
  u64 low = f_low * g_low;
  u64 middle = (low >> 32) + f_low * g_high + f_high * g_low;
  return ((f_high * g_high << 15) + (middle >> 17)) | (((middle & 0x1ffff) | (u32)low) != 0);
}

/*
 * The next `length` bits of a quotient by `g`, of which `*rest` is left. The estimate by the divisor's 32 leading bits
 * is right or one too large.
 */
INLINE u64 digit(u64 *rest, u64 g, int length) {
  u64 scaled = *rest << (length - 21);
  u64 q = divlu(scaled >> 32, scaled, g >> 21);
  *rest = (*rest << length) - q * g;
  if ((s64)*rest < 0) {
    q--;
    *rest += g;
  }
  return q;
}

INLINE bits ratio(bits f, bits g) {
  u64 rest = f;
  u64 high = digit(&rest, g, 27);
  u64 low = digit(&rest, g, 28);
  return ((high << 28) + low) | (rest != 0);
}

/* The root of the leading bits, and 25 bits more by one step of division (Zimmermann, Karatsuba Square Root, 1999). */
INLINE bits root(bits f) {
  u64 rest;
  u64 x = integer_root(f << 8, &rest);
  u64 scaled = rest << 24;
  u64 q = divlu(scaled >> 32, scaled, x);
  rest = ((scaled - q * x) << 26) - q * q;
  u64 result = (x << 25) + q;
  if ((s64)rest < 0) {
    result--;
    rest += result * 2 + 1;
  }
  return result | (rest != 0);
}

#include "float-multiply.h"
