/** Loading programs of every language, and what is said about files that are none. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PlacedError } from '../../engine/errors.ts';
import { CompileFailed, Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load, sourceLine } from '../../engine/toolchain/load.ts';
import { Interpreter } from '../oracle/interpreter.ts';
import { wasmOf } from './wat.ts';

const compiler = new Compiler();
const folder = mkdtempSync(join(tmpdir(), 'stepformer-'));
after(() => {
  compiler.dispose();
  rmSync(folder, { recursive: true });
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const SEVEN = '(module (func (export "main") (result i32) (i32.const 7)))';

test('text and binary of a module give the same program', async () => {
  const text = await load([write('seven.wat', SEVEN)]);
  const binary = await load([write('seven.wasm', text.wasm)]);
  assert.deepEqual(binary.program, text.program);
  assert.deepEqual([text.language, binary.language], ['wat', 'wasm']);
  assert.deepEqual(text.debug?.files, text.files);
  assert.equal(binary.debug, undefined);
  const run = new Interpreter(text.program);
  run.run();
  assert.equal(run.exitCode, 7);
});

test('several C files with a header are one program; instructions lead to C lines; arguments and input arrive', async () => {
  write('part.h', 'int twice(int x);\n');
  const part = write('part.c', '#include "part.h"\nint twice(int x) {\n  return 2 * x;\n}\n');
  const main = write(
    'main.c',
    `#include <stdio.h>
#include <stdlib.h>
#include "part.h"
int main(int argc, char **argv) {
  for (int i = 0; i < argc; i++) printf("[%s]", argv[i]);
  printf("%c", getchar());
  return twice(atoi(argv[1]));
}
`,
  );
  const loaded = await load([main, part], { compiler });
  const run = new Interpreter(loaded.program, inputOf(loaded, ['21', 'b c', ''], Buffer.from('!')), false, true);
  run.run();
  assert.equal(run.outputText, '[main][21][b c][]!');
  assert.equal(run.exitCode, 42);
  const { offsets, codeSection } = loaded.program;
  const lines = new Set(
    run.cursors!.map((cursor) => {
      const line = offsets[cursor] < 0 ? undefined : sourceLine(loaded.debug, offsets[cursor] - codeSection);
      return line && `${line.file}:${line.line}`;
    }),
  );
  for (const expected of [`${main}:5`, `${main}:6`, `${main}:7`, `${part}:3`]) assert.ok(lines.has(expected), expected);
  assert.throws(() => inputOf(loaded, ['a', 'b\0c'], new Uint8Array()), /argument 2 contains a zero byte/);
});

test('input of a program without arguments is standard input alone', async () => {
  const loaded = await load([write('plain.c', 'int main(void) { return 0; }\n')], { compiler });
  const stdin = Buffer.from('abc');
  assert.equal(inputOf(loaded, [], stdin), stdin);
  assert.throws(() => inputOf(loaded, ['x'], stdin), /takes no arguments/);
});

async function errorOf(files: string[]): Promise<PlacedError> {
  try {
    await load(files, { compiler });
  } catch (error) {
    assert.ok(error instanceof PlacedError, String(error));
    return error;
  }
  assert.fail('it was loaded');
}

test('what C needs of the machine and it does not have is reported with the C line', async () => {
  const file = write(
    'outside.c',
    '__attribute__((import_module("env"), import_name("beep"))) void beep(int);\nint main(void) {\n  beep(3);\n  return 0;\n}\n',
  );
  const error = await errorOf([file]);
  assert.match(error.message, /the import env\.beep /);
  assert.match(error.place.function ?? '', /^(__original_)?main$/);
  assert.ok(error.place.offset! > 0);
  assert.deepEqual([error.place.file, error.place.line], [file, 3]);
});

test('errors in C come as diagnostics', async () => {
  const file = write('bad.c', 'int main(void) {\n  int unused = "a";\n  y = 1;\n  return x;\n}\n');
  const error = await errorOf([file]);
  assert.ok(error instanceof CompileFailed);
  assert.deepEqual(
    error.problems.map(({ place }) => [place.file, place.line, place.column]),
    error.diagnostics.filter(({ severity }) => severity === 'error').map(({ line, column }) => [file, line, column]),
  );
  assert.ok(error.problems.length > 1);
});

test('errors in text have line and column; one with an unknown import names it', async () => {
  const bad = await errorOf([write('bad.wat', '(module\n  (func (export "main") (i32.add))\n)')]);
  assert.equal(bad.place.line, 2);
  const outside =
    '(module (import "env" "exit" (func $exit (param i32))) (func (export "_start") (call $exit (i32.const 0))))';
  const error = await errorOf([write('outside.wasm', await wasmOf(outside))]);
  assert.match(error.message, /the import env\.exit /);
  assert.equal(error.place.function, '_start');
});

test('files that are no program', async () => {
  const wat = write('a.wat', SEVEN);
  const c = write('a.c', 'int main(void) { return 0; }\n');
  mkdirSync(join(folder, 'folder.wasm'));
  const cases: [string[], RegExp][] = [
    [[], /No program given/],
    [[write('a.txt', 'hello')], /must end in \.c, \.cpp, \.cc, \.cxx, \.wat or \.wasm/],
    [[wat, c], /cannot be one program/],
    [[c, wat], /cannot be one program/],
    [[wat, write('b.wat', SEVEN)], /is one file; 2 were given/],
    [[join(folder, 'none.wasm')], /no such file/],
    [[join(folder, 'none.wat')], /no such file/],
    [[join(folder, 'none.c')], /no such file/],
    [[join(folder, 'folder.wasm')], /folder/],
    [[write('empty.wasm', '')], /empty/],
    [[write('empty.wat', '')], /empty/],
    [[write('text.wasm', 'int main(void) {}')], /WebAssembly module/],
    [[write('cut.wasm', (await wasmOf(SEVEN)).subarray(0, 30))], /./],
  ];
  for (const [files, pattern] of cases) {
    const error = await errorOf(files);
    assert.match(error.message, pattern);
    if (files.length > 0) assert.ok(error.place.file?.startsWith(folder), `${files}: ${error.place.file}`);
  }
});
