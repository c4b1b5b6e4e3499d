/** Saves the files that a program wrote, for `--out`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { PlacedError } from '../errors.ts';
import type { ProgramFile } from '../toolchain/given-files.ts';

/** @throws PlacedError where a file cannot be written, or its path leads out of the folder */
export async function saveFiles(folder: string, files: readonly ProgramFile[]): Promise<void> {
  const root = resolve(folder);
  for (const { path, bytes } of files) {
    const file = resolve(root, path);
    if (!file.startsWith(root + sep)) throw new PlacedError(`the program's file ${path} lies outside of its folder`);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, bytes);
    } catch (error) {
      throw new PlacedError(`the program's file cannot be saved: ${(error as Error).message}`, { file });
    }
  }
}
