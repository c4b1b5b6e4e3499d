/**
 * What the build makes of a model ahead of time, as files in a folder that is named after the model's checksum: its weights
 * without zeros, and what its kernel begins with. A model of other weights has no such folder, and is read and compiled when it runs.
 *
 * | file | what |
 * |---|---|
 * | `weights.bin` | transformer/sparse-file.ts |
 * | `functions.wasm` | the kernel's functions that programs use most |
 * | `driver.wasm` | the loop over them |
 * | `memory.bin` | memory before the first token |
 * | `kernel.json` | where things lie in that memory, and in the table of functions; the other files' sizes |
 * | `portrait.json` | what there is to show of the model: shipped-model.ts writes and reads it |
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { Prepared } from '../kernel/kernel.ts';
import { moduleOf } from '../kernel/run/host.ts';
import type { Model, ModelFiles } from '../transformer/model.ts';
import { readSparse, writeSparse } from '../transformer/sparse-file.ts';

/** Where the build puts it: beside the built programs. */
const preparedFolder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/prepared/' : './prepared/', import.meta.url),
);

const BINARY = ['weights.bin', 'functions.wasm', 'driver.wasm', 'memory.bin'] as const;

/** `kernel.json`. */
interface Description extends Pick<Prepared, 'places' | 'roots' | 'slots'> {
  /** Bytes of the other files. */
  readonly sizes: readonly number[];
}

/** Writes the files of a model to its folder below `folder`. */
export async function writePrepared(
  checksum: string,
  files: ModelFiles,
  prepared: Prepared,
  folder: string = preparedFolder,
): Promise<void> {
  const own = join(folder, checksum);
  await mkdir(own, { recursive: true });
  const { places, roots, slots, functions, driver, image } = prepared;
  const binary = [writeSparse(files), functions, driver, image];
  for (const [i, name] of BINARY.entries()) await writeFile(join(own, name), binary[i]);
  const description: Description = { places, roots, slots, sizes: binary.map(({ length }) => length) };
  await writeFile(join(own, 'kernel.json'), JSON.stringify(description));
}

/** What was made of a model; undefined where there is nothing, or not all of it. */
export async function readPrepared(
  checksum: string,
  files: Omit<ModelFiles, 'safetensors'>,
  folder: string = preparedFolder,
): Promise<{ readonly model: Model; readonly prepared: Prepared } | undefined> {
  try {
    const own = join(folder, checksum);
    const [json, ...binary] = await Promise.all(['kernel.json', ...BINARY].map((name) => readFile(join(own, name))));
    const { places, roots, slots, sizes } = JSON.parse(json.toString()) as Description;
    if (binary.some(({ length }, i) => length !== sizes[i])) return undefined;
    const [weights, functions, driver, image] = binary;
    compile(functions);
    return { model: readSparse(weights, files), prepared: { places, roots, slots, functions, driver, image } };
  } catch {
    // Without it everything is made when it is needed, which only takes longer.
    return undefined;
  }
}

/** V8 looks at a function when it is first called: a program calls a tenth of them, and the build has seen them all. */
function compile(functions: Uint8Array): void {
  setFlagsFromString('--wasm-lazy-validation');
  try {
    moduleOf(functions);
  } finally {
    setFlagsFromString('--no-wasm-lazy-validation');
  }
}
