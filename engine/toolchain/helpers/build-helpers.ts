/**
 * Builds the module of helper functions from the C files beside this one.
 *
 * They are compiled for few executed instructions, to WebAssembly of version 1 without floats. Nothing of them may lie
 * in memory, which is the program's: no data, no variables whose address is taken, no table.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from '../clang/archive.ts';
import { TARGET_FLAGS } from '../clang/flags.ts';
import { ClangProcess } from '../clang/process.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

async function sources(): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of (await readdir(folder)).sort()) {
    if (/\.[ch]$/.test(name)) files.set(name, new Uint8Array(await readFile(join(folder, name))));
  }
  return files;
}

/** Where the module of this state of the sources is kept when the engine runs from source. */
export async function helpersCacheFile(): Promise<string> {
  const hash = createHash('sha256');
  for (const [path, bytes] of await sources()) hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  for (const file of ['build-helpers.ts', '../clang/flags.ts']) hash.update(await readFile(join(folder, file)));
  const key = hash.digest('hex').slice(0, 16);
  return join(folder, '../../../node_modules/.cache/stepformer-helpers', `${key}.wasm`);
}

/** Compiles and links to `outFile`: the same bytes every time. @throws PlacedError when a source does not compile. */
export async function buildHelpers(outFile: string): Promise<void> {
  const clang = new ClangProcess();
  try {
    const src: Record<string, FileTree | Uint8Array> = {};
    const objects: string[] = [];
    const commands: string[][] = [];
    for (const [name, bytes] of await sources()) {
      src[name] = bytes;
      if (!name.endsWith('.c')) continue;
      const object = `/out/${name.replace(/\.c$/, '.o')}`;
      objects.push(object);
      const flags = ['-O2', '-emit-obj', '-std=gnu17', '-fno-builtin', '-Wall', '-Werror', '-fno-unroll-loops'];
      const input = ['-main-file-name', name, '-o', object, '-x', 'c', `/src/${name}`];
      commands.push(['clang', '-cc1', ...TARGET_FLAGS, ...flags, ...input]);
    }
    const link = ['wasm-ld', '-m', 'wasm32', '--no-entry', '--gc-sections', '--strip-debug', '-z', 'stack-size=0'];
    commands.push([...link, ...objects, '-o', '/out/helpers.wasm']);
    const reply = await clang.run({ src, out: {} }, commands, 'out/helpers.wasm');
    if (reply.failed >= 0 || !reply.output) {
      throw new PlacedError(`the helper functions do not compile: ${reply.crash ?? reply.logs.join('')}`);
    }
    await mkdir(dirname(outFile), { recursive: true });
    const temporary = `${outFile}.${process.pid}`;
    await writeFile(temporary, reply.output);
    await rename(temporary, outFile);
  } finally {
    clang.dispose();
  }
}
