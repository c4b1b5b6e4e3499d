/** The program whose past is changed, and one that was that way from the beginning. */
import { file } from '../driver.ts';

const text = (n: number) => `#include <stdio.h>
int total = 1;
int main(void) {
  int n = ${n};
  char small = 1; long long large = 2; double real = 3;
  struct { unsigned low : 3, high : 5; } flags = { 1, 2 }, second = { 0, 0 };
  int numbers[3] = { 1, 2, 3 };
  int *pointer = numbers;
  (void)small, (void)large, (void)real, (void)flags, (void)second, (void)pointer;
  total += n;
  for (int i = 0; i < n; i++)
    printf("%d\\n", i);
  return 0;
}
`;

export const EXAMPLE = file('example.c', text(3));
file('seven.c', text(7));
