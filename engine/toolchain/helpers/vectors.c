/*
 * Operators on vectors, for one half of eight bytes: a vector of 128 bits is two halves, and what an operator does to one is
 * independent of the other (lower/vectors says which halves each takes). Lanes are taken out, computed and put back.
 */
#include "parts.h"

typedef signed char s8;
typedef short s16;

/* Lanes of `bits` bits: `expression` of x and y, the lanes of a and b as `type`. */
#define LANES(bits, type, expression, a, b)                                                             \
  u64 r = 0;                                                                                            \
  for (u32 at = 0; at < 64; at += bits) {                                                               \
    type x = (type)((a) >> at), y = (type)((b) >> at);                                                  \
    (void)x, (void)y;                                                                                   \
    r |= (u64)(u##bits)(expression) << at;                                                              \
  }                                                                                                     \
  return r;

#define UNARY(shape, op, bits, type, expression)                                                        \
  EXPORT(#shape "." #op) u64 shape##_##op(u64 a) { LANES(bits, type, expression, a, a) }
#define BINARY(shape, op, bits, type, expression)                                                       \
  EXPORT(#shape "." #op) u64 shape##_##op(u64 a, u64 b) { LANES(bits, type, expression, a, b) }
#define SHIFT(shape, op, bits, type, expression)                                                        \
  EXPORT(#shape "." #op) u64 shape##_##op(u64 a, u32 n) { n &= bits - 1; LANES(bits, type, expression, a, a) }

INLINE s64 clamp(s64 value, s64 least, s64 most) { return value < least ? least : value > most ? most : value; }

#define INTEGERS(shape, bits)                                                                           \
  UNARY(shape, abs, bits, s##bits, x < 0 ? -(u64)x : (u64)x)                                            \
  UNARY(shape, neg, bits, u##bits, -(u64)x)                                                             \
  BINARY(shape, add, bits, u##bits, x + y)                                                              \
  BINARY(shape, sub, bits, u##bits, x - y)                                                              \
  BINARY(shape, eq, bits, u##bits, -(u64)(x == y))                                                      \
  BINARY(shape, ne, bits, u##bits, -(u64)(x != y))                                                      \
  BINARY(shape, lt_s, bits, s##bits, -(u64)(x < y))                                                     \
  BINARY(shape, gt_s, bits, s##bits, -(u64)(x > y))                                                     \
  BINARY(shape, le_s, bits, s##bits, -(u64)(x <= y))                                                    \
  BINARY(shape, ge_s, bits, s##bits, -(u64)(x >= y))                                                    \
  SHIFT(shape, shl, bits, u##bits, (u64)x << n)                                                         \
  SHIFT(shape, shr_s, bits, s##bits, x >> n)                                                            \
  SHIFT(shape, shr_u, bits, u##bits, x >> n)                                                            \
  EXPORT(#shape ".all_true") u32 shape##_all_true(u64 a) {                                              \
    u32 all = 1;                                                                                        \
    for (u32 at = 0; at < 64; at += bits) all &= (u##bits)(a >> at) != 0;                               \
    return all;                                                                                         \
  }                                                                                                     \
  EXPORT(#shape ".bitmask") u32 shape##_bitmask(u64 a) {                                                \
    u32 mask = 0;                                                                                       \
    for (u32 at = 0; at < 64; at += bits) mask |= (u32)(a >> (at + bits - 1) & 1) << at / bits;         \
    return mask;                                                                                        \
  }

#define SMALL_INTEGERS(shape, bits)                                                                     \
  INTEGERS(shape, bits)                                                                                 \
  BINARY(shape, lt_u, bits, u##bits, -(u64)(x < y))                                                     \
  BINARY(shape, gt_u, bits, u##bits, -(u64)(x > y))                                                     \
  BINARY(shape, le_u, bits, u##bits, -(u64)(x <= y))                                                    \
  BINARY(shape, ge_u, bits, u##bits, -(u64)(x >= y))                                                    \
  BINARY(shape, min_s, bits, s##bits, x < y ? x : y)                                                    \
  BINARY(shape, min_u, bits, u##bits, x < y ? x : y)                                                    \
  BINARY(shape, max_s, bits, s##bits, x > y ? x : y)                                                    \
  BINARY(shape, max_u, bits, u##bits, x > y ? x : y)

#define SATURATING(shape, bits, most_s, most_u)                                                         \
  SMALL_INTEGERS(shape, bits)                                                                           \
  BINARY(shape, add_sat_s, bits, s##bits, clamp(x + y, -most_s - 1, most_s))                            \
  BINARY(shape, add_sat_u, bits, u##bits, clamp(x + y, 0, most_u))                                      \
  BINARY(shape, sub_sat_s, bits, s##bits, clamp(x - y, -most_s - 1, most_s))                            \
  BINARY(shape, sub_sat_u, bits, u##bits, clamp(x - y, 0, most_u))                                      \
  BINARY(shape, avgr_u, bits, u##bits, (x + y + 1) >> 1)

SATURATING(i8x16, 8, 127, 255)
SATURATING(i16x8, 16, 32767, 65535)
SMALL_INTEGERS(i32x4, 32)
INTEGERS(i64x2, 64)

INLINE u32 ones(u32 x) {
  u32 count = 0;
  for (; x; x &= x - 1) count++;
  return count;
}
UNARY(i8x16, popcnt, 8, u8, ones(x))
BINARY(i16x8, mul, 16, u16, (u32)x * y)
BINARY(i32x4, mul, 32, u32, x * y)
BINARY(i64x2, mul, 64, u64, x * y)
BINARY(i16x8, q15mulr_sat_s, 16, s16, clamp((x * y + 0x4000) >> 15, -32768, 32767))

/* Wider lanes from a half of the lanes of a half: the low or the high four bytes. */
#define WIDER(to, wide, from, narrow, letter, wide_type, type)                                          \
  INLINE u64 extend_##from##_##letter(u32 a) {                                                          \
    u64 r = 0;                                                                                          \
    for (u32 at = 0; at < 32; at += narrow) r |= (u64)(u##wide)(wide_type)(type)(a >> at) << 2 * at;    \
    return r;                                                                                           \
  }                                                                                                     \
  INLINE u64 extmul_##from##_##letter(u32 a, u32 b) {                                                   \
    u64 r = 0;                                                                                          \
    for (u32 at = 0; at < 32; at += narrow)                                                             \
      r |= (u64)(u##wide)((wide_type)(type)(a >> at) * (wide_type)(type)(b >> at)) << 2 * at;           \
    return r;                                                                                           \
  }                                                                                                     \
  EXPORT(#to ".extend_low_" #from "_" #letter) u64 to##_low_##letter(u64 a) { return extend_##from##_##letter(a); }          \
  EXPORT(#to ".extend_high_" #from "_" #letter) u64 to##_high_##letter(u64 a) { return extend_##from##_##letter(a >> 32); }  \
  EXPORT(#to ".extmul_low_" #from "_" #letter) u64 to##_mul_low_##letter(u64 a, u64 b) { return extmul_##from##_##letter(a, b); } \
  EXPORT(#to ".extmul_high_" #from "_" #letter) u64 to##_mul_high_##letter(u64 a, u64 b) {              \
    return extmul_##from##_##letter(a >> 32, b >> 32);                                                  \
  }

WIDER(i16x8, 16, i8x16, 8, s, s32, s8)
WIDER(i16x8, 16, i8x16, 8, u, u32, u8)
WIDER(i32x4, 32, i16x8, 16, s, s32, s16)
WIDER(i32x4, 32, i16x8, 16, u, u32, u16)
WIDER(i64x2, 64, i32x4, 32, s, s64, s32)
WIDER(i64x2, 64, i32x4, 32, u, u64, u32)

/* Sums of neighbours, and of the products of neighbours. */
#define PAIRS(to, from, bits, letter, type, half)                                                       \
  EXPORT(#to ".extadd_pairwise_" #from "_" #letter) u64 to##_pairs_##letter(u64 a) {                    \
    LANES(bits, u##bits, (type)(half)x + (type)(half)(x >> bits / 2), a, a)                             \
  }
PAIRS(i16x8, i8x16, 16, s, s32, s8)
PAIRS(i16x8, i8x16, 16, u, u32, u8)
PAIRS(i32x4, i16x8, 32, s, s32, s16)
PAIRS(i32x4, i16x8, 32, u, u32, u16)
BINARY(i32x4, dot_i16x8_s, 32, u32, (u32)((s16)x * (s16)y) + (u32)((s16)(x >> 16) * (s16)(y >> 16)))

/* The lanes of a whole vector, each in half the bits. */
#define NARROW(to, narrow, from, wide, letter, least, most)                                             \
  EXPORT(#to ".narrow_" #from "_" #letter) u64 to##_narrow_##letter(u64 low, u64 high) {                \
    u64 r = 0;                                                                                          \
    for (u32 at = 0; at < 64; at += wide) {                                                             \
      r |= (u64)(u##narrow)clamp((s##wide)(low >> at), least, most) << at / 2;                          \
      r |= (u64)(u##narrow)clamp((s##wide)(high >> at), least, most) << (at / 2 + 32);                  \
    }                                                                                                   \
    return r;                                                                                           \
  }
NARROW(i8x16, 8, i16x8, 16, s, -128, 127)
NARROW(i8x16, 8, i16x8, 16, u, 0, 255)
NARROW(i16x8, 16, i32x4, 32, s, -32768, 32767)
NARROW(i16x8, 16, i32x4, 32, u, 0, 65535)

INLINE u64 byte_of(u64 low, u64 high, u32 index) { return (u8)((index & 8 ? high : low) >> (index & 7) * 8); }

EXPORT("i8x16.swizzle") u64 i8x16_swizzle(u64 low, u64 high, u64 indices) {
  u64 r = 0;
  for (u32 at = 0; at < 64; at += 8) {
    u8 index = indices >> at;
    if (index < 16) r |= byte_of(low, high, index) << at;
  }
  return r;
}

EXPORT("i8x16.shuffle") u64 i8x16_shuffle(u64 low, u64 high, u64 second_low, u64 second_high, u64 indices) {
  u64 r = 0;
  for (u32 at = 0; at < 64; at += 8) {
    u8 index = indices >> at;
    r |= (index < 16 ? byte_of(low, high, index) : byte_of(second_low, second_high, index)) << at;
  }
  return r;
}

/* ---- floats: the operators of one number on each lane */

#define SCALARS(type, bits)                                                                             \
  bits type##_add(bits, bits); bits type##_sub(bits, bits); bits type##_mul(bits, bits);                \
  bits type##_div(bits, bits); bits type##_sqrt(bits); bits type##_ceil(bits); bits type##_floor(bits); \
  bits type##_trunc(bits); bits type##_nearest(bits);                                                   \
  PART(#type ".min") bits type##_min(bits, bits);                                                       \
  PART(#type ".max") bits type##_max(bits, bits);
SCALARS(f32, u32)
SCALARS(f64, u64)

#define FLOATS(shape, type, size)                                                                       \
  UNARY(shape, abs, size, u##size, type##_abs(x))                                                       \
  UNARY(shape, neg, size, u##size, type##_neg(x))                                                       \
  UNARY(shape, sqrt, size, u##size, type##_sqrt(x))                                                     \
  UNARY(shape, ceil, size, u##size, type##_ceil(x))                                                     \
  UNARY(shape, floor, size, u##size, type##_floor(x))                                                   \
  UNARY(shape, trunc, size, u##size, type##_trunc(x))                                                   \
  UNARY(shape, nearest, size, u##size, type##_nearest(x))                                               \
  BINARY(shape, add, size, u##size, type##_add(x, y))                                                   \
  BINARY(shape, sub, size, u##size, type##_sub(x, y))                                                   \
  BINARY(shape, mul, size, u##size, type##_mul(x, y))                                                   \
  BINARY(shape, div, size, u##size, type##_div(x, y))                                                   \
  BINARY(shape, min, size, u##size, type##_min(x, y))                                                   \
  BINARY(shape, max, size, u##size, type##_max(x, y))                                                   \
  BINARY(shape, pmin, size, u##size, type##_lt(y, x) ? y : x)                                           \
  BINARY(shape, pmax, size, u##size, type##_lt(x, y) ? y : x)                                           \
  BINARY(shape, eq, size, u##size, -(u64)!type##_ne(x, y))                                              \
  BINARY(shape, ne, size, u##size, -(u64)type##_ne(x, y))                                               \
  BINARY(shape, lt, size, u##size, -(u64)type##_lt(x, y))                                               \
  BINARY(shape, gt, size, u##size, -(u64)type##_lt(y, x))                                               \
  BINARY(shape, le, size, u##size, -(u64)(type##_lt(x, y) | !type##_ne(x, y)))                          \
  BINARY(shape, ge, size, u##size, -(u64)(type##_lt(y, x) | !type##_ne(x, y)))
FLOATS(f32x4, f32, 32)
FLOATS(f64x2, f64, 64)

u32 f32_convert_i32_s(s32), f32_convert_i32_u(u32), f32_demote_f64(u64);
u64 f64_convert_i32_s(s32), f64_convert_i32_u(u32), f64_promote_f32(u32);
u32 i32_trunc_sat_f32_s(u32), i32_trunc_sat_f32_u(u32), i32_trunc_sat_f64_s(u64), i32_trunc_sat_f64_u(u64);

UNARY(f32x4, convert_i32x4_s, 32, s32, f32_convert_i32_s(x))
UNARY(f32x4, convert_i32x4_u, 32, u32, f32_convert_i32_u(x))
UNARY(i32x4, trunc_sat_f32x4_s, 32, u32, i32_trunc_sat_f32_s(x))
UNARY(i32x4, trunc_sat_f32x4_u, 32, u32, i32_trunc_sat_f32_u(x))

/* The low half from a whole vector. */
#define TO_LOW(name, id, convert) \
  EXPORT(name) u64 id(u64 low, u64 high) { return (u64)convert(high) << 32 | (u32)convert(low); }
TO_LOW("f32x4.demote_f64x2_zero", f32x4_demote, f32_demote_f64)
TO_LOW("i32x4.trunc_sat_f64x2_s_zero", i32x4_from_f64_s, i32_trunc_sat_f64_s)
TO_LOW("i32x4.trunc_sat_f64x2_u_zero", i32x4_from_f64_u, i32_trunc_sat_f64_u)

/* Of four bytes: the low ones of a half are for the low half, the high ones, moved down, for the high. */
EXPORT("f64x2.promote_low_f32x4") u64 f64x2_promote(u64 a) { return f64_promote_f32(a); }
EXPORT("f64x2.convert_low_i32x4_s") u64 f64x2_convert_s(u64 a) { return f64_convert_i32_s(a); }
EXPORT("f64x2.convert_low_i32x4_u") u64 f64x2_convert_u(u64 a) { return f64_convert_i32_u(a); }
