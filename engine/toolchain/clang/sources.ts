/**
 * Gathers what a compilation reads: the user's C files and every file they include, as one tree in memory with an
 * overlay that gives each its virtual path.
 *
 * Includes are found by a light scan that ignores conditions, so a file too many may be read but none is missed but
 * those whose name a macro makes; `add` supplies these when clang asks for them. The overlay is what resolves `..`
 * and, where the host does, ignores case.
 */
import { type Stats, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { PlacedError } from '../../errors.ts';
import type { FileTree } from './archive.ts';
import { virtualPath } from './paths.ts';

const INCLUDE =
  /(?:^[ \t]*#[ \t]*(?:include|include_next|import|embed)|__has_include[ \t]*\()[ \t]*(["<])([^">\n]+)[">]/gm;

const FLOATS =
  /\b(?:double|float|_Float\d+|_Complex|atof|strtod|strtof|difftime)\b|\d\.|\.\d|\b\d+[eE][-+]?\d|<(?:tg)?math\.h>/;

/** More than this in all is taken for a mistake (a header that is a disk image, a directory of generated files). */
const MOST_BYTES = 64 << 20;

export class SourceSet {
  private readonly contents = new Map<string, Uint8Array>();
  private readonly includePaths: readonly string[];
  private total = 0;

  /** `includePaths`: absolute host paths. */
  constructor(includePaths: readonly string[]) {
    this.includePaths = includePaths;
  }

  /** Reads a C file of the program and what it includes. @throws PlacedError when it cannot be read. */
  async addProgram(file: string): Promise<void> {
    let bytes: Uint8Array;
    try {
      if ((await stat(file)).isDirectory()) throw new PlacedError('is a directory, not a C file', { file });
      bytes = new Uint8Array(await readFile(file));
    } catch (error) {
      throw error instanceof PlacedError ? error : unreadable(file, error);
    }
    await this.addContents(file, bytes);
  }

  /** Looks for an included file as clang would; true when one was found that was not there yet. */
  async add(name: string, from: string, quoted = true): Promise<boolean> {
    for (const file of this.candidates(name, from, quoted)) {
      if (this.contents.has(file)) return false;
      if (!isFile(file)) continue;
      let bytes: Uint8Array;
      try {
        bytes = new Uint8Array(await readFile(file));
      } catch (error) {
        throw unreadable(file, error);
      }
      await this.addContents(file, bytes);
      return true;
    }
    return false;
  }

  /** The file, among those that were read, that an include leads to; undefined for headers of the library. */
  resolved(name: string, from: string, quoted: boolean): string | undefined {
    return this.candidates(name, from, quoted).find((file) => this.contents.has(file));
  }

  /** Where clang would look. */
  private candidates(name: string, from: string, quoted: boolean): string[] {
    if (isAbsolute(name)) return [name];
    const paths = this.includePaths.map((path) => join(path, name));
    return quoted ? [join(dirname(from), name), ...paths] : paths;
  }

  /** Bytes of a file that was read, by host path. */
  get(file: string): Uint8Array | undefined {
    return this.contents.get(file);
  }

  /**
   * Whether the program can have a float: a type, a number with a point or an exponent, or a header that declares
   * functions that give one. Without any, it is linked with a formatter that knows none.
   */
  mentionFloats(): boolean {
    const decoder = new TextDecoder();
    return [...this.contents.values()].some((bytes) => FLOATS.test(decoder.decode(bytes)));
  }

  /** Whether the program can jump out of functions. */
  mentionJumps(): boolean {
    const decoder = new TextDecoder();
    return [...this.contents.values()].some((bytes) => /\b(?:_|sig)?(?:set|long)jmp\b/.test(decoder.decode(bytes)));
  }

  /** The tree `/src`: contents by number, and the overlay that names them. */
  tree(): FileTree {
    const tree: FileTree = {};
    const folders = new Map<string, object[]>();
    let number = 0;
    for (const [file, bytes] of this.contents) {
      const path = virtualPath(file);
      const split = path.lastIndexOf('/');
      const folder = path.slice(0, split) || '/';
      if (!folders.has(folder)) folders.set(folder, []);
      folders.get(folder)?.push({ type: 'file', name: path.slice(split + 1), 'external-contents': `/src/${number}` });
      tree[number++] = bytes;
    }
    tree['overlay.yaml'] = JSON.stringify({
      version: 0,
      'case-sensitive': process.platform === 'win32' || process.platform === 'darwin' ? 'false' : 'true',
      'use-external-names': false,
      roots: [...folders].map(([name, contents]) => ({ type: 'directory', name, contents })),
    });
    return tree;
  }

  private async addContents(file: string, bytes: Uint8Array): Promise<void> {
    if (this.contents.has(file)) return;
    this.total += bytes.length;
    if (this.total > MOST_BYTES) throw new PlacedError('the sources and their headers exceed 64 MiB', { file });
    this.contents.set(file, bytes);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    for (const [, bracket, name] of text.matchAll(INCLUDE)) await this.add(name, file, bracket === '"');
  }
}

/** Absolute host path of a program's file. */
export function absolutePath(file: string): string {
  return resolve(file);
}

function isFile(path: string): boolean {
  let found: Stats | undefined;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch {
    return false;
  }
  return found?.isFile() ?? false;
}

function unreadable(file: string, error: unknown): PlacedError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR') return new PlacedError('no such file', { file });
  if (code === 'EACCES' || code === 'EPERM') return new PlacedError('no permission to read this file', { file });
  return new PlacedError(`cannot be read: ${(error as Error).message}`, { file });
}
