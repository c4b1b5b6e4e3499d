/** The programs that are measured: examples, and a loop that ends long after fifty million tokens. */
import path from 'node:path';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, type Loaded, load } from '../../engine/toolchain/load.ts';
import { programOf } from '../oracle/build.ts';

/** Programs of examples/, and `long`. */
export const PROGRAMS = ['add', 'collatz', 'hungarian', 'sudoku', 'long'] as const;

/** Tokens that are generated of `long`. */
export const LONG = 50_000_000;

/** Path of an example; the bench runs where package.json lies. */
export const exampleFile = (name: string) => path.resolve('examples', `${name}.c`);

/** Compiles an example. */
export async function loadExample(name: string): Promise<Loaded> {
  const compiler = new Compiler();
  try {
    return await load([exampleFile(name)], { compiler });
  } finally {
    compiler.dispose();
  }
}

/** A program's prompt. */
export async function promptOf(name: string): Promise<Uint16Array> {
  if (name === 'long') {
    const step = [['local.get', 0], ['i32.const', 1], ['i32.add'], ['local.tee', 0], ['br_if', -5], ['halt']] as const;
    return encodePrompt(
      programOf([['call', 1], ['halt'], ['i32.const', 1], ['local.set', 0], ...step]),
      new Uint8Array(),
    );
  }
  const loaded = await loadExample(name);
  return encodePrompt(loaded.program, inputOf(loaded, [], new Uint8Array()));
}
