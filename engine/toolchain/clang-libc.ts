/**
 * Finds the C library that programs are linked with: `libc/` beside the bundle (`dist/libc`, written by the build);
 * from source, a cache below `node_modules/.cache`, built once for each state of the library's sources.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../errors.ts';
import { type ClangThread, runsFromSource } from './clang-thread.ts';
import type { FileTree } from './clang-worker.ts';

/** The library as a file tree: `include/` with the headers, `libc.a`, `libc-float.a`. */
export async function loadLibc(thread: ClangThread): Promise<FileTree> {
  const directory = runsFromSource ? await cachedLibc(thread) : fileURLToPath(new URL('./libc/', import.meta.url));
  try {
    const include: FileTree = {};
    for (const name of await readdir(join(directory, 'include'))) {
      include[name] = new Uint8Array(await readFile(join(directory, 'include', name)));
    }
    const archive = async (name: string) => new Uint8Array(await readFile(join(directory, name)));
    return { include, 'libc.a': await archive('libc.a'), 'libc-float.a': await archive('libc-float.a') };
  } catch (error) {
    throw new PlacedError(`the C library is missing (${(error as Error).message}); run \`npm run build\``);
  }
}

async function cachedLibc(thread: ClangThread): Promise<string> {
  const { buildLibc, libcSources, readLibcSources } = await import('./libc/build-libc.ts');
  const hash = createHash('sha256');
  for (const [path, bytes] of await readLibcSources()) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  for (const file of ['build-libc.ts', '../clang-flags.ts']) hash.update(await readFile(join(libcSources, file)));
  const key = hash.digest('hex').slice(0, 16);
  const directory = join(libcSources, '../../../node_modules/.cache/stepformer-libc', key);
  if (!existsSync(join(directory, 'libc.a'))) await buildLibc(directory, thread);
  return directory;
}
