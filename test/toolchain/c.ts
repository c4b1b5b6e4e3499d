/** What the tests of the compiler share: temporary C files, native runs, the instructions of a module. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BinaryReader } from 'wasmparser';
import type { Compiler, Optimize } from '../../engine/toolchain/compile.ts';
import { runNative } from '../../engine/toolchain/native.ts';

/** A temporary directory with files by name; `remove` deletes it. */
export function workspace(files: Record<string, string | Uint8Array> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'stepformer c '));
  const write = (name: string, contents: string | Uint8Array) => {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
    return path;
  };
  for (const [name, contents] of Object.entries(files)) write(name, contents);
  return {
    directory,
    write,
    path: (name: string) => join(directory, name),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

/** Compiles one file and runs it in V8. */
export async function compileAndRun(compiler: Compiler, file: string, optimize: Optimize = 'O0', input = '') {
  const { wasm, warnings } = await compiler.compile([file], { optimize });
  const result = await runNative(wasm, Buffer.from(input, 'latin1'), { milliseconds: 20_000 });
  return { wasm, warnings, output: text(result.output), exit: result.exit };
}

/** Codes of the single-byte instructions that take or give 64-bit integers or floats. */
function isWide(code: number): boolean {
  const ranges = [
    [0x29, 0x2b], // i64.load, f32.load, f64.load
    [0x30, 0x35], // i64.load8_s and so on
    [0x37, 0x39], // i64.store, f32.store, f64.store
    [0x3c, 0x3e], // i64.store8 and so on
    [0x42, 0x44], // constants
    [0x50, 0x66], // comparisons
    [0x79, 0xbf], // i64 and float arithmetic, conversions
  ];
  const integers = [[0x67, 0x78]];
  return ranges.some(([a, b]) => code >= a && code <= b) && !integers.some(([a, b]) => code >= a && code <= b);
}

/** Codes of the instructions in a module, in order, with what does not belong to version 1 or is not 32-bit. */
export function instructions(wasm: Uint8Array): { count: number; wide: number[]; late: number[] } {
  const reader = new BinaryReader();
  const buffer = wasm.slice().buffer;
  reader.setData(buffer, 0, buffer.byteLength);
  const found = { count: 0, wide: [] as number[], late: [] as number[] };
  while (reader.read()) {
    if (reader.state !== 30) continue;
    const { code } = reader.result as { code: number };
    found.count++;
    if (code >= 0xc0) found.late.push(code);
    else if (isWide(code)) found.wide.push(code);
  }
  return found;
}

/** Whether the host has a C compiler to compare with. */
export const hasGcc = (() => {
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** Compiles a file with the host's compiler and runs it. */
export function runWithGcc(file: string, directory: string, args: readonly string[] = [], input = '') {
  const program = join(directory, 'native');
  execFileSync('gcc', ['-w', '-O1', '-o', program, file]);
  try {
    return { output: execFileSync(program, args, { input, encoding: 'latin1' }), code: 0 };
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return { output: stdout, code: status };
  }
}
