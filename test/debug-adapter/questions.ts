/** What the tests of explanations share: programs, a session that stands at a line of one, and the question itself. */
import { readFileSync } from 'node:fs';
import type { OriginAnswer } from '../../debug-adapter/protocol/protocol.ts';
import { type Driver, drive, file } from './driver.ts';

export const CHAIN = file(
  'chain.c',
  `#include <stdio.h>
#include <string.h>
struct s { int a, b; };
static int add(int x, int y) { return x + y; }
int main(void) {
  int first = 3;
  struct s one = { first, 5 }, two;
  memcpy(&two, &one, sizeof two);
  int sum = add(two.a, two.b);
  int copy = sum;
  int digit = getchar() - 48;
  printf("%d %d\\n", copy, digit);
  return 0;
}
`,
);

export const MIXTURE = file(
  'mixture.c',
  `#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct item { int key; char name[8]; double weight; };
static struct item items[3] = { { 3, "three", 1.5 }, { 1, "one", 2.5 }, { 2, "two", 0.5 } };
static int zero;
static int compare(const void *a, const void *b) {
  return ((const struct item *)a)->key - ((const struct item *)b)->key;
}
int main(void) {
  char line[16], pieces[4] = { 1, 2, 3, 4 }, again[4];
  fgets(line, sizeof line, stdin);
  signed char c = line[1];
  int wide = c;
  unsigned char u = line[2];
  int more = u + 1;
  qsort(items, 3, sizeof items[0], compare);
  double w = items[1].weight * 2.0;
  int rest = (long long)items[0].key * 1000000007LL % 1000;
  int z = zero;
  const char *literal = "stepformer";
  char p = literal[4];
  int pick = items[0].key > 0 ? more : wide;
  for (int i = 0; i < 4; i++)
    again[i] = pieces[i];
  int joined;
  memcpy(&joined, again, 4);
  if (pick == 34 && wide)
    printf("%f %d %d %c %d\\n", w, rest, z, p, joined);
  return 0;
}
`,
);

export const lineOf = (path: string, needle: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(needle)) + 1;

/** A session that stands at a line. */
export async function standing(path: string, needle: string, stdin: string): Promise<Driver> {
  const debug = await drive(path, { stdin });
  debug.breakpoints(lineOf(path, needle));
  debug.move('configurationDone');
  return debug;
}

export const origin = (debug: Driver, args: object): OriginAnswer => debug.ask('stepformer/origin', args);
