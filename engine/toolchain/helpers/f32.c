/* f32, see float.h. */
#define WIDTH 32
#include "float.h"
#include "root.h"

INLINE u64 root(u64 number) {
  u64 left;
  return (u64)integer_root(number, &left) << 1 | (left != 0);
}

#define ROOT_PLACE 32
#include "float-root.h"
