/** Files that a command leaves behind: a folder of them, and what was written where. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { PlacedError } from '../errors.ts';

/**
 * Writes files into a folder, which is made if need be: their paths in it, and contents. Returns where each is.
 * @throws PlacedError when one cannot be written, or its path leads out of the folder
 */
export async function saveFiles(
  folder: string,
  files: Iterable<readonly [path: string, content: Uint8Array | string]>,
): Promise<string[]> {
  const root = resolve(folder);
  const written: string[] = [];
  for (const [path, content] of files) {
    const file = resolve(root, path);
    if (!file.startsWith(root + sep)) throw new PlacedError(`the file ${path} would lie outside of ${folder}`);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    } catch (error) {
      throw new PlacedError(`cannot be written: ${(error as Error).message}`, { file });
    }
    written.push(join(folder, path));
  }
  return written;
}

/** Writes files as `saveFiles` does, and prints their names. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const file of await saveFiles(folder, Object.entries(files))) process.stdout.write(`${file}\n`);
}
