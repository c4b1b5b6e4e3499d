/**
 * The C library: each program in `libc/` prints what the library's functions do; the expected text beside it is what
 * the host's C library printed, and is compared with that again where there is a compiler.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compiler } from '../../engine/toolchain/clang/compile.ts';
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
      const { count, floats, late } = instructions(wasm);
      assert.ok(count > 100);
      assert.deepEqual(late, []);
      if (!FLOATS.includes(name)) assert.deepEqual(floats, [], 'nothing for floats is linked');
    });
  }

  test(`library: ${name} as the host prints it`, { skip: hasGcc ? false : 'no gcc' }, () => {
    assert.deepEqual(runWithGcc(join(folder, name), files.directory, [], input), { output: expected, code });
  });
}

test('everything that the library defines links, and belongs to version 1', async () => {
  const include = fileURLToPath(new URL('../../engine/toolchain/libc/include/', import.meta.url));
  const names = new Set<string>();
  const headers = readdirSync(include);
  for (const header of headers) {
    const declared = readFileSync(join(include, header), 'latin1').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, name] of declared.matchAll(/^(?:_Noreturn )?[a-z][\w ]*[ *](\w+)\([^;{]*;/gm)) names.add(name);
  }
  assert.ok(names.size > 100, `${names.size} functions`);
  const uses = [...names].filter((name) => !name.startsWith('__')).map((name) => `(void *)${name}`);
  const source = `${headers.map((header) => `#include <${header}>`).join('\n')}
void *volatile all[] = {${uses.join(', ')}};
int main(int argc, char **argv) { assert(argc); return all[0] == argv; }\n`;
  const { wasm } = await compiler.compile([files.write('all.c', source.replace('#include <iso646.h>\n', ''))], {
    optimize: 'O0',
  });
  const { count, late } = instructions(wasm);
  assert.ok(count > 10000, `${count} instructions`);
  assert.deepEqual(late, []);
});
