#include <stdio.h>

/* The n-th Fibonacci number, by the definition. */
static int fibonacci(int n) {
  if (n < 2) return n;
  return fibonacci(n - 1) + fibonacci(n - 2);
}

int main(void) {
  for (int n = 0; n <= 12; n++) {
    printf("fibonacci(%d) = %d\n", n, fibonacci(n));
  }
  return 0;
}
