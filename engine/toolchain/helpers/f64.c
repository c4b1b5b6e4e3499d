/* f64, see float.h. */
#define WIDTH 64
#include "float.h"
#include "root.h"

/* The root of the leading bits, and 25 bits more by one step of division (Zimmermann, Karatsuba Square Root, 1999). */
INLINE u64 root(u64 number) {
  u64 left;
  u64 x = integer_root(number, &left);
  u64 scaled = left << 24;
  u64 q = divlu(scaled >> 32, scaled, x);
  left = ((scaled - q * x) << 26) - q * q;
  u64 result = (x << 25) + q;
  if ((s64)left < 0) {
    result--;
    left += result * 2 + 1;
  }
  return result | (left != 0);
}

#define ROOT_PLACE 8
#include "float-root.h"
