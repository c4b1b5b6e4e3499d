/* How many primes there are below a number: sieve NUMBER */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  int limit = argc > 1 ? atoi(argv[1]) : 1000000;
  char *composite = calloc(limit, 1);
  int primes = 0;
  for (int i = 2; i < limit; i++) {
    if (composite[i]) continue;
    primes++;
    for (long long j = (long long)i * i; j < limit; j += i) composite[j] = 1;
  }
  printf("%d primes below %d\n", primes, limit);
}
