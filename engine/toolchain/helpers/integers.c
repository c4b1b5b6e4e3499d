/*
 * Division of 64-bit integers by steps of 64 by 32 bits (Warren, Hacker's Delight, chapter 9-5): about fifty lines of
 * trace each.
 */
#include "helpers.h"

/* A divisor of 32 bits takes two steps. A longer one is scaled down to 32 bits; the quotient that it gives is right or
   one too large, so one less is right or one too small, and the remainder tells. */
INLINE u64 quotient(u64 a, u64 b) {
  u32 b_high = b >> 32;
  if (b_high == 0) {
    u32 divisor = b, high = a >> 32;
    /* divlu and not C's operator, for which a divisor of 0 could not be. */
    u32 upper = divlu(0, high, divisor);
    return (u64)upper << 32 | divlu(high - upper * divisor, a, divisor);
  }
  u64 shift = __builtin_clz(b_high);
  u64 half = a >> 1;
  u64 q = (u64)divlu(half >> 32, half, (b << shift) >> 32) << shift >> 31;
  if (q != 0) q--;
  if (a - q * b >= b) q++;
  return q;
}

INLINE u64 magnitude(s64 value) { return value < 0 ? -(u64)value : (u64)value; }

EXPORT("i64.div_u") u64 i64_div_u(u64 a, u64 b) { return quotient(a, b); }

EXPORT("i64.rem_u") u64 i64_rem_u(u64 a, u64 b) { return a - quotient(a, b) * b; }

EXPORT("i64.div_s") s64 i64_div_s(s64 a, s64 b) {
  u64 q = quotient(magnitude(a), magnitude(b));
  if ((a ^ b) < 0) return -q;
  if ((s64)q < 0) trap_overflow();
  return q;
}

EXPORT("i64.rem_s") s64 i64_rem_s(s64 a, s64 b) {
  u64 x = magnitude(a), y = magnitude(b);
  u64 rest = x - quotient(x, y) * y;
  return a < 0 ? -rest : rest;
}
