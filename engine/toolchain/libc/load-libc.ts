/**
 * Finds the C library that programs are linked with: `libc/` beside the bundle (`dist/libc`, written by the build);
 * from source, a cache below `node_modules/.cache`, built once for each state of the library's sources.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from '../clang/archive.ts';
import type { Clang } from '../clang/process.ts';
import { BASE, FILESYSTEM, GROUPS, OTHER_MAIN, POSIX } from '../clang/replacements.ts';
import { runsFromSource } from '../threads.ts';
import { readFolder, treeOf } from './headers.ts';

/** The library as a file tree: the archives and the folder `include` that `buildLibc` writes. */
export async function loadLibc(clang: Clang): Promise<FileTree> {
  const directory = runsFromSource ? await cachedLibc(clang) : fileURLToPath(new URL('./libc/', import.meta.url));
  try {
    const names = [
      BASE,
      OTHER_MAIN,
      FILESYSTEM,
      POSIX,
      'long-double',
      'wasi',
      ...GROUPS,
      ...GROUPS.map((group) => `${group}-float`),
    ].map((name) => `${name}.a`);
    const read = async (name: string) => [name, new Uint8Array(await readFile(join(directory, name)))] as const;
    const include = treeOf(await readFolder(join(directory, 'include')));
    return { ...Object.fromEntries(await Promise.all(names.map(read))), include };
  } catch (error) {
    throw new PlacedError(`the C library is missing (${(error as Error).message}); run \`npm run build\``);
  }
}

async function cachedLibc(clang: Clang): Promise<string> {
  const { buildLibc, libcSources, readHeaders, readLibcSources } = await import('./build-libc.ts');
  const hash = createHash('sha256');
  const sources = [...(await readLibcSources()), ...(await readHeaders())];
  for (const [path, bytes] of sources) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  for (const file of [
    'build-libc.ts',
    'weaken.ts',
    '../clang/replacements.ts',
    '../clang/archive.ts',
    '../clang/flags.ts',
  ])
    hash.update(await readFile(join(libcSources, file)));
  const key = hash.digest('hex').slice(0, 16);
  const directory = join(libcSources, '../../../node_modules/.cache/stepformer-libc', key);
  if (!existsSync(join(directory, 'wasi.a'))) await buildLibc(directory, clang);
  return directory;
}
