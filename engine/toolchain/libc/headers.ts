/** Headers of ours: files and folders of `include`, as a map by path and as the tree that clang is given. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileTree } from '../clang/archive.ts';

/** The files below a folder by their path there, with slashes, in a fixed order. */
export async function readFolder(folder: string, below = ''): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below ? `${below}/${entry.name}` : entry.name;
    if (!entry.isDirectory()) found.set(path, new Uint8Array(await readFile(join(folder, path))));
    else for (const [inner, bytes] of await readFolder(folder, path)) found.set(inner, bytes);
  }
  return found;
}

/** The same as a tree. */
export function treeOf(files: ReadonlyMap<string, Uint8Array>): FileTree {
  const tree: FileTree = {};
  for (const [path, bytes] of files) {
    const parts = path.split('/');
    let folder = tree;
    for (const part of parts.slice(0, -1)) {
      folder[part] ??= {};
      folder = folder[part] as FileTree;
    }
    folder[parts.at(-1) as string] = bytes;
  }
  return tree;
}
