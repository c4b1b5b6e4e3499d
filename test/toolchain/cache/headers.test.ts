/** Headers of C++ that are compiled ahead: which ones, how often, and that it makes no difference but for the time. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { ReplyCache } from '../../../engine/toolchain/cache/reply-cache.ts';
import type { FileTree } from '../../../engine/toolchain/clang/archive.ts';
import { HEADERS_FOLDER, headersOf } from '../../../engine/toolchain/clang/headers.ts';
import { ClangProcess } from '../../../engine/toolchain/clang/process.ts';
import { SourceSet } from '../../../engine/toolchain/clang/sources.ts';
import { Compiler } from '../../../engine/toolchain/compile.ts';
import { decode } from '../../../engine/toolchain/decode/decode.ts';
import { operatorName } from '../../../engine/toolchain/decode/operators.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';

const files = workspace();
after(() => files.remove());

/** The headers that a program of these files begins with. */
async function begins(name: string, sources: Record<string, string>): Promise<string[]> {
  for (const [file, content] of Object.entries(sources)) files.write(`${name}/${file}`, content);
  const folder = files.path(name);
  const set = new SourceSet([path.join(folder, 'include')]);
  await set.addProgram(path.join(folder, 'main.cpp'));
  const headers = headersOf(path.join(folder, 'main.cpp'), set, {
    command: ['clang', '-cc1', '-x', 'c++', '-o', 'a.o', 'main.cpp'],
    include: {},
  });
  const made = Object.values((headers?.files[HEADERS_FOLDER] ?? {}) as FileTree);
  return [...made.join('').matchAll(/<(.*)>/g)].map(([, header]) => header);
}

test('what stands before anything else, through own headers', async () => {
  const own = '#ifndef OWN_H\n#define OWN_H\n#include <map>\n#endif // OWN_H\n';
  const once = '// once\n#pragma once\n#include <set>\n';
  const main =
    '/* #include <no> */\n#include <vector>\n#include "own.h"\n  # include "once.h"\n#include <list>\nint n;\n';
  const found = await begins('through', { 'main.cpp': `${main}#include <deque>\n`, 'own.h': own, 'once.h': once });
  assert.deepEqual(found, ['vector', 'map', 'set', 'list']);
});

test('nothing behind a macro, a condition, a declaration, or a header that has any of these', async () => {
  assert.deepEqual(await begins('macro', { 'main.cpp': '#define NDEBUG\n#include <vector>\n' }), []);
  assert.deepEqual(await begins('condition', { 'main.cpp': '#if 1\n#include <vector>\n#endif\n' }), []);
  assert.deepEqual(await begins('declaration', { 'main.cpp': '#include <map>\nint n;\n#include <vector>\n' }), ['map']);
  const own = { 'main.cpp': '#include "own.h"\n#include <vector>\n', 'own.h': '#include <set>\nint n;\n' };
  assert.deepEqual(await begins('own', own), ['set']);
  const guard = '#ifndef _GNU_SOURCE\n#define _GNU_SOURCE\n#include <set>\n#endif\n';
  assert.deepEqual(await begins('guard', { 'main.cpp': '#include "own.h"\n', 'own.h': guard }), []);
  assert.deepEqual(await begins('comment', { 'main.cpp': '// a \\\n#include <vector>\n' }), []);
});

test("a header of the program's own that is named like the library's is none of the library's", async () => {
  const found = await begins('shadow', { 'main.cpp': '#include <vector>\n#include <map>\n', 'include/vector': '' });
  assert.deepEqual(found, ['map']);
});

/** A compiler that notes which commands it is given. */
class NotingClang extends ClangProcess {
  readonly made: number[] = [];

  override run(tree: FileTree, commands: string[][], output: string, signal?: AbortSignal) {
    this.made.push(commands.filter((command) => command.includes('-emit-pch')).length);
    return super.run(tree, commands, output, signal);
  }
}

test('they are compiled once for all programs that begin with them, and change nothing', async () => {
  const clang = new NotingClang();
  const cache = new ReplyCache(path.join(files.directory, 'cache'));
  const compiler = new Compiler(clang, cache);
  const plain = new Compiler(clang);
  try {
    const program = (n: number) =>
      `#include <array>\n#include <stdio.h>\nstd::array<int, 2> a{${n}, 2};\nint main() { printf("%d\\n", a[0] + a[1]); }\n`;
    await compiler.warm();
    clang.made.length = 0;
    for (const n of [1, 5]) {
      const source = files.write(`many/${n}.cpp`, program(n));
      const { wasm } = await compiler.compile([source], { optimize: 'O0' });
      const { output } = await runNative(wasm, new Uint8Array(0), { milliseconds: PATIENCE });
      assert.equal(text(output), `${n + 2}\n`);
    }
    assert.deepEqual(clang.made, [1, 0, 0], 'headers, the first program, the second');
    const other = await plain.compile([files.path('many/1.cpp')], { optimize: 'O0' });
    const { wasm } = await compiler.compile([files.path('many/1.cpp')], { optimize: 'O0' });
    // Functions of headers may come in another order.
    const code = (bytes: Uint8Array) =>
      decode(bytes)
        .functions.map(({ codes }) => Array.from(codes, operatorName).join(' '))
        .sort();
    assert.deepEqual(clang.made, [1, 0, 0, 0], 'known');
    assert.deepEqual(code(wasm), code(other.wasm));
    // For where a lambda stands, clang looks into the text of the headers.
    const lambda = files.write(
      'many/lambda.cpp',
      `#include <algorithm>\n#include <iostream>\n#include <vector>\nint main() {\n  std::vector<int> v{3, 1, 2};\n  std::sort(v.begin(), v.end(), [](int a, int b) { return a < b; });\n  std::cout << v[0] << std::endl;\n}\n`,
    );
    const sorted = await compiler.compile([lambda], { optimize: 'O0' });
    const { output } = await runNative(sorted.wasm, new Uint8Array(0), { milliseconds: PATIENCE });
    assert.equal(text(output), '1\n');
    const missing = files.write('many/missing.cpp', '#include <array>\n#include <nowhere>\nint main() {}\n');
    await assert.rejects(compiler.compile([missing], { optimize: 'O0' }), /'nowhere' file not found/);
  } finally {
    compiler.dispose();
  }
});
