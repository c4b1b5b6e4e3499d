/**
 * Builds the C library: headers and one archive, so that compiling a user's program is one clang call and a link.
 *
 * Sources are compiled at -O2 without debug information: stepping never enters them and their traces are short.
 * Functions lie in sections of their own, so a program holds only those it calls.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import { NO_WIDE_STORES, TARGET_FLAGS } from '../clang-flags.ts';
import { ClangThread } from '../clang-thread.ts';
import type { FileTree } from '../clang-worker.ts';

/** Directory of the library's sources: `include/` and `src/`. Exists only where the engine runs from source. */
export const libcSources = fileURLToPath(new URL('.', import.meta.url));

/** Sources of the library by path below its directory, in a fixed order. */
export async function readLibcSources(): Promise<Map<string, Uint8Array>> {
  const sources = new Map<string, Uint8Array>();
  for (const folder of ['include', 'src']) {
    for (const name of (await readdir(join(libcSources, folder))).sort()) {
      sources.set(`${folder}/${name}`, new Uint8Array(await readFile(join(libcSources, folder, name))));
    }
  }
  return sources;
}

/**
 * Compiles the library and writes `outDir/include/*.h` and `outDir/libc.a`. The same bytes every time.
 * @throws PlacedError when a source does not compile.
 */
export async function buildLibc(outDir: string, thread?: ClangThread): Promise<void> {
  const clang = thread ?? new ClangThread();
  try {
    const sources = await readLibcSources();
    const files: Record<string, FileTree> = { include: {}, src: {}, out: {} };
    const objects: string[] = [];
    const commands: string[][] = [];
    for (const [path, bytes] of sources) {
      const [folder, name] = path.split('/');
      files[folder][name] = bytes;
      if (!name.endsWith('.c')) continue;
      const object = `/out/${name.replace(/\.c$/, '.o')}`;
      objects.push(object);
      const flags = ['-O2', '-emit-obj', '-fno-builtin', '-Wall', '-Werror'];
      const input = ['-internal-isystem', '/include', '-main-file-name', name, '-o', object, '-x', 'c', `/src/${name}`];
      commands.push(['clang', '-cc1', ...TARGET_FLAGS, ...flags, ...NO_WIDE_STORES, ...input]);
    }
    commands.push(['ar', 'rcsD', '/out/libc.a', ...objects]);
    const reply = await clang.run(files, commands, 'out/libc.a');
    if (reply.failed >= 0 || !reply.output) {
      throw new PlacedError(`the C library does not compile: ${reply.crash ?? reply.logs.join('')}`);
    }
    await mkdir(join(outDir, 'include'), { recursive: true });
    for (const [path, bytes] of sources) {
      if (path.startsWith('include/')) await writeFile(join(outDir, path), bytes);
    }
    /* Last, and in one step: where the archive is, everything is. */
    const temporary = join(outDir, `libc.a.${process.pid}`);
    await writeFile(temporary, reply.output);
    await rm(join(outDir, 'libc.a'), { force: true });
    await rename(temporary, join(outDir, 'libc.a'));
  } finally {
    if (!thread) clang.dispose();
  }
}
