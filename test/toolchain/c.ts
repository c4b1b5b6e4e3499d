/** What the tests of the compiler share: temporary C files, native runs, the instructions of a module. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BinaryReader } from 'wasmparser';
import type { Compiler, Optimize } from '../../engine/toolchain/clang/compile.ts';
import { runNative } from '../../engine/toolchain/native/native.ts';

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
  return { wasm, warnings, output: text(result.output), errors: text(result.errors), exit: result.exit };
}

/** Whether an instruction of one byte takes or gives floats. */
function isFloat(code: number): boolean {
  const ranges = [
    [0x2a, 0x2b], // f32.load, f64.load
    [0x38, 0x39], // f32.store, f64.store
    [0x43, 0x44], // constants
    [0x5b, 0x66], // comparisons
    [0x8b, 0xa6], // arithmetic
    [0xa8, 0xab], // i32.trunc
    [0xae, 0xbf], // i64.trunc, conversions, reinterpretations
  ];
  return ranges.some(([a, b]) => code >= a && code <= b);
}

/** Instructions in a module: their number, the codes of those on floats, and of those that are not of version 1. */
export function instructions(wasm: Uint8Array): { count: number; floats: number[]; late: number[] } {
  const reader = new BinaryReader();
  const buffer = wasm.slice().buffer;
  reader.setData(buffer, 0, buffer.byteLength);
  const found = { count: 0, floats: [] as number[], late: [] as number[] };
  while (reader.read()) {
    if (reader.state !== 30) continue;
    const { code } = reader.result as { code: number };
    found.count++;
    if (code >= 0xc0) found.late.push(code);
    else if (isFloat(code)) found.floats.push(code);
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
  execFileSync('gcc', ['-w', '-O1', '-o', program, file, '-lm']);
  try {
    return { output: execFileSync(program, args, { input, encoding: 'latin1' }), code: 0 };
  } catch (error) {
    const { stdout, status } = error as { stdout: string; status: number };
    return { output: stdout, code: status };
  }
}
