/** Our library stands before wasi-libc, and a program's own functions before both. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { weakened } from '../../../engine/toolchain/libc/weaken.ts';
import { compileAndRun, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

test('a program may have functions named like those of the library, also beside others of the same object', async () => {
  const source = files.write(
    'own.c',
    `#include <stdio.h>
#include <stdlib.h>
double strtod(const char *text, char **end) { (void)text, (void)end; return 7; }
int putchar(int c) { return c + 1; }
int main(void) {
  printf("%d %d %d\\n", (int)strtod("1", NULL), (int)strtold("2", NULL), putchar('a'));
  return 0;
}
`,
  );
  const { output, exit } = await compileAndRun(compiler, source);
  assert.equal(output, '7 2 98\n');
  assert.deepEqual(exit, { kind: 'halt', code: 0 });
});

test('what is defined twice by a program is refused', async () => {
  const one = files.write('one.c', 'int both(void) { return 1; }\nint main(void) { return both(); }\n');
  const two = files.write('two.c', 'int both(void) { return 2; }\n');
  await assert.rejects(compiler.compile([one, two], { optimize: 'O0' }), /`both` is defined in/);
});

test('what is no archive is refused', () => {
  assert.throws(() => weakened(Uint8Array.of(1, 2, 3)), RangeError);
});
