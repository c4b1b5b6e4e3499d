/**
 * Debug information from a source map: lines of the sources it names; functions and variables are the module's own, by
 * the names that its name section gives them.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type DebugInfo, MappedInfo, type Mapping } from '../../debuginfo/index.ts';
import { virtualPath } from '../clang/paths.ts';
import type { WasmModule } from '../decode/module.ts';
import { endOf, globalsOf, localsOf } from './numbers.ts';
import { readSourceMap, type SourceMap, sourceMapUrl } from './source-map.ts';
import { embeddedUri } from './texts.ts';

/** Debug information, and the texts of sources that are not files, by path. */
export interface MappedSources {
  readonly debug: DebugInfo;
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * What the source map of a module says; undefined without one that can be read: maps are taken from the module itself and
 * from files, nothing is fetched.
 * @param file path of the module
 */
export async function mappedSources(module: WasmModule, file: string): Promise<MappedSources | undefined> {
  const url = sourceMapUrl(module);
  const found = url === undefined ? undefined : await readMap(url, file);
  const map = found && readSourceMap(found.json);
  return map && found && sourcesOf(module, map, found.folder);
}

/** The map's text and the folder that its sources are relative to. */
async function readMap(url: string, file: string): Promise<{ json: string; folder: string } | undefined> {
  const folder = dirname(file);
  const data = /^data:[^,]*?(;base64)?,(.*)$/s.exec(url);
  try {
    if (data) {
      const json = data[1] ? Buffer.from(data[2], 'base64').toString() : decodeURIComponent(data[2]);
      return { json, folder };
    }
    if (/^[a-z][a-z\d+.-]+:/i.test(url) && !url.startsWith('file:')) return undefined;
    const path = url.startsWith('file:') ? fileURLToPath(url) : join(folder, decodeURIComponent(url));
    return { json: await readFile(path, 'utf8'), folder: dirname(path) };
  } catch {
    // A map that is not there is no debug information: the module is shown without.
    return undefined;
  }
}

function sourcesOf(module: WasmModule, map: SourceMap, folder: string): MappedSources {
  const texts = new Map<string, string>();
  const files = map.sources.map((source, i) => {
    const path = pathOf(source, map.root, folder);
    const content = map.contents[i];
    if (content === undefined || existsSync(path)) return virtualPath(path);
    const uri = embeddedUri(path);
    texts.set(uri, content);
    return uri;
  });
  const rows = map.segments.map(({ offset, source, line, column }) => {
    return { offset: offset - module.codeSection, file: Math.max(source, 0), line, column };
  });
  const mapped = map.segments.filter(({ source }) => source >= 0);
  let next = 0;
  const functions = module.functions.flatMap((fn, body): Mapping['functions'][number][] => {
    const end = endOf(module, fn);
    while (next < mapped.length && mapped[next].offset < fn.offsets[0]) next++;
    if (next === mapped.length || mapped[next].offset >= end + module.codeSection) return [];
    const names = module.names.locals.get(fn.index);
    const name = module.names.functions.get(fn.index) ?? `func[${fn.index}]`;
    return [{ name, line: undefined, body, end, ...localsOf(module, fn, (index) => names?.get(index)) }];
  });
  const globals = globalsOf(module, (index) => module.names.globals.get(index));
  return { debug: new MappedInfo(module.bytes, { files, rows, functions, globals }), texts };
}

/**
 * Path of a source. Compilers give paths relative to the map, or to the folder that they ran in, which is often one above
 * it, and not all mean the root that they write: the first that is there, else the one that the format says.
 */
function pathOf(source: string, root: string, folder: string): string {
  const said = resolve(folder, pathOfUrl(root), pathOfUrl(source));
  if (isAbsolute(pathOfUrl(source)) || existsSync(said)) return said;
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, source))) return join(at, source);
    if (at === dirname(at)) return said;
  }
}

/** A URL of a file as its path; anything else is one, or is taken for one. */
function pathOfUrl(url: string): string {
  try {
    return url.startsWith('file:') ? fileURLToPath(url) : url;
  } catch {
    return url;
  }
}
