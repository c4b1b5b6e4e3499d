/* f32, see float.h. */
#define WIDTH 32
#include "float-compare.h"
#include "float-add.h"
#include "float-root.h"

INLINE bits product(bits f, bits g) {
  u64 exact = (u64)f * g;
  return (u32)(exact >> 20) | ((exact & 0xfffff) != 0);
}

INLINE bits ratio(bits f, bits g) {
  u64 scaled = (u64)f << 26;
  u32 quotient = divlu(scaled >> 32, scaled, g);
  return quotient | (quotient * g != (u32)scaled);
}

INLINE bits root(bits f) {
  u64 rest;
  u32 x = integer_root((u64)f << 37, &rest);
  return x >> 4 | ((rest | (x & 15)) != 0);
}

#include "float-multiply.h"
