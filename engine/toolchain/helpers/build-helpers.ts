/**
 * Builds the modules of helper functions from the C files beside this one.
 *
 * They are compiled for few executed instructions, to WebAssembly of version 1 without floats. Nothing of them may lie
 * in memory, which is the program's: no data, no variables whose address is taken, no table. But for `host.c`, in a module that has
 * all others too, which is linked with the file system of programs in C and has a part of memory to itself (`host-memory.ts`).
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import { type FileTree, fileInTar, WASI_LIBC } from '../clang/archive.ts';
import { HEADER_FLAGS, TARGET_FLAGS } from '../clang/flags.ts';
import { ClangProcess } from '../clang/process.ts';
import { BASE, FILESYSTEM } from '../clang/replacements.ts';
import { weakened } from '../libc/weaken.ts';
import { HELPER_FILES, HOST_BASE, HOST_STACK, HOST_VARIABLES } from './host-memory.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const library = join(folder, '../libc/src');

/** Headers and libraries of clang's package. */
const packageArchive = new URL('../gen/llvm-resources.tar', import.meta.resolve('@yowasp/clang'));

/** Folder of the sources beside this file, where they are compiled. */
const HELPERS = 'helpers';
/** The one helper with memory, and what of the library it is linked with. */
const HOST = 'host.c';
const HOST_LIBRARY = [`${BASE}/malloc.c`, `${BASE}/memory.c`];
const HOST_FLAGS = [
  ...['-DMODULES', '-Wno-unused-parameter', '-I', `/src/${FILESYSTEM}`, '-I', `/src/${BASE}`, ...HEADER_FLAGS],
  // Its memory has the size that it has.
  '-D__builtin_wasm_memory_grow(memory, pages)=((size_t)-1)',
];

/** Sources by path: those of this folder, and those of the library that `host.c` is compiled with. */
async function sources(): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const read = async (from: string, to: string) => {
    for (const name of (await readdir(from)).sort()) {
      if (/\.[ch]$/.test(name)) files.set(`${to}${name}`, new Uint8Array(await readFile(join(from, name))));
    }
  };
  await read(folder, '');
  for (const part of [BASE, FILESYSTEM]) await read(join(library, part), `${part}/`);
  return files;
}

/** Folder in which the modules of this state of the sources are kept when the engine runs from source. */
export async function helpersCacheFolder(): Promise<string> {
  const hash = createHash('sha256');
  for (const [path, bytes] of await sources()) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  for (const file of ['build-helpers.ts', './host-memory.ts', '../clang/flags.ts']) {
    hash.update(await readFile(join(folder, file)));
  }
  return join(folder, '../../../node_modules/.cache/stepformer-helpers', hash.digest('hex').slice(0, 16));
}

/** A module: whether it is the one with the functions of `host.c`. */
interface Job {
  readonly src: FileTree;
  readonly commands: string[][];
}

async function jobFor(hasHost: boolean): Promise<Job> {
  const src: Record<string, FileTree> = {};
  const objects: string[] = [];
  const commands: string[][] = [];
  for (const [path, bytes] of await sources()) {
    const [part, name] = path.includes('/') ? path.split('/') : [HELPERS, path];
    src[part] ??= {};
    src[part][name] = bytes;
    const isOfHost = part !== HELPERS || name === HOST;
    if (!name.endsWith('.c') || (part === BASE && !HOST_LIBRARY.includes(path)) || (isOfHost && !hasHost)) continue;
    const object = `/out/${part}-${name.replace(/\.c$/, '.o')}`;
    objects.push(object);
    const flags = ['-O2', '-emit-obj', '-std=gnu17', '-fno-builtin', '-Wall', '-Werror', '-fno-unroll-loops'];
    const input = ['-main-file-name', name, '-o', object, '-x', 'c', `/src/${part}/${name}`];
    commands.push(['clang', '-cc1', ...TARGET_FLAGS, ...flags, ...(isOfHost ? HOST_FLAGS : []), ...input]);
  }
  const memory = ['-z', `stack-size=${HOST_STACK}`, '--no-stack-first', `--global-base=${HOST_BASE}`];
  const exported = Object.values(HOST_VARIABLES).map((name) => `--export=${name}`);
  const more = hasHost ? [...memory, ...exported, '/libc/wasi.a'] : ['-z', 'stack-size=0'];
  const link = ['wasm-ld', '-m', 'wasm32', '--no-entry', '--gc-sections', '--strip-debug'];
  commands.push([...link, ...objects, ...more, '-o', '/out/helpers.wasm']);
  return { src, commands };
}

/** Compiles and links to files in `outDir`: the same bytes every time. @throws PlacedError when a source does not compile. */
export async function buildHelpers(outDir: string): Promise<void> {
  const clang = new ClangProcess();
  try {
    const libc = fileInTar(await readFile(packageArchive), WASI_LIBC);
    if (!libc) throw new PlacedError(`the package @yowasp/clang has no ${WASI_LIBC}`);
    await mkdir(outDir, { recursive: true });
    // Last the one that is looked for.
    for (const [name, hasHost] of [
      [HELPER_FILES.host, true],
      [HELPER_FILES.plain, false],
    ] as const) {
      const { src, commands } = await jobFor(hasHost);
      const reply = await clang.run({ src, libc: { 'wasi.a': weakened(libc) }, out: {} }, commands, 'out/helpers.wasm');
      if (reply.failed >= 0 || !reply.output) {
        throw new PlacedError(`the helper functions do not compile: ${reply.crash ?? reply.logs.join('')}`);
      }
      const temporary = join(outDir, `${name}.${process.pid}`);
      await writeFile(temporary, reply.output);
      await rename(temporary, join(outDir, name));
    }
  } finally {
    clang.dispose();
  }
}
