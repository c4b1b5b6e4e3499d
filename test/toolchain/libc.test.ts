/**
 * The C library: each program in `libc/` prints what the library's functions do; the expected text beside it is what
 * the host's C library printed, and is compared with that again where there is a compiler.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { load } from '../../engine/toolchain/load.ts';
import { runNative } from '../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../patience.ts';
import { compileAndRun, hasGcc, instructions, runWithGcc, workspace } from './c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

const folder = fileURLToPath(new URL('./libc/', import.meta.url));
const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'latin1') : '');
/** Programs with floats, and those that end with a code. */
const FLOATS = ['float-text.c', 'math.c', 'wide-numbers.c'];
const CODES: Record<string, number> = { 'headers.c': 3 };

for (const name of readdirSync(folder).filter((file) => file.endsWith('.c'))) {
  const input = read(name.replace(/c$/, 'in'));
  const expected = read(name.replace(/c$/, 'out'));
  const code = CODES[name] ?? 0;

  for (const optimize of ['O0', 'O2'] as const) {
    test(`library: ${name} at ${optimize}`, async () => {
      const { wasm, warnings, output, exit } = await compileAndRun(compiler, join(folder, name), optimize, input);
      assert.equal(output, expected);
      assert.deepEqual(exit, { kind: 'halt', code });
      assert.deepEqual(
        warnings.filter(({ message }) => !/\[-W(?:format|literal-range|implicit-const-int-float)/.test(message)),
        [],
      );
      const { count, floats } = instructions(wasm);
      assert.ok(count > 100);
      if (!FLOATS.includes(name)) assert.deepEqual(floats, [], 'nothing for floats is linked');
    });
  }

  test(`library: ${name} as the host prints it`, { skip: hasGcc ? false : 'no gcc' }, () => {
    assert.deepEqual(runWithGcc(join(folder, name), files.directory, [], input), { output: expected, code });
  });
}

/** wasi-libc writes subnormal numbers in hexadecimal with another exponent than the host. */
const OTHERWISE = 'float-text.c';

for (const name of readdirSync(folder).filter((file) => file.endsWith('.c') && file !== OTHERWISE)) {
  for (const optimize of ['O0', 'O1', 'O2'] as const) {
    test(`library: ${name} prints the same without our functions, at ${optimize}`, async () => {
      const input = Buffer.from(read(name.replace(/c$/, 'in')), 'latin1');
      const { wasm } = await compiler.compile([join(folder, name)], { optimize, wasiLibc: true });
      const { output, exit } = await runNative(wasm, input, { milliseconds: PATIENCE });
      assert.equal(Buffer.from(output).toString('latin1'), read(name.replace(/c$/, 'out')));
      assert.deepEqual(exit, { kind: 'halt', code: CODES[name] ?? 0 });
    });
  }
}

test('what goes to stderr is told apart, by every function that can write there', async () => {
  const source = `#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
static void note(FILE *file, const char *text, ...) {
  va_list arguments;
  va_start(arguments, text);
  vfprintf(file, text, arguments);
  va_end(arguments);
}
int main(void) {
  FILE *files[] = {stdout, stderr};
  for (int i = 0; i < 2; i++) {
    FILE *file = files[i];
    fputs("text ", file);
    fputc('a', file), putc('b', file), fwrite("cdef", 2, 2, file);
    fprintf(file, " %d %-4s| %x %g\\n", -i, "x", 255, 0.5);
    note(file, "%s%c", "note", '\\n');
  }
  puts("puts"), putchar('!'), printf("%d\\n", 3);
  errno = ERANGE;
  perror("number");
  assert(files[0] == stderr);
}
`;
  const file = files.write('errors.c', source);
  for (const optimize of ['O0', 'O2'] as const) {
    const { output, errors, exit } = await compileAndRun(compiler, file, optimize);
    const both = (digit: string) => `text abcdef ${digit} x   | ff 0.5\nnote\n`;
    assert.equal(output, `${both('0')}puts\n!3\n`);
    const failed = /^[^\n]*errors\.c:23: main: assertion failed: files\[0\] == stderr\n$/;
    const expected = `${both('-1')}number: Numerical result out of range\n`;
    assert.equal(errors.slice(0, expected.length), expected);
    assert.match(errors.slice(expected.length), failed);
    assert.deepEqual(exit, { kind: 'trap', code: 0, reason: 'unreachable' });
  }
});

test("programs are linked with our printf at every level, whatever their code's bytes look like", async () => {
  const source = `#include <stdio.h>
int main(int argc, char **argv) { printf("%d %d\\n", argc / 37 + 7, argc % 37 - 42139); }
`;
  const programs = ['sudoku', 'hungarian', 'collatz'].map((name) => join(folder, '../../../examples', `${name}.c`));
  for (const file of [...programs, files.write('divide.c', source)]) {
    for (const optimize of ['O0', 'O1', 'O2'] as const) {
      const { wasm } = await compiler.compile([file], { optimize });
      assert.ok(!Buffer.from(wasm).includes('printf_core'), `${file} at ${optimize} has the longer printf`);
    }
  }
});

test('a program that writes to stdout alone has no write to stderr in it', async () => {
  const file = files.write(
    'hello.c',
    '#include <stdio.h>\nint main(void) { printf("%d\\n", 1); puts("x"); return 0; }\n',
  );
  const { program } = await load([file], { compiler });
  assert.equal(program.errorWrites, undefined);
});
