/** The programs that every level of test runs: WebAssembly text, small C, the examples. One table, loaded on demand. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TokenProgram } from '../../engine/isa/program.ts';
import type { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { C_PROGRAMS } from '../toolchain/lower-c-programs.ts';
import { PROGRAMS } from '../toolchain/lower-programs.ts';
import { programOf, wasmOf } from '../toolchain/wat.ts';

/** A program ready to run. */
export interface Runnable {
  readonly program: TokenProgram;
  readonly wasm: Uint8Array;
  readonly input: Uint8Array;
  /** Its trap, where V8 does not say which of two it is. */
  readonly trap?: string;
}

/** A row of the table. */
export interface ProgramRow {
  readonly name: string;
  readonly language: 'wat' | 'c';
  load(compiler: Compiler): Promise<Runnable>;
}

const text = (input = '') => Buffer.from(input, 'latin1');

const watRows: ProgramRow[] = PROGRAMS.map(({ name, wat, input, trap }) => ({
  name,
  language: 'wat',
  async load() {
    const wasm = await wasmOf(wat);
    return { program: await programOf(wasm), wasm, input: text(input), trap };
  },
}));

const fromFile = async (
  compiler: Compiler,
  file: string,
  args: readonly string[],
  stdin: string,
): Promise<Runnable> => {
  const loaded = await load([file], { compiler });
  return { program: loaded.program, wasm: loaded.wasm, input: inputOf(loaded, args, text(stdin)) };
};

let folder: string | undefined;
const cRows: ProgramRow[] = C_PROGRAMS.map(({ file, source, input = '' }) => ({
  name: file,
  language: 'c',
  load(compiler) {
    folder ??= mkdtempSync(join(tmpdir(), 'stepformer-programs-'));
    const path = join(folder, file);
    writeFileSync(path, source);
    return fromFile(compiler, path, [], input);
  },
}));

const EASY = '530070000600195000098000060800060003400803001700020006060000280000419005000080079';
const examples = fileURLToPath(new URL('../../examples/', import.meta.url));
const exampleRows: ProgramRow[] = ['add', 'hello', 'fibonacci', 'collatz', 'hungarian', 'sudoku'].map((name) => ({
  name: `examples/${name}.c`,
  language: 'c',
  load: (compiler) => fromFile(compiler, join(examples, `${name}.c`), name === 'sudoku' ? [EASY] : [], ''),
}));

export const TABLE: readonly ProgramRow[] = [...watRows, ...cRows, ...exampleRows];
