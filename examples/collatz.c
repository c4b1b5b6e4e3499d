#include <stdio.h>
#include <stdlib.h>

/*
 * Halve even numbers; triple odd ones and add one. Nobody has found a start that does not lead to 1.
 * The start is 27, or the program's argument.
 */
int main(int argc, char **argv) {
  unsigned n = argc > 1 ? strtoul(argv[1], NULL, 10) : 27;
  if (n == 0) {
    printf("Start with a number above zero.\n");
    return 1;
  }
  unsigned start = n, highest = n;
  int steps = 0;
  while (n != 1) {
    if (n % 2 == 0) {
      n /= 2;
    } else {
      n = 3 * n + 1;
    }
    if (n > highest) highest = n;
    steps++;
    printf("%u ", n);
  }
  printf("\n%u takes %d steps and climbs to %u.\n", start, steps, highest);
  return 0;
}
