/**
 * What is shown is what the program has: at every line that prints its variables, what the debugger shows just before
 * equals what is printed, or it says that the compiler gave the variable up. Not optimised, and optimised with inlining.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Driver, file, launched } from '../driver.ts';

const PROGRAM = `#include <stdio.h>

struct pair { int left; short right; };

static int clamp(int value, int most) {
  int clamped = value > most ? most : value;
  printf("@ value=%d most=%d clamped=%d\\n", value, most, clamped);
  return clamped;
}

static unsigned mix(unsigned seed, int round) {
  unsigned mixed = seed * 2654435761u;
  for (int turn = 0; turn < round; turn++) {
    mixed ^= mixed >> 15;
    printf("@ seed=%u mixed=%u turn=%d round=%d\\n", seed, mixed, turn, round);
    mixed += clamp(turn, 1);
  }
  return mixed;
}

static long long sum(const int *from, int count) {
  long long total = 0;
  for (int i = 0; i < count; i++) {
    total += (long long)from[i] << (8 * i);
    printf("@ total=%lld i=%d count=%d\\n", total, i, count);
  }
  return total;
}

static int depth(int n) {
  int below = n > 0 ? depth(n - 1) : 0;
  printf("@ n=%d below=%d\\n", n, below);
  return below + n;
}

int main(int argc, char **argv) {
  int numbers[5] = {argc, 3, 1, 4, 1};
  struct pair pair = {argc + 1, -7};
  double half = argc / 2.0;
  char letter = 'a' + argc;
  for (int k = 0; k < 3; k++) {
    unsigned mixed = mix(k + argc, k + 1);
    pair.right += (short)mixed;
    printf("@ k=%d mixed=%u pair.right=%d letter=%d\\n", k, mixed, pair.right, letter);
    numbers[k] = clamp((int)(mixed & 255), 100);
    letter++;
  }
  long long total = sum(numbers, 5);
  int deep = depth(3);
  printf("@ total=%lld deep=%d half=%g pair.left=%d pair.right=%d argc=%d\\n", total, deep, half, pair.left, pair.right, argc);
  return 0;
}
`;

const PATH = file('values.c', PROGRAM);
const PRINTS = PROGRAM.split('\n').flatMap((text, i) => (text.includes('"@ ') ? [i + 1] : []));

/** A number as the program prints it. */
function shown(driver: Driver, expression: string): string {
  const value = driver.evaluate(expression);
  return value.replace(/ '.*'$/, '');
}

for (const [optimize, most] of [
  ['O0', 0],
  ['O1', 20],
  ['O2', 20],
] as const) {
  test(`${optimize}: every value shown is what the program prints, or optimised out`, async () => {
    const driver = new Driver(PATH, await launched(PATH, [], '', optimize), { optimize });
    driver.breakpoints(...PRINTS);
    let [equal, gone] = [0, 0];
    for (let stop = driver.move('configurationDone'); stop.reason === 'breakpoint'; ) {
      const line = PROGRAM.split('\n')[driver.frames()[0].line - 1];
      const names = [...line.matchAll(/([\w.]+)=%/g)].map(([, name]) => name);
      const before = names.map((name) => {
        try {
          return shown(driver, name);
        } catch (error) {
          return (error as Error).message;
        }
      });
      const printed = driver.output().length;
      stop = driver.move('continue');
      const text = driver.output().slice(printed);
      const values = [...text.split('\n', 1)[0].matchAll(/([\w.]+)=(\S+)/g)].map(([, name, value]) => ({
        name,
        value,
      }));
      // A line whose code lies in several places is stopped at where it prints nothing yet.
      if (values.map(({ name }) => name).join() !== names.join()) continue;
      for (const [i, { name, value }] of values.entries()) {
        if (/optimi[sz]ed out/.test(before[i])) gone++;
        else {
          assert.equal(before[i], value, `${name} on ${line}`);
          equal++;
        }
      }
    }
    assert.ok(equal >= 40, `${equal} values were compared`);
    assert.ok((100 * gone) / (equal + gone) <= most, `${gone} are optimised out, ${equal} shown`);
  });
}
