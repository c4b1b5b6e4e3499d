/* The Mandelbrot set in letters: mandelbrot WIDTH HEIGHT */
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 50 };

static int steps(double re, double im) {
  double x = 0, y = 0;
  int n = 0;
  while (n < MOST && x * x + y * y <= 4) {
    double next = x * x - y * y + re;
    y = 2 * x * y + im;
    x = next;
    n++;
  }
  return n;
}

int main(int argc, char **argv) {
  int width = argc > 1 ? atoi(argv[1]) : 80;
  int height = argc > 2 ? atoi(argv[2]) : 40;
  for (int row = 0; row < height; row++) {
    for (int column = 0; column < width; column++) {
      int n = steps(-2.2 + 3.2 * column / width, -1.2 + 2.4 * row / height);
      putchar(n == MOST ? '#' : " .:-=+*"[n % 7]);
    }
    putchar('\n');
  }
}
