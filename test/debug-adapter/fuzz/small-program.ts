/**
 * Writes small random C programs for a debugger: calls, recursion, loops, locals, arrays, statics, pointers to locals and
 * output, in a few thousand trace lines. A statement stands on a line of its own.
 */
import type { Random } from '../../fuzz/random.ts';

/** Names that are in scope in every function. */
export const LOCALS = ['a', 'b', 'row', 'row[1]', '*p', 'p'] as const;
export const STATICS = ['total', 'cells', 'cells[2]', 'pair.y'] as const;

export function smallProgram(random: Random): string {
  const functions = [0, 1, 2].map((level) => functionText(level, random));
  return `#include <stdio.h>
static int total;
static int cells[4];
static struct { short x, y; } pair;
${functions.join('\n')}
int main(void) {
  pair.y = cells[2] + 1;
  for (int i = 0; i < ${1 + random.below(3)}; i++)
    total += f2(i, i + 1);
  putchar('0' + (total & 7));
  return total & 1;
}
`;
}

function functionText(level: number, random: Random): string {
  const lines = Array.from({ length: 2 + random.below(4) }, () => `  ${statement(level, random)}`);
  return `static int f${level}(int a, int depth) {
  int b = ${random.below(9)};
  int row[3] = {a, b, 1};
  int *p = ${random.pick(['&b', 'row', '&cells[1]'])};
${lines.join('\n')}
  return ${random.pick(['a + b', '*p', 'row[2] - a', 'total'])};
}
`;
}

function statement(level: number, random: Random): string {
  const place = random.pick(['b', 'total', '*p', 'row[1]', 'cells[depth & 3]', 'pair.y']);
  const value = random.pick(['a + 1', 'b * 3', 'total ^ a', 'cells[2]', 'row[depth & 1]', place]);
  switch (random.below(level > 0 ? 7 : 5)) {
    case 0:
      return `putchar('a' + (${value} & 7));`;
    case 1:
      return `for (int i = 0; i < ${1 + random.below(3)}; i++) ${place} += i;`;
    case 2:
      return `if (${value} & 1) ${place} = ${value};`;
    case 5:
      return `${place} = f${level - 1}(${value}, depth + 1);`;
    case 6:
      return `if (depth < ${random.below(4)}) b += f${level}(b, depth + 1);`;
    default:
      return `${place} = ${value};`;
  }
}
