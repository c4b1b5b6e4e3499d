#include <stdio.h>

int main(void) {
  printf("Hello from inside a transformer!\n");
  return 0;
}
