/**
 * Files, an environment and a date for modules that were built elsewhere: what they see of them, and what they leave. clang's own
 * driver and wasi-libc build them; V8 runs the same functions in a memory of their own.
 */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type ProgramFile, writtenFiles } from '../../../engine/toolchain/given-files.ts';
import { inputOf, type LoadOptions, load, loadMade } from '../../../engine/toolchain/load.ts';
import { runNative } from '../../../engine/toolchain/native/native.ts';
import { readSurroundings } from '../../../engine/toolchain/surroundings.ts';
import { Interpreter } from '../../oracle/interpreter.ts';
import { PATIENCE } from '../../patience.ts';
import { text, workspace } from '../c.ts';
import { wasmOf } from '../wat.ts';
import { build } from './clang-driver.ts';

const files = workspace();
after(() => files.remove());

interface Run {
  readonly output: string;
  readonly written: Record<string, string>;
}

/** Runs a module as the toolchain makes it, and in V8. */
async function run(wasm: Uint8Array, options: LoadOptions = {}, args: string[] = [], stdin = ''): Promise<Run> {
  const loaded = await load([files.write('module.wasm', wasm)], options);
  const input = inputOf(loaded, args, Buffer.from(stdin));
  const ours = new Interpreter(loaded.program, input, false);
  assert.notEqual(ours.run(100_000_000), 'budget');
  const native = await runNative(loaded.wasm, input, { milliseconds: PATIENCE });
  assert.equal(native.exit.kind, ours.trap === undefined ? 'halt' : 'trap', native.exit.reason);
  assert.equal(ours.outputText, text(native.output));
  assert.equal(ours.exitCode ?? 0, native.exit.code);
  const bytes = (address: number, length: number) => Uint8Array.from({ length }, (_, i) => ours.memory[address + i]);
  const written = writtenFiles(loaded.program, { bytes }).map((file) => [file.path, text(file.bytes)] as const);
  return { output: ours.outputText, written: Object.fromEntries(written) };
}

const file = (path: string, content: string): ProgramFile => ({ path, bytes: Buffer.from(content) });

test('a program of wasi-libc reads what is given, writes, seeks, lists, renames and removes', async () => {
  const wasm = await build(`#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char line[80];
  FILE *in = fopen("data/in.txt", "r"), *out = fopen("copy.txt", "w+");
  while (fgets(line, sizeof line, in)) fprintf(out, "%s: %s", argv[1], line);
  fseek(out, 1, SEEK_SET), fputc('!', out), rewind(out);
  while (fgets(line, sizeof line, out)) fputs(line, stdout);
  struct stat status;
  printf("%ld %d\\n", ftell(out), fstat(fileno(out), &status) == 0 && status.st_size == ftell(out));
  fclose(out);
  mkdir("made", 0777);
  printf("%d %d", rename("copy.txt", "made/moved.txt"), rename("copy.txt", "x"));
  printf(" %d\\n", errno == ENOENT);
  out = fopen("made/moved.txt", "a"), fputs("end", out), fclose(out);
  DIR *folder = opendir("made");
  for (struct dirent *entry; (entry = readdir(folder));) printf("[%s]", entry->d_name);
  printf("%d %d\\n", unlink("data/in.txt"), rmdir("made"));
  printf("%s", fgets(line, sizeof line, stdin));
  fclose(fopen("../../up.txt", "w"));
  return 3;
}
`);
  const given = [file('data/in.txt', 'one\ntwo\n')];
  const { output, written } = await run(wasm, { givenFiles: given }, ['arg'], 'typed\n');
  assert.equal(output, 'a!g: one\narg: two\n18 1\n0 -1 1\n[.][..][moved.txt]0 -1\ntyped\n');
  assert.deepEqual(written, { 'made/moved.txt': 'a!g: one\narg: two\nend', 'up.txt': '' });
});

test('environment and date; without them nothing is there, and the year is 2024', async () => {
  const wasm = await build(`#include <stdio.h>
#include <stdlib.h>
#include <time.h>
int main(void) {
  time_t now = time(NULL);
  char day[40];
  strftime(day, sizeof day, "%F %T", gmtime(&now));
  printf("%s|%s|%s\\n", getenv("NAME") ? getenv("NAME") : "-", getenv("OTHER") ? getenv("OTHER") : "-", day);
}
`);
  const surroundings = readSurroundings(['NAME=a value', 'OTHER='], '1999-12-31T23:59:58');
  assert.equal((await run(wasm, { surroundings })).output, 'a value||1999-12-31 23:59:58\n');
  assert.equal((await run(wasm)).output, '-|-|2024-01-01 00:00:00\n');
});

const WASI = '"wasi_snapshot_preview1"';

test('an address beyond the memory of the module is an error, not a look at the host; its memory ends before the files', async () => {
  const wasm = await wasmOf(`(module
    (import ${WASI} "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
    (import ${WASI} "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (import ${WASI} "fd_prestat_dir_name" (func $name (param i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\\00\\00\\f8\\03\\10\\00\\00\\00new")
    (global $sum (mut i32) (i32.const 0))
    (func $note (param i32) (global.set $sum (i32.add (i32.mul (global.get $sum) (i32.const 100)) (local.get 0))))
    (func $path (param i32 i32) (result i32)
      (call $open (i32.const 3) (i32.const 0) (local.get 0) (i32.const 3) (i32.const 1) (i64.const 64) (i64.const 0) (i32.const 0) (local.get 1)))
    (func (export "main") (result i32)
      (call $note (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
      (call $note (call $path (i32.const 0x3f80000) (i32.const 16)))
      (call $note (call $path (i32.const 8) (i32.const 65534)))
      (call $note (call $path (i32.const 8) (i32.const 16)))
      (call $note (i32.eq (memory.grow (i32.const 900)) (i32.const -1)))
      (global.get $sum)))`);
  const { written } = await run(wasm);
  assert.deepEqual(written, { new: '' });
  const loaded = await load([files.write('faults.wasm', wasm)]);
  const ours = new Interpreter(loaded.program, new Uint8Array(), false);
  ours.run(1_000_000);
  assert.equal(ours.exitCode, 21_21_21_00_01, 'EFAULT three times, then success, then no more than 895 pages');
});

test('what is given is part of the module: who has its bytes has it', async () => {
  const wasm = await build('#include <stdio.h>\nint main(void) { putchar(fgetc(fopen("f", "r"))); }');
  const loaded = await load([files.write('given.wasm', wasm)], { givenFiles: [file('f', 'x')] });
  const again = await loadMade({ language: 'wasm', files: loaded.files, wasm: loaded.wasm }, {});
  assert.deepEqual(again.program.data, loaded.program.data);
  assert.deepEqual(again.program.ops, loaded.program.ops);
});

test('a module without WASI cannot ask for anything, and this is said', async () => {
  const module = files.write('module.wat', '(module (func (export "main") (result i32) i32.const 0))');
  const message = /imports nothing of WASI, so it cannot ask for files, an environment or a date\. Build it for WASI/;
  await assert.rejects(load([module], { givenFiles: [file('f', 'x')] }), message);
  await assert.rejects(load([module], { surroundings: readSurroundings(['A=1'], undefined) }), message);
  await load([module], { givenFiles: [], surroundings: readSurroundings([], undefined) });
});
