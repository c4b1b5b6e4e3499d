/* The integer square root that both square roots start from. */
#include "helpers.h"

/*
 * Integer square root of a number of 61 or 62 bits, and what is left: Heron's method from a line that lies at most
 * 8.4 % above the root, whose error is squared and halved by each step.
 */
INLINE u32 integer_root(u64 number, u64 *rest) {
  u32 high = number >> 32;
  u32 x = high + (high >> 1) + 715827886;
  for (int i = 0; i < 3; i++) x -= (s32)(x - divlu(high, number, x)) >> 1;
  *rest = number - (u64)x * x;
  if ((s64)*rest < 0) {
    x--;
    *rest += (u64)x * 2 + 1;
  }
  return x;
}
