/**
 * Files of a program's file system. What is given to a program in C is compiled with it, as the table that
 * `libc/src/filesystem/nodes.h` declares, and so stands in the prompt (for modules see `host/given.ts`); what it wrote is read from
 * its memory.
 */
import { readFile, stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { PlacedError } from '../errors.ts';
import { LIMITS } from '../isa/limits.ts';
import type { TokenProgram } from '../isa/program.ts';
import type { FileTree } from './clang/archive.ts';

/** A file by its path, without a leading slash. */
export interface ProgramFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Larger ones would fill half of a prompt. */
const MOST_BYTES = 16 << 20;

/**
 * Reads what is to be given.
 * @param given `PATH` or `PATH=HOST`: the path that the program knows, and the host's file, if it is another
 * @param base where relative paths of the host start
 * @throws PlacedError for a path outside of the program's folder, and for a file that cannot be read or is too large
 */
export function readGivenFiles(given: readonly string[], base: string): Promise<ProgramFile[]> {
  return Promise.all(
    given.map(async (text) => {
      const split = text.indexOf('=');
      const name = split < 0 ? text : text.slice(0, split);
      const file = resolve(base, split < 0 ? text : text.slice(split + 1));
      const path = posix.normalize(name.replaceAll('\\', '/')).replace(/^\/+/, '');
      if (path === '' || path === '.' || path.startsWith('..') || path.endsWith('/')) {
        throw new PlacedError(`"${name}" is no path of a file in the program's folder: write PATH or PATH=HOST`);
      }
      return { path, bytes: await readHostFile(file) };
    }),
  );
}

async function readHostFile(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) throw new PlacedError(`a program's file can have ${MOST_BYTES >> 20} MiB`, { file });
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    throw new PlacedError(`the file to be given to the program cannot be read: ${(error as Error).message}`, { file });
  }
}

/** The table in C, and the contents that it embeds, for a folder `/given`; `more` is C that is compiled with it. */
export function givenTree(files: readonly ProgramFile[], more: string): FileTree {
  const contents = files.map(
    (_, i) => `static const unsigned char bytes${i}[] = {\n#embed "/given/${i}" if_empty(0)\n};\n`,
  );
  const rows = files.map(({ path, bytes }, i) => `{${cString(path)}, bytes${i}, ${bytes.length}},\n`);
  const type = 'struct given { const char *path; const unsigned char *bytes; unsigned size; };\n';
  const table = `const struct given __stepformer_given[] = {\n${rows.join('')}{0, 0, 0}};\n`;
  return Object.fromEntries([
    ...files.map(({ bytes }, i) => [String(i), bytes] as const),
    ['files.c', `${files.length > 0 ? `${type}${contents.join('')}${table}` : ''}${more}`],
  ]);
}

/** A literal of C, each byte as it is. */
function cString(text: string): string {
  return `"${[...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}"`;
}

/** Memory at a moment, wherever its limit is. */
interface Memory {
  bytes(address: number, length: number): Uint8Array;
}

/** Files that a program made or changed, as they are at a moment; none where it has no file system. */
export function writtenFiles({ files: list }: Pick<TokenProgram, 'files'>, moment: Memory): ProgramFile[] {
  if (list === undefined) return [];
  const word = (address: number) => Buffer.from(moment.bytes(address, 4)).readUInt32LE(0);
  const text = (address: number) => {
    let end = address;
    while (moment.bytes(end, 1)[0]) end++;
    return Buffer.from(moment.bytes(address, end - address)).toString();
  };
  const files: ProgramFile[] = [];
  for (let node = word(list); node !== 0; node = word(node)) {
    const [path, bytes, size, written, , folder] = [4, 8, 12, 16, 20, 24].map((field) => word(node + field));
    if (written && !folder) files.push({ path: text(path), bytes: moment.bytes(bytes, Math.min(size, LIMITS.memory)) });
  }
  return files.reverse();
}
