/** C as it was written before prototypes, and compilers' arguments: what gcc takes with a warning runs here too. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type CompileOptions, Compiler } from '../../../engine/toolchain/compile.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

async function run(sources: string[], options: Partial<CompileOptions> = {}) {
  const { wasm, warnings } = await compiler.compile(sources, { optimize: 'O0', ...options });
  const { output, exit } = await runNative(wasm, new Uint8Array(8), { milliseconds: PATIENCE });
  return { output: text(output), exit, warnings: warnings.map(({ message }) => message) };
}

test('what was C before prototypes compiles with warnings', async () => {
  const source = files.write(
    'old.c',
    `int main(int argc, char **argv, char **environment) {
  int *p;
  char c = (char)argc;
  p = &c;
  int number = argv;
  puts(p == 0 || environment == argv || number == 1 ? "new" : "old");
  return twice(21);
}
twice(n) { return 2 * n; }
`,
  );
  const { output, exit, warnings } = await run([source]);
  assert.equal(output, 'old\n');
  assert.deepEqual(exit, { kind: 'halt', code: 42 });
  for (const kind of [
    'incompatible-pointer-types',
    'int-conversion',
    'implicit-function-declaration',
    'implicit-int',
  ]) {
    assert.ok(
      warnings.some((message) => message.endsWith(`[-W${kind}]`)),
      kind,
    );
  }
});

test('what gcc warns of compiles with a warning: comparisons in a row', async () => {
  const { output, warnings } = await run([
    files.write('chained.c', '#include <stdio.h>\nint main(void) { return printf("%d\\n", 3 < 2 < 1) - 2; }\n'),
  ]);
  assert.equal(output, '1\n');
  assert.ok(warnings.some((message) => message.endsWith('[-Wparentheses]')));
});

test('calls reach functions that were declared otherwise', async () => {
  const main = files.write(
    'caller.c',
    `extern void printf(const char *, ...);
int nothing(int);
long long wide(int);
int fewer(int, int, int);
int main(void) {
printf("%d %d\\n", (int)wide(7), fewer(1, 2, 3));
return nothing(5);
}
`,
  );
  const other = files.write(
    'called.c',
    `int seen;
void nothing(int n) { seen = n; }
int wide(int n) { return -n; }
int fewer(int n) { return n + 10; }
`,
  );
  const { output, exit, warnings } = await run([main, other]);
  assert.equal(output, '-7 11\n');
  assert.deepEqual(exit, { kind: 'halt', code: 0 });
  assert.ok(warnings.some((message) => message.startsWith('function signature mismatch: printf')));
});

test('a library function declared otherwise is called in optimised code, too', async () => {
  const source = files.write(
    'declared.c',
    'extern void printf(const char *, ...);\nint main(void) { printf("ok\\n"); return 0; }\n',
  );
  assert.equal((await run([source], { optimize: 'O2' })).output, 'ok\n');
});

test('a main that gives nothing ends with 0', async () => {
  const source = files.write('void.c', '#include <stdio.h>\nvoid main() { printf("main\\n"); }\n');
  const { output, exit } = await run([source]);
  assert.equal(output, 'main\n');
  assert.deepEqual(exit, { kind: 'halt', code: 0 });
});

test('arguments of compilers are understood', async () => {
  files.write('headers/answer.h', '#define ANSWER 42\n');
  files.write('forced.h', '#define FORCED 1\n');
  const source = files.write(
    'arguments.c',
    `#include "answer.h"
int main(void) { return ANSWER + N + FORCED + (__STDC_VERSION__ == 199901L) * 100 + ((char)200 > 0) * 50; }
`,
  );
  const clangArgs = ['-Iheaders', '-D', 'N=3', '-include', 'forced.h', '-std=c99', '-funsigned-char', '-Wall'];
  const { exit } = await run([source], { clangArgs, cwd: files.directory });
  assert.deepEqual(exit, { kind: 'halt', code: 196 });
  await assert.rejects(
    run([source], { clangArgs: ['-march=native'] }),
    /the compiler's argument -march=native is none of/,
  );
  await assert.rejects(run([source], { clangArgs: ['-D'] }), /-D needs a value/);
});

test('the nearest compile_commands.json that names the file is followed', async () => {
  files.write('project/include/size.h', '#define SIZE 5\n');
  const source = files.write('project/src/size.c', '#include "size.h"\nint main(void) { return SIZE + EXTRA; }\n');
  files.write(
    'project/build/compile_commands.json',
    JSON.stringify([
      {
        directory: files.path('project'),
        file: 'src/size.c',
        command: 'cc -O2 -g -march=native -Iinclude "-DEXTRA=(1 + 1)" -o size.o -c src/size.c',
      },
    ]),
  );
  const { exit } = await run([source]);
  assert.deepEqual(exit, { kind: 'halt', code: 7 });
});

test('the stack has the size that is asked for', async () => {
  const source = files.write(
    'stack.c',
    'int main(void) { volatile char room[1 << 20]; room[0] = 1; return room[0]; }\n',
  );
  assert.deepEqual((await run([source])).exit, { kind: 'halt', code: 1 });
  assert.equal((await run([source], { stackSize: 1 << 16 })).exit.reason, 'out of bounds memory access');
});

test('a large array of zeros compiles as a small one', async () => {
  const source = files.write('zeros.c', 'static char field[30000000];\nint main(void) { return field[29999999]; }\n');
  assert.deepEqual((await run([source])).exit, { kind: 'halt', code: 0 });
});
