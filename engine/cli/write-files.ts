/** Files that a command leaves behind: a folder of them, and what was written where. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlacedError } from '../errors.ts';

/** Writes files into a folder, which is made if need be, and prints their names. @throws PlacedError when it cannot */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(file, content);
    } catch (error) {
      throw new PlacedError(`cannot be written: ${(error as Error).message}`, { file });
    }
    process.stdout.write(`${file}\n`);
  }
}
