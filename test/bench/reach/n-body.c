/* The sun and four planets, moved by their gravity: n-body STEPS */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODIES = 5, SPACE = 3 };

/* Astronomical units, days, and masses of the sun times 4 pi^2 / year^2. */
static double mass[BODIES] = {2.9591220828559e-4, 2.8253459e-7, 8.4597151e-8, 1.2920249e-8, 1.5243589e-8};
static double at[BODIES][SPACE] = {
  {0, 0, 0},
  {4.8414, -1.1603, -0.1036},
  {8.3434, 4.1248, -0.4035},
  {12.8944, -15.1112, -0.2233},
  {15.3797, -25.9193, 0.1793},
};
static double speed[BODIES][SPACE] = {
  {0, 0, 0},
  {0.0016600, 0.0076990, -0.0000690},
  {-0.0027674, 0.0049985, 0.0000230},
  {0.0029646, 0.0023785, -0.0000297},
  {0.0026807, 0.0016282, -0.0000952},
};

static double distance(int a, int b) {
  double sum = 0;
  for (int k = 0; k < SPACE; k++) sum += (at[a][k] - at[b][k]) * (at[a][k] - at[b][k]);
  return sqrt(sum);
}

static double energy(void) {
  double sum = 0;
  for (int a = 0; a < BODIES; a++) {
    for (int k = 0; k < SPACE; k++) sum += mass[a] * speed[a][k] * speed[a][k] / 2;
    for (int b = a + 1; b < BODIES; b++) sum -= mass[a] * mass[b] / (mass[0] * distance(a, b)) * mass[0];
  }
  return sum;
}

static void step(double days) {
  for (int a = 0; a < BODIES; a++) {
    for (int b = a + 1; b < BODIES; b++) {
      double d = distance(a, b);
      double pull = days / (d * d * d);
      for (int k = 0; k < SPACE; k++) {
        double apart = at[a][k] - at[b][k];
        speed[a][k] -= apart * mass[b] * pull;
        speed[b][k] += apart * mass[a] * pull;
      }
    }
  }
  for (int a = 0; a < BODIES; a++)
    for (int k = 0; k < SPACE; k++) at[a][k] += days * speed[a][k];
}

int main(int argc, char **argv) {
  int steps = argc > 1 ? atoi(argv[1]) : 1000;
  printf("%.15e\n", energy());
  for (int i = 0; i < steps; i++) step(3);
  printf("%.15e\n", energy());
  for (int a = 0; a < BODIES; a++) printf("%.12f %.12f %.12f\n", at[a][0], at[a][1], at[a][2]);
}
