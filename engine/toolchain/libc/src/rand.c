/* Pseudo-random numbers: Marsaglia's 32-bit xorshift. */
#include <stdlib.h>

static unsigned state = 2463534242u;

void srand(unsigned seed) { state = seed * 2654435769u ^ 2463534242u; }

int rand(void) {
  if (!state) state = 2463534242u;
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state >> 1;
}
