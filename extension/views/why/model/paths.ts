/** Paths of sources as the adapter knows them. */

/**
 * The path of a source that an answer of the protocol names. VS Code hands such answers out with URIs in the place of paths:
 * `file:///c%3A/sum.c` is `c:/sum.c`.
 */
export function pathOfSource(source: string): string {
  // One letter before the colon is a drive.
  if (!/^[a-z][\w+.-]+:\/\//i.test(source)) return source;
  const path = decodeURIComponent(new URL(source).pathname);
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}
