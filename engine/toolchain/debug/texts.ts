/**
 * Names of sources that are no files: the text of a module that has none, and what source maps bring along. They are URIs
 * `stepformer-source:` with the path where the file would be.
 */
import { virtualPath } from '../clang/paths.ts';

export const SOURCE_SCHEME = 'stepformer-source';

/** URI of a source that would be at a path of the host. */
export function embeddedUri(path: string): string {
  return `${SOURCE_SCHEME}:${virtualPath(path)}`;
}

/** Such a URI as it is written here, however a client encodes it; undefined for other paths. */
export function embeddedSource(uri: string): string | undefined {
  if (!uri.startsWith(`${SOURCE_SCHEME}:`)) return undefined;
  try {
    return `${SOURCE_SCHEME}:${decodeURIComponent(uri.slice(SOURCE_SCHEME.length + 1)).replace(/^\/{2,}/, '/')}`;
  } catch {
    return uri;
  }
}
