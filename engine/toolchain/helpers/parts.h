/*
 * The parts of float arithmetic, each one instruction of the machine (docs/floats.md). A float is the integer of its bits. A
 * scale holds exponent, class and sign of a result: the exponent is that of a significand whose leading bit is bit 63.
 */
#ifndef PARTS_H
#define PARTS_H
#include "helpers.h"

typedef u32 scale;

/* The same for equal operands, and nothing else: the compiler may put it wherever it costs least. */
#define PART(name) __attribute__((const)) MACHINE(name)

#define PARTS_OF(type, bits)                                                   \
  PART(#type ".scale") scale type##_scale(bits a);                             \
  PART(#type ".scale_sum") scale type##_scale_sum(bits a, bits b);             \
  PART(#type ".scale_product") scale type##_scale_product(bits a, bits b);     \
  PART(#type ".scale_quotient") scale type##_scale_quotient(bits a, bits b);   \
  PART(#type ".scale_root") scale type##_scale_root(bits a);                   \
  MACHINE(#type ".radicand") u64 type##_radicand(bits a);                         \
  MACHINE(#type ".significand") u64 type##_significand(bits a);                   \
  PART(#type ".greater") u64 type##_greater(bits a, bits b);                   \
  PART(#type ".lesser") u64 type##_lesser(bits a, bits b);                     \
  PART(#type ".round_trunc") u64 type##_round_trunc(bits a);                   \
  PART(#type ".round_floor") u64 type##_round_floor(bits a);                   \
  PART(#type ".round_ceil") u64 type##_round_ceil(bits a);                     \
  PART(#type ".round_nearest") u64 type##_round_nearest(bits a);               \
  PART(#type ".pack") bits type##_pack(scale s, u64 significand);              \
  PART(#type ".abs") bits type##_abs(bits a);                                  \
  PART(#type ".neg") bits type##_neg(bits a);                                  \
  PART(#type ".lt") int type##_lt(bits a, bits b);                             \
  PART(#type ".ne") int type##_ne(bits a, bits b);

PARTS_OF(f32, u32)
PARTS_OF(f64, u64)

PART("scale.integer") scale scale_of_sign(s64 a);
PART("significand.product") u64 product(u64 a, u64 b);
PART("significand.sum") u64 sum_by_sign(u64 a, u64 b);
PART("significand.signed") s64 by_sign(u64 a, s64 b);
PART("significand.digit") u64 digit(u64 r, u64 g);
PART("significand.near_root") u64 near_root(u64 radicand);
PART("significand.mean") u64 mean(u64 radicand, u64 root);
PART("significand.rest") u64 rest(u64 r, u64 q, u64 g);
PART("significand.tail") u64 tail(u64 r, u64 g);
#endif
