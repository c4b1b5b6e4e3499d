#include <stdio.h>

int main(void) {
  int a = 3;
  int b = 5;
  int sum = a + b;
  printf("%d\n", sum);
  return 0;
}
