/*
 * Square roots, for the width that the including file has chosen. It has defined `root`, rounded to the
 * bits of the width.
 *
 * The first 31 bits come from a near root by one step of Heron's method. They are too small by less than 3: by the error of the
 * near root, squared, a quotient is too large by less than 2^-10, and it is too small by 1/8 at least.
 */
#include "float.h"

INLINE u64 first_bits(bits a) {
  u64 radicand = F(radicand)(a);
  return mean(radicand, near_root(F(radicand)(a)));
}

/*
 * The float above or below what is halfway between both: by what the radicand is more than its square. A root is never halfway
 * itself, for it would have more bits than a root of so few can have. (An addition by sign, which the compiler does not turn round.)
 */
INLINE u64 beside(u64 halfway, u64 half, s64 rest) { return sum_by_sign(by_sign(half, rest), halfway); }

INLINE u64 root(bits a);

OPERATOR("sqrt") bits F(sqrt)(bits a) { return F(pack)(F(scale_root)(a), root(a)); }
