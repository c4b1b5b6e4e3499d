/*
 * rand and random with the numbers of glibc: each is the sum of those 31 and 3 before it, without its lowest bit
 * (https://www.mscs.dal.ca/~selinger/random/). So programs that print them print what they print elsewhere.
 */
#include <stdint.h>
#include <stdlib.h>

enum { COUNT = 31, DISTANCE = 3, FIRST = 310 };

/* As it is behind srandom(1). */
static int32_t state[COUNT] = {
    -1726662223, 379960547,   1735697613,  1040273694, 1313901226, 1627687941,  -179304937, -2073333483,
    1780058412,  -1989503057, -615974602,  344556628,  939512070,  -1249116260, 1507946756, -812545463,
    154635395,   1388815473,  -1926676823, 525320961,  -1009028674, 968117788,  -123449607, 1284210865,
    435012392,   -2017506339, -911064859,  -370259173, 1132637927, 1398500161,  -205601318,
};
static unsigned front = DISTANCE, rear;

long random(void) {
  uint32_t sum = (uint32_t)state[front] + (uint32_t)state[rear];
  state[front] = (int32_t)sum;
  front = front + 1 < COUNT ? front + 1 : 0;
  rear = rear + 1 < COUNT ? rear + 1 : 0;
  return (long)(sum >> 1);
}

void srandom(unsigned seed) {
  int32_t word = seed ? (int32_t)seed : 1;
  state[0] = word;
  for (int i = 1; i < COUNT; i++) {
    word = 16807 * (word % 127773) - 2836 * (word / 127773);
    if (word < 0) word += 2147483647;
    state[i] = word;
  }
  front = DISTANCE;
  rear = 0;
  for (int i = 0; i < FIRST; i++) random();
}

int rand(void) { return (int)random(); }

void srand(unsigned seed) { srandom(seed); }

int rand_r(unsigned *seed) {
  unsigned next = *seed, result = 0;
  for (int bits = 11, i = 0; i < 3; i++, bits = 10) {
    next = next * 1103515245 + 12345;
    result = (result << bits) ^ (next / 65536 % (1u << bits));
  }
  *seed = next;
  return (int)result;
}
