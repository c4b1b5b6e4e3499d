/* f64, see float.h. */
#define WIDTH 64
#include "float-root.h"

/*
 * 25 bits more by one step of division (Zimmermann, Karatsuba Square Root, 1999), too large by less than 1/8. Takes the radicand
 * apart again wherever it is needed: that is less than to keep it.
 */
INLINE u64 root(bits a) {
  u64 compared = f64_radicand(a) << 26, divided = f64_radicand(a);
  u64 x = first_bits(a);
  u64 scaled = x << 24;
  u64 near = (scaled << 1) + digit(rest(divided, x, scaled), scaled);
  u64 halfway = (near | 7) - 3;
  return beside(halfway, 4, rest(compared, halfway, halfway));
}
