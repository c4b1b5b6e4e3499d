/* f32, see float.h. */
#define WIDTH 32
#include "float-root.h"

INLINE u64 root(bits a) {
  u64 compared = f32_radicand(a);
  u64 halfway = (first_bits(a) | 127) - 63;
  return beside(halfway, 64, compared - halfway * halfway);
}
