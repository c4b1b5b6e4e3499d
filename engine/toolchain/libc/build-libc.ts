/**
 * Builds the C library: headers and two archives, so that compiling a user's program is one clang call and a link.
 *
 * Sources are compiled at -O2 without debug information: stepping never enters them and their traces are short.
 * Functions lie in sections of their own, so a program holds only those it calls. The printf and scanf families are
 * compiled a second time, with floats, for `libc-float.a`: where that is linked before `libc.a`, its functions are
 * taken, and a program without floats is spared them.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from '../clang/clang-worker.ts';
import { TARGET_FLAGS } from '../clang/flags.ts';
import { type Clang, ClangProcess } from '../clang/process.ts';

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

/** The families that exist twice. */
const WITH_FLOATS = ['printf.c', 'fprintf.c', 'sprintf.c', 'scanf.c', 'sscanf.c'];

/** Compiles sources and puts the objects into an archive. */
async function archive(
  clang: Clang,
  sources: ReadonlyMap<string, Uint8Array>,
  names: readonly string[],
  definitions: readonly string[],
): Promise<Uint8Array> {
  const files: Record<string, FileTree> = { include: {}, src: {}, out: {} };
  for (const [path, bytes] of sources) {
    const [folder, name] = path.split('/');
    files[folder][name] = bytes;
  }
  const objects = names.map((name) => `/out/${name.replace(/\.c$/, '.o')}`);
  const commands = names.map((name, i) => {
    const flags = ['-O2', '-emit-obj', '-fno-builtin', '-Wall', '-Werror', ...definitions];
    const input = ['-internal-isystem', '/include', '-main-file-name', name, '-o', objects[i], '-x', 'c'];
    return ['clang', '-cc1', ...TARGET_FLAGS, ...flags, ...input, `/src/${name}`];
  });
  commands.push(['ar', 'rcsD', '/out/archive.a', ...objects]);
  const reply = await clang.run(files, commands, 'out/archive.a');
  if (reply.failed >= 0 || !reply.output) {
    throw new PlacedError(`the C library does not compile: ${reply.crash ?? reply.logs.join('')}`);
  }
  return reply.output;
}

/** Writes a file so that it is there only when it is whole. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, bytes);
  await rm(file, { force: true });
  await rename(temporary, file);
}

/**
 * Compiles the library and writes `outDir/include/*.h` and the archives. The same bytes every time.
 * @throws PlacedError when a source does not compile.
 */
export async function buildLibc(outDir: string, running?: Clang): Promise<void> {
  const clang: Clang = running ?? new ClangProcess();
  try {
    const sources = await readLibcSources();
    const names = [...sources.keys()].filter((path) => path.endsWith('.c')).map((path) => path.slice(4));
    const plain = await archive(clang, sources, names, []);
    const floats = await archive(clang, sources, WITH_FLOATS, ['-DFLOATS']);
    await mkdir(join(outDir, 'include'), { recursive: true });
    for (const [path, bytes] of sources) {
      if (path.startsWith('include/')) await writeFile(join(outDir, path), bytes);
    }
    /* Last the one that is looked for: where it is, everything is. */
    await writeWhole(join(outDir, 'libc-float.a'), floats);
    await writeWhole(join(outDir, 'libc.a'), plain);
  } finally {
    if (!running) clang.dispose();
  }
}
