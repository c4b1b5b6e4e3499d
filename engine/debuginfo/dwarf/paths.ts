/**
 * Source paths as a compiler records them: a directory and names relative to it, in the spelling of the machine that
 * compiled. Everything here works on text; no file is looked at.
 */

const WINDOWS_ROOT = /^(?:[A-Za-z]:[\\/]|\\\\)/;

/**
 * One path from a directory and a name: absolute names stand alone, `.` and `..` are resolved, and where the result is
 * a Windows path its backslashes become slashes (on other systems a backslash is part of a name).
 */
export function joinPath(directory: string, name: string): string {
  const absolute = name.startsWith('/') || WINDOWS_ROOT.test(name);
  const joined = absolute || directory === '' ? name : `${directory.replace(/[\\/]+$/, '')}/${name}`;
  const path = WINDOWS_ROOT.test(joined) ? joined.replaceAll('\\', '/') : joined;
  const root = /^(?:\/\/|\/|[A-Za-z]:\/)/.exec(path)?.[0] ?? '';
  const parts: string[] = [];
  for (const part of path.slice(root.length).split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || root === '') parts.push(part);
  }
  return root + parts.join('/');
}
