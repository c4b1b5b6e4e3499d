/* Conversions between floats and integers, and between the two floats. */
#include "helpers.h"

#define SIGN32 0x80000000u
#define SIGN64 0x8000000000000000u
#define INFINITE32 0x7f800000u
#define INFINITE64 0x7ff0000000000000u

/* An f32 from a significand with its leading bit at 26, whose lowest bit is sticky; see float.h. */
INLINE u32 rounded32(u32 sign, int exponent, u32 significand) {
  u32 result = (significand >> 3) + ((u32)(exponent - 1) << 23);
  result += (significand & 7) + (result & 1) > 4;
  return result | sign;
}

/* The same for an f64, leading bit at 55. */
INLINE u64 rounded64(u64 sign, int exponent, u64 significand) {
  u64 result = (significand >> 3) + ((u64)(exponent - 1) << 52);
  result += (significand & 7) + (result & 1) > 4;
  return result | sign;
}

/* ---- integer to float: the leading bit goes to the top first */

INLINE u32 f32_of(u32 sign, u64 magnitude) {
  if (magnitude == 0) return 0;
  int zeros = clz64(magnitude);
  u64 top = magnitude << zeros;
  return rounded32(sign, 127 + 63 - zeros, (u32)(top >> 37) | ((top & 0x1fffffffff) != 0));
}

INLINE u32 f32_of_word(u32 sign, u32 magnitude) {
  if (magnitude == 0) return 0;
  int zeros = __builtin_clz(magnitude);
  u32 top = magnitude << zeros;
  return rounded32(sign, 127 + 31 - zeros, top >> 5 | ((top & 31) != 0));
}

INLINE u64 f64_of(u64 sign, u64 magnitude) {
  if (magnitude == 0) return 0;
  int zeros = clz64(magnitude);
  u64 top = magnitude << zeros;
  return rounded64(sign, 1023 + 63 - zeros, top >> 8 | ((top & 255) != 0));
}

/* Nothing is lost. */
INLINE u64 f64_of_word(u64 sign, u32 magnitude) {
  if (magnitude == 0) return 0;
  int zeros = __builtin_clz(magnitude);
  return (sign | (u64)(1023 + 30 - zeros) << 52) + ((u64)magnitude << (21 + zeros));
}

INLINE u32 magnitude32(s32 a) { return a < 0 ? -(u32)a : (u32)a; }
INLINE u64 magnitude64(s64 a) { return a < 0 ? -(u64)a : (u64)a; }

EXPORT("f32.convert_i32_s") u32 f32_convert_i32_s(s32 a) { return f32_of_word(a & SIGN32, magnitude32(a)); }
EXPORT("f32.convert_i32_u") u32 f32_convert_i32_u(u32 a) { return f32_of_word(0, a); }
EXPORT("f32.convert_i64_s") u32 f32_convert_i64_s(s64 a) { return f32_of((u64)a >> 32 & SIGN32, magnitude64(a)); }
EXPORT("f32.convert_i64_u") u32 f32_convert_i64_u(u64 a) { return f32_of(0, a); }
EXPORT("f64.convert_i32_s") u64 f64_convert_i32_s(s32 a) { return f64_of_word((u64)a & SIGN64, magnitude32(a)); }
EXPORT("f64.convert_i32_u") u64 f64_convert_i32_u(u32 a) { return f64_of_word(0, a); }
EXPORT("f64.convert_i64_s") u64 f64_convert_i64_s(s64 a) { return f64_of(a & SIGN64, magnitude64(a)); }
EXPORT("f64.convert_i64_u") u64 f64_convert_i64_u(u64 a) { return f64_of(0, a); }

/* ---- float to float */

