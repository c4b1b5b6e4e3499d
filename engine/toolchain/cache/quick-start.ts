/**
 * Makes a process of ours start sooner: V8 compiles no more than what is called, and keeps what it has compiled of our
 * JavaScript in the user's cache folder, where Node has that (22.1 and later). To be called before anything else is loaded.
 */
import module from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { cacheFolder } from './cache-folder.ts';

/** What Node's types of version 20 do not declare. */
interface CompileCache {
  readonly enableCompileCache?: (folder: string) => unknown;
}

export function startQuickly(): void {
  // Of the kernel's thousand functions a program calls a hundred.
  setFlagsFromString('--wasm-lazy-compilation');
  const { enableCompileCache } = module as unknown as CompileCache;
  // A folder that cannot be written is no error: then nothing is kept.
  if (!process.env.STEPFORMER_NO_CACHE) enableCompileCache?.(join(cacheFolder(), 'code'));
}
