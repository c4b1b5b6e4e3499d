/**
 * Finds the C library that programs are linked with: `libc/` beside the bundle (`dist/libc`, written by the build);
 * from source, a cache below `node_modules/.cache`, built once for each state of the library's sources.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from '../clang/clang-worker.ts';
import type { Clang } from '../clang/process.ts';
import { runsFromSource } from '../threads.ts';

/** The library as a file tree: `include/` with the headers, `libc.a`, `libc-float.a`. */
export async function loadLibc(clang: Clang): Promise<FileTree> {
  const directory = runsFromSource ? await cachedLibc(clang) : fileURLToPath(new URL('./libc/', import.meta.url));
  try {
    const include: FileTree = {};
    const read = async (...path: string[]) => new Uint8Array(await readFile(join(directory, ...path)));
    const header = async (name: string) => {
      include[name] = await read('include', name);
    };
    const headers = (await readdir(join(directory, 'include'))).map(header);
    const [plain, floats] = await Promise.all([read('libc.a'), read('libc-float.a'), ...headers]);
    return { include, 'libc.a': plain as Uint8Array, 'libc-float.a': floats as Uint8Array };
  } catch (error) {
    throw new PlacedError(`the C library is missing (${(error as Error).message}); run \`npm run build\``);
  }
}

async function cachedLibc(clang: Clang): Promise<string> {
  const { buildLibc, libcSources, readLibcSources } = await import('./build-libc.ts');
  const hash = createHash('sha256');
  for (const [path, bytes] of await readLibcSources()) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  for (const file of ['build-libc.ts', '../clang/flags.ts']) hash.update(await readFile(join(libcSources, file)));
  const key = hash.digest('hex').slice(0, 16);
  const directory = join(libcSources, '../../../node_modules/.cache/stepformer-libc', key);
  if (!existsSync(join(directory, 'libc.a'))) await buildLibc(directory, clang);
  return directory;
}