EXPORT("f64.promote_f32") u64 f64_promote_f32(u32 a) {
  u32 x = a & ~SIGN32;
  u64 sign = (u64)(a & SIGN32) << 32;
  if (x - 0x00800000 < INFINITE32 - 0x00800000) return ((u64)x << 29) + (896ull << 52) + sign;
  if (x > INFINITE32) return INFINITE64 | 1ull << 51;
  if (x == INFINITE32) return sign | INFINITE64;
  if (x == 0) return sign;
  int shift = __builtin_clz(x) - 8;
  return ((u64)x << (29 + shift)) + ((u64)(896 - shift) << 52) + sign;
}

EXPORT("f32.demote_f64") u32 f32_demote_f64(u64 a) {
  u64 x = a & ~SIGN64;
  u32 sign = (u32)(a >> 32) & SIGN32;
  if (x > INFINITE64) return INFINITE32 | 1u << 22;
  int exponent = (int)(x >> 52) - 896;
  if (exponent >= 255) return sign | INFINITE32;
  u64 f = (x & 0xfffffffffffff) | 1ull << 52;
  u32 significand = (u32)(f >> 26) | ((f & 0x3ffffff) != 0);
  if (exponent <= 0) {
    /* Subnormal, or nothing but its sign and a sticky bit. */
    if (x == 0) return sign;
    int shift = 1 - exponent;
    significand = shift > 26 ? 1 : significand >> shift | ((significand & ((1u << shift) - 1)) != 0);
    exponent = 1;
  }
  return rounded32(sign, exponent, significand);
}

/* ---- float to integer */

/* A float taken apart: leading bit at 63, exponent without bias. */
typedef struct {
  u64 significand;
  int exponent, negative, nan;
} parts;

INLINE parts parts32(u32 a) {
  u32 x = a & ~SIGN32;
  return (parts){(u64)(x << 8 | SIGN32) << 32, (int)(x >> 23) - 127, (s32)a < 0, x > INFINITE32};
}

INLINE parts parts64(u64 a) {
  u64 x = a & ~SIGN64;
  return (parts){x << 11 | SIGN64, (int)(x >> 52) - 1023, (s64)a < 0, x > INFINITE64};
}

/* The integer of `size` bits toward zero. What does not fit traps, or gives the nearest that does. */
INLINE u64 integer(parts p, int size, int is_signed, int saturates) {
  if (p.exponent < 0) return 0;
  u64 limit = 1ull << (size - 1);
  if (p.exponent < size) {
    u64 value = p.significand >> (63 - p.exponent);
    if (!is_signed && !p.negative) return value;
    if (is_signed && value < limit + p.negative) return p.negative ? -value : value;
  }
  if (!saturates) {
    if (p.nan) trap_invalid_conversion();
    trap_overflow();
  }
  if (p.nan) return 0;
  if (is_signed) return p.negative ? limit : limit - 1;
  return p.negative ? 0 : limit * 2 - 1;
}

#define CONVERSIONS(to, from, size, width)                                                                        \
  EXPORT(#to ".trunc_" #from "_s") u##size to##_trunc_##from##_s(u##width a) {                                    \
    return integer(parts##width(a), size, 1, 0);                                                                  \
  }                                                                                                               \
  EXPORT(#to ".trunc_" #from "_u") u##size to##_trunc_##from##_u(u##width a) {                                    \
    return integer(parts##width(a), size, 0, 0);                                                                  \
  }                                                                                                               \
  EXPORT(#to ".trunc_sat_" #from "_s") u##size to##_trunc_sat_##from##_s(u##width a) {                            \
    return integer(parts##width(a), size, 1, 1);                                                                  \
  }                                                                                                               \
  EXPORT(#to ".trunc_sat_" #from "_u") u##size to##_trunc_sat_##from##_u(u##width a) {                            \
    return integer(parts##width(a), size, 0, 1);                                                                  \
  }

CONVERSIONS(i32, f32, 32, 32)
CONVERSIONS(i32, f64, 32, 64)
CONVERSIONS(i64, f32, 64, 32)
CONVERSIONS(i64, f64, 64, 64)
