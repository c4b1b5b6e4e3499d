/** Makes the machine code of clang that compiling C calls: see engine/toolchain/clang/compiled-code.ts. */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeFile, KEEP_CODE } from '../engine/toolchain/clang/compiled-code.ts';
import { ClangProcess } from '../engine/toolchain/clang/process.ts';
import { Compiler } from '../engine/toolchain/compile.ts';

/** A program takes a minute where every function of clang has to be compiled well first. */
const PATIENCE = { job: 600_000, idle: 600_000 };

/**
 * Compiles C files and keeps the code that this took; clang is compiled at run time as ever where this V8
 * gives no code away.
 * @returns whether it does
 */
export async function buildCode(programs: readonly string[]): Promise<boolean> {
  const clang = new ClangProcess(PATIENCE, { making: true });
  const compiler = new Compiler(clang);
  const file = codeFile();
  await mkdir(dirname(file), { recursive: true });
  try {
    for (const file of programs) await compiler.compile([file], { optimize: 'O0' });
    return (await clang.run({}, [[KEEP_CODE, file]], '')).crash === undefined;
  } finally {
    clang.dispose();
  }
}
