/**
 * Paths of the host as the compiler sees them.
 *
 * clang runs in memory and knows POSIX paths only. Every source file is given to it under a *virtual path* that
 * spells the host's own absolute path, so diagnostics and DWARF name the user's files; `hostPath` leads back.
 *
 * | host                     | virtual                        |
 * |--------------------------|--------------------------------|
 * | `/home/u/a.c`            | `/home/u/a.c`                  |
 * | `C:\u\a.c`, `c:/u/a.c`   | `/C:/u/a.c`                    |
 * | `\\server\share\a.c`     | `/UNC:/server/share/a.c`       |
 *
 * DWARF holds the virtual path: whoever reads file names from it passes them through `hostPath`.
 */
import { posix, win32 } from 'node:path';

/** Which path rules apply; the default is the machine's own. */
export type PathStyle = 'posix' | 'win32';

const machineStyle: PathStyle = process.platform === 'win32' ? 'win32' : 'posix';

/** Virtual path of an absolute host path; `.` and `..` are resolved. */
export function virtualPath(host: string, style: PathStyle = machineStyle): string {
  if (style === 'posix') return posix.normalize(host);
  const clean = win32.normalize(host);
  if (clean.startsWith('\\\\')) return `/UNC:/${clean.slice(2).replaceAll('\\', '/')}`;
  const drive = clean.slice(0, 1).toUpperCase() + clean.slice(1);
  return `/${drive.replaceAll('\\', '/')}`;
}

/** The inverse of `virtualPath`; takes what DWARF or a diagnostic holds, with `..` segments too. */
export function hostPath(virtual: string, style: PathStyle = machineStyle): string {
  const clean = posix.normalize(virtual);
  if (style === 'posix') return clean;
  if (clean.startsWith('/UNC:/')) return `\\\\${clean.slice(6).replaceAll('/', '\\')}`;
  if (/^\/[A-Za-z]:/.test(clean)) return clean.slice(1).replaceAll('/', '\\');
  return clean;
}
