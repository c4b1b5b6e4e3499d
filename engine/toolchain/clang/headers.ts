/**
 * Headers of C++'s library, compiled ahead: they are longer than what includes them, and most programs begin with them.
 * What a file includes before anything else means the same by itself, so it is compiled once and kept; what stands behind
 * a macro or a declaration may not, and is read with the file.
 */
import { createHash } from 'node:crypto';
import type { FileTree } from './archive.ts';
import { headersCommand } from './flags.ts';
import type { SourceSet } from './sources.ts';

/** Headers that are compiled by themselves. */
export interface Headers {
  readonly files: FileTree;
  readonly command: string[];
}

/** Below the root, where they are compiled to. */
export const HEADERS_OUTPUT = 'out/headers.pch';

/** The folder where compilations find them, and the text that they are of: clang may look into it, to tell where something stands. */
export const HEADERS_FOLDER = 'headers';

/** The headers that a file begins with, as its command and those of our library would have them understood; undefined where there are none. */
export function headersOf(
  file: string,
  sources: SourceSet,
  { command: compile, include }: { readonly command: readonly string[]; readonly include: FileTree },
): Headers | undefined {
  const found: string[] = [];
  read(file, sources, found, new Set());
  if (found.length === 0) return undefined;
  const text = found.map((name) => `#include <${name}>\n`).join('');
  const source = `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.hpp`;
  const overlay = JSON.stringify({ version: 0, roots: [] });
  return {
    files: { src: { 'overlay.yaml': overlay }, libc: { include }, [HEADERS_FOLDER]: { [source]: text }, out: {} },
    command: headersCommand(`/${HEADERS_FOLDER}/${source}`, `/${HEADERS_OUTPUT}`, compile),
  };
}

/** What says nothing: spaces, comments. */
const NOTHING = /\s+|\/\/.*(?<!\\)(?:\n|$)|\/\*[\s\S]*?\*\/|#[ \t]*pragma[ \t]+once\b[^\n\\]*/y;
const INCLUDE = /#[ \t]*include[ \t]*(["<])([^">\n]+)[">]/y;
/** The first lines of a header that may be read twice. Names with two underscores are the library's. */
const GUARD = /#[ \t]*ifndef[ \t]+((?!__|_LIBCPP|_[A-Z]+_SOURCE|NDEBUG)\w+)[ \t]*\n\s*#[ \t]*define[ \t]+\1[ \t]*\n/y;
const GUARD_END = /#[ \t]*endif\b.*\s*$/y;

/** Adds the library's headers that a file begins with. @returns whether the file has nothing else */
function read(file: string, sources: SourceSet, found: string[], seen: Set<string>): boolean {
  const bytes = sources.get(file);
  if (!bytes) return false;
  // Of a file that is read again nobody knows here whether it means nothing the second time.
  if (seen.has(file)) return false;
  seen.add(file);
  const text = new TextDecoder().decode(bytes);
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const skip = () => {
    while (next(NOTHING));
  };
  skip();
  const isGuarded = next(GUARD) !== null;
  for (;;) {
    skip();
    const include = next(INCLUDE);
    if (!include) break;
    const [, bracket, name] = include;
    const own = sources.resolved(name, file, bracket === '"');
    if (own === undefined && bracket === '"') return false;
    if (own === undefined) found.push(name);
    else if (!read(own, sources, found, seen)) return false;
  }
  return at === text.length || (isGuarded && next(GUARD_END) !== null);
}
