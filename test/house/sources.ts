/** The repository's own sources, and what imports what: read from the text, since types that are imported count as well. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '../..');

/** Paths below the root are written with slashes everywhere. */
const slashes = (file: string) => file.replaceAll('\\', '/');

/** All files below a folder of the repository, as paths from its root. */
export function filesBelow(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashes(path.relative(root, path.join(entry.parentPath, entry.name))))
    .sort();
}

export const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** TypeScript below some folders. */
export function sourcesBelow(...folders: string[]): string[] {
  return folders.flatMap(filesBelow).filter((file) => /\.tsx?$/.test(file));
}

/** What a file imports: own files as paths from the root, packages by their name. Types and `import()` count. */
export function importsOf(file: string): string[] {
  const found = textOf(file).matchAll(/(?:^(?:import|export)\b[^;'"`]*?\bfrom |^import |\bimport\()'([^']+)'/gm);
  const folder = path.posix.dirname(file);
  return [...found].map(([, name]) => (name.startsWith('.') ? path.posix.join(folder, name) : name));
}

/** Groups of nodes that reach each other (strongly connected components, by Tarjan), of two nodes or more. */
export function circles(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = number.size;
    number.set(node, own);
    low.set(node, own);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!number.has(next)) low.set(node, Math.min(low.get(node)!, visit(next)));
      else if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, number.get(next)!));
    }
    if (low.get(node) === own) {
      const group = stack.splice(stack.indexOf(node));
      if (group.length > 1) found.push(group.sort());
    }
    return low.get(node)!;
  };
  for (const node of edges.keys()) if (!number.has(node)) visit(node);
  return found;
}

/** Lines of a file without its tables: rows of data at the top of a file may be as many as there are. */
export function lengthWithoutTables(text: string): number {
  const lines = text.split('\n');
  let count = 0;
  for (let i = 0; i < lines.length; i++, count++) {
    if (!/^(export )?const .*[[{]$/.test(lines[i]) || /=> [[{]$/.test(lines[i])) continue;
    while (!/^[\]}]/.test(lines[i])) i++;
  }
  return count;
}

/** A function of a file: its first line, all of its lines, and those that are not of functions inside. */
interface Extent {
  readonly line: number;
  readonly length: number;
  own: number;
}

/**
 * Functions of a formatted file with the lines that they take. The formatter puts a function's last brace below the
 * start of its first line, so no grammar is needed.
 */
export function functionLengths(text: string): Extent[] {
  const lines = text.split('\n');
  const indent = (line: string) => line.length - line.trimStart().length;
  const found: Extent[] = [];
  for (let i = 0; i < lines.length; i++) {
    const opens = /(=>|\)(: .+)?) \{$/.test(lines[i]);
    if (!opens || /^\s*(\} )?(if|for|while|switch|else|catch|do)\b/.test(lines[i])) continue;
    const depth = indent(lines[i]);
    const isAt = (line: string) => line.trim() !== '' && indent(line) === depth;
    let first = i;
    // Parameters on lines of their own: the name stands above them.
    while (first > 0 && /^\s*[)}\]]/.test(lines[first])) {
      do first--;
      while (first > 0 && !isAt(lines[first]));
    }
    const last = lines.findIndex((line, at) => at > i && isAt(line) && /^\s*\}/.test(line));
    if (last < 0) continue;
    const length = last - first + 1;
    const around = found.findLast(({ line, length: lines }) => line - 1 <= first && line + lines - 1 > last);
    if (around) around.own -= length;
    found.push({ line: first + 1, length, own: length });
  }
  return found;
}
