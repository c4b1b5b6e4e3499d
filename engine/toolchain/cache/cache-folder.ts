/** Where a user's caches are, by the customs of each system. */
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** The variables and the home that say where. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Our folder among a user's caches: an absolute path; it need not exist. */
export function cacheFolder(
  { platform, env, home }: Surroundings = { platform: process.platform, env: process.env, home: homedir() },
): string {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local');
    return win32.join(local, 'stepformer', 'Cache');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Caches', 'stepformer');
  // A relative path in this variable is to be ignored (XDG Base Directory Specification).
  const named = env.XDG_CACHE_HOME;
  return posix.join(named && posix.isAbsolute(named) ? named : posix.join(home, '.cache'), 'stepformer');
}
