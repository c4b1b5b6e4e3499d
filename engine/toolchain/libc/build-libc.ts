/**
 * Builds the C library: wasi-libc from clang's package, and archives of functions that take the place of some of its
 * own, so that compiling a user's program is one clang call and a link.
 *
 * Sources are compiled at -O2 without debug information: stepping never enters them and their traces are short.
 * Functions lie in sections of their own, so a program holds only those it calls. The printf and scanf families are
 * compiled a second time, with floats: a program without floats is spared them. Everything is weak, so that a program's
 * own functions come first, then ours, then wasi-libc's.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from '../clang/archive.ts';
import { fileInTar, WASI_LIBC, WASI_LONG_DOUBLE } from '../clang/archive.ts';
import { HEADER_FLAGS, TARGET_FLAGS } from '../clang/flags.ts';
import { type Clang, ClangProcess } from '../clang/process.ts';
import { BASE, FILESYSTEM, GROUPS, OTHER_MAIN, POSIX } from '../clang/replacements.ts';
import { readFolder, treeOf } from './headers.ts';
import { weakened } from './weaken.ts';

/** Directory of the library's sources, below `src/`. Exists only where the engine runs from source. */
export const libcSources = fileURLToPath(new URL('.', import.meta.url));

/** Headers and libraries of clang's package. */
const packageArchive = new URL('../gen/llvm-resources.tar', import.meta.resolve('@yowasp/clang'));

/** Sources of the library by path below `src/`, in a fixed order. */
export async function readLibcSources(): Promise<Map<string, Uint8Array>> {
  const sources = new Map<string, Uint8Array>();
  for (const folder of [BASE, OTHER_MAIN, FILESYSTEM, POSIX, ...GROUPS]) {
    for (const name of (await readdir(join(libcSources, 'src', folder))).sort()) {
      sources.set(`${folder}/${name}`, new Uint8Array(await readFile(join(libcSources, 'src', folder, name))));
    }
  }
  return sources;
}

/** Headers of ours, by path below `include`. */
export function readHeaders(): Promise<ReadonlyMap<string, Uint8Array>> {
  return readFolder(join(libcSources, 'include'));
}

/** Compiles the sources of a group and puts the objects into an archive. */
async function archive(
  clang: Clang,
  sources: ReadonlyMap<string, Uint8Array>,
  group: string,
  definitions: readonly string[],
): Promise<Uint8Array> {
  const src: Record<string, Record<string, Uint8Array>> = {};
  for (const [path, bytes] of sources) {
    const [folder, name] = path.split('/');
    src[folder] ??= {};
    src[folder][name] = bytes;
  }
  const names = Object.keys(src[group]).filter((name) => name.endsWith('.c'));
  const objects = names.map((name) => `/out/${name.replace(/\.c$/, '.o')}`);
  const commands = names.map((name, i) => {
    const flags = ['-O2', '-emit-obj', '-fno-builtin', '-std=gnu17', '-Wall', '-Werror', ...definitions];
    const input = ['-I', `/src/${BASE}`, ...HEADER_FLAGS, '-main-file-name', name, '-o', objects[i], '-x', 'c'];
    return ['clang', '-cc1', ...TARGET_FLAGS, ...flags, ...input, `/src/${group}/${name}`];
  });
  commands.push(['ar', 'rcsD', '/out/archive.a', ...objects]);
  const libc = { include: treeOf(await readHeaders()) };
  const reply = await clang.run({ src, libc, out: {} } satisfies FileTree, commands, 'out/archive.a');
  if (reply.failed >= 0 || !reply.output) {
    throw new PlacedError(`the C library does not compile: ${reply.crash ?? reply.logs.join('')}`);
  }
  return weakened(reply.output);
}

/** A library of the package, its definitions weak. */
async function fromPackage(name: string): Promise<Uint8Array> {
  const library = fileInTar(await readFile(packageArchive), name);
  if (!library) throw new PlacedError(`the package @yowasp/clang has no ${name}`);
  return weakened(library);
}

/** Writes a file so that it is there only when it is whole. */
async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, bytes);
  await rm(file, { force: true });
  await rename(temporary, file);
}

/**
 * Compiles the library and writes the archives to `outDir`: one per folder, of groups another one with floats, and those of the package. The
 * same bytes every time.
 * @throws PlacedError when a source does not compile.
 */
export async function buildLibc(outDir: string, running?: Clang): Promise<void> {
  const clang: Clang = running ?? new ClangProcess();
  try {
    const sources = await readLibcSources();
    await mkdir(outDir, { recursive: true });
    for (const group of GROUPS) {
      await writeWhole(join(outDir, `${group}.a`), await archive(clang, sources, group, []));
      await writeWhole(join(outDir, `${group}-float.a`), await archive(clang, sources, group, ['-DFLOATS']));
    }
    for (const group of [BASE, OTHER_MAIN, FILESYSTEM, POSIX]) {
      await writeWhole(join(outDir, `${group}.a`), await archive(clang, sources, group, []));
    }
    for (const [path, bytes] of await readHeaders()) {
      const file = join(outDir, 'include', path);
      await mkdir(dirname(file), { recursive: true });
      await writeWhole(file, bytes);
    }
    await writeWhole(join(outDir, 'long-double.a'), await fromPackage(WASI_LONG_DOUBLE));
    /* Last the one that is looked for: where it is, everything is. */
    await writeWhole(join(outDir, 'wasi.a'), await fromPackage(WASI_LIBC));
  } finally {
    if (!running) clang.dispose();
  }
}
