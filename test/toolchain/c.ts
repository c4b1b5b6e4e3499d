/** What the tests of the compiler share: temporary C files, native runs, the instructions of a module. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Compiler, Optimize } from '../../engine/toolchain/compile.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { operatorName } from '../../engine/toolchain/decode/operators.ts';
import { runNative } from '../../engine/toolchain/native/native.ts';
import { PATIENCE } from '../patience.ts';

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
  const result = await runNative(wasm, Buffer.from(input, 'latin1'), { milliseconds: PATIENCE });
  return { wasm, warnings, output: text(result.output), errors: text(result.errors), exit: result.exit };
}

/** Instructions in a module: their number, and the names of those on floats. */
export function instructions(wasm: Uint8Array): { count: number; floats: string[] } {
  const names = decode(wasm).functions.flatMap((fn) => [...fn.codes].map(operatorName));
  return { count: names.length, floats: names.filter((name) => /f32|f64/.test(name)) };
}

/** Whether the host has a C compiler to compare with, and one of C++. */
export const hasGcc = isThere('gcc');
export const hasGxx = isThere('g++');

function isThere(compiler: string): boolean {
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

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
