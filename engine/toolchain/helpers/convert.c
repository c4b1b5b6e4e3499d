/* Conversions between floats and integers, and between the two floats. */
#include "parts.h"

/* ---- integer to float: the magnitude is a significand as it is */

#define TO_FLOAT(type, bits)                                                                                    \
  EXPORT(#type ".convert_i64_s") bits type##_convert_i64_s(s64 a) { return type##_pack(scale_of_sign(a), by_sign(a, a)); } \
  EXPORT(#type ".convert_i64_u") bits type##_convert_i64_u(u64 a) { return type##_pack(scale_of_sign(0), a); }  \
  EXPORT(#type ".convert_i32_s") bits type##_convert_i32_s(s32 a) {                                             \
    s64 wide = a;                                                                                               \
    return type##_pack(scale_of_sign(wide), by_sign(wide, wide));                                               \
  }                                                                                                             \
  EXPORT(#type ".convert_i32_u") bits type##_convert_i32_u(u32 a) { return type##_pack(scale_of_sign(0), a); }

TO_FLOAT(f32, u32)
TO_FLOAT(f64, u64)

/* ---- float to float */

EXPORT("f64.promote_f32") u64 f64_promote_f32(u32 a) { return f64_pack(f32_scale(a), f32_significand(a)); }
EXPORT("f32.demote_f64") u32 f32_demote_f64(u64 a) { return f32_pack(f64_scale(a), f64_significand(a)); }

/* ---- float to integer, toward zero: what does not fit traps, or gives the nearest that does */

/* Floats between which all fit: those just outside, as the type has them. */
#define BELOW_S32_f64 0xc1e0000000200000u
#define ABOVE_S32_f64 0x41e0000000000000u
#define ABOVE_U32_f64 0x41f0000000000000u
#define BELOW_S64_f64 0xc3e0000000000001u
#define ABOVE_S64_f64 0x43e0000000000000u
#define ABOVE_U64_f64 0x43f0000000000000u
#define BELOW_U32_f64 0xbff0000000000000u
#define BELOW_U64_f64 0xbff0000000000000u
#define BELOW_S32_f32 0xcf000001u
#define ABOVE_S32_f32 0x4f000000u
#define ABOVE_U32_f32 0x4f800000u
#define BELOW_S64_f32 0xdf000001u
#define ABOVE_S64_f32 0x5f000000u
#define ABOVE_U64_f32 0x5f800000u
#define BELOW_U32_f32 0xbf800000u
#define BELOW_U64_f32 0xbf800000u

#define SIGNED_f32(a) by_sign(f32_round_trunc(a), (s64)((u64)(a) << 32))
#define SIGNED_f64(a) by_sign(f64_round_trunc(a), a)

#define TO_INTEGER(size, sign, letter, type, bits, least, most)                                                 \
  EXPORT("i" #size ".trunc_" #type "_" #letter) u##size i##size##_trunc_##type##_##letter(bits a) {             \
    if (type##_lt(BELOW_##sign##size##_##type, a) && type##_lt(a, ABOVE_##sign##size##_##type))                 \
      return SIGNED_##type(a);                                                                                  \
    if (type##_ne(a, a)) trap_invalid_conversion();                                                             \
    trap_overflow();                                                                                            \
  }                                                                                                             \
  EXPORT("i" #size ".trunc_sat_" #type "_" #letter) u##size i##size##_trunc_sat_##type##_##letter(bits a) {     \
    if (!type##_lt(BELOW_##sign##size##_##type, a)) return type##_ne(a, a) ? 0 : least;                         \
    if (!type##_lt(a, ABOVE_##sign##size##_##type)) return most;                                                \
    return SIGNED_##type(a);                                                                                    \
  }

#define TO_INTEGERS(type, bits)                                                                                 \
  TO_INTEGER(32, S, s, type, bits, 0x80000000u, 0x7fffffffu)                                                    \
  TO_INTEGER(32, U, u, type, bits, 0, 0xffffffffu)                                                              \
  TO_INTEGER(64, S, s, type, bits, 0x8000000000000000u, 0x7fffffffffffffffu)                                    \
  TO_INTEGER(64, U, u, type, bits, 0, 0xffffffffffffffffu)

TO_INTEGERS(f32, u32)
TO_INTEGERS(f64, u64)
