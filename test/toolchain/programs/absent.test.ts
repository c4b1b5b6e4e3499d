/** What a program cannot have here is refused with its place and the reason; what a compiler need not know is left out. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CompileFailed, Compiler } from '../../../engine/toolchain/compile.ts';
import { workspace } from '../c.ts';

const compiler = new Compiler();
const files = workspace();
after(() => {
  compiler.dispose();
  files.remove();
});

const REFUSED: readonly (readonly [file: string, line: number, message: RegExp, source: string])[] = [
  [
    'thread.c',
    4,
    /`pthread_create` is used but defined nowhere: the machine has one thread/,
    '#include <pthread.h>\nstatic void *run(void *x) { return x; }\nint main(void) { pthread_t one;\nreturn pthread_create(&one, 0, run, 0); }\n',
  ],
  [
    'thread.cpp',
    3,
    /`pthread_create` is used but defined nowhere: the machine has one thread/,
    '#include <thread>\nint main() {\n  std::thread one([] {});\n  one.join();\n}\n',
  ],
  [
    'shell.c',
    2,
    /`popen` is used but .* without other processes/,
    '#include <stdio.h>\nint main(void) { return popen("ls", "r") == 0; }\n',
  ],
  [
    'flags.c',
    2,
    /'FE_INVALID': WebAssembly's floats round to nearest and keep no flags/,
    '#include <fenv.h>\nint main(void) { return fetestexcept(FE_INVALID); }\n',
  ],
  ['wait.c', 1, /'sys\/wait.h' file not found: .* without other processes/, '#include <sys/wait.h>\nint main() {}\n'],
  ['asm.c', 2, /in operand: %: assembly is that/, 'int main(void) {\n  __asm__("movl %eax, %ebx");\n  return 0;\n}\n'],
  [
    'outside.c',
    2,
    /in operand: %: assembly is that/,
    'int x;\nasm("movl %eax, %ebx");\nint main(void) { return x; }\n',
  ],
  [
    'nested.c',
    2,
    /not allowed here: clang has no functions within/,
    'int main(void) {\n  int f(void) { return 1; }\n}\n',
  ],
];

for (const optimize of ['O0', 'O2'] as const) {
  test(`what there is not has a reason and a place, at ${optimize}`, async () => {
    for (const [name, line, message, text] of REFUSED) {
      const file = files.write(name, text);
      await assert.rejects(compiler.compile([file], { optimize }), (error: unknown) => {
        assert.ok(error instanceof CompileFailed, name);
        assert.match(error.message, message);
        assert.deepEqual([error.place.file, error.place.line ?? 0], [file, line], name);
        return true;
      });
    }
  });
}

test('arguments that only other compilers know are left out with a warning', async () => {
  const file = files.write('plain.c', 'int main(void) { return 0; }\n');
  const clangArgs = ['-fPIC', '-ftree-vectorize', '-fwrapv'];
  const { warnings } = await compiler.compile([file], { optimize: 'O0', clangArgs });
  assert.deepEqual(
    warnings.map(({ message }) => message),
    ['-fPIC', '-ftree-vectorize'].map(
      (argument) => `the compiler does not know the argument ${argument}: it is left out`,
    ),
  );
});
