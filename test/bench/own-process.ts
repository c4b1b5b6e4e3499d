/**
 * Runs a measurement in a process of its own, as it would run when built: bundled into `dist`, beside what the engine
 * finds there. (tsx would name every function anew each time that it is made, which the kernel's compiler does a lot.)
 */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/** What bundled CommonJS packages expect of Node. */
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Resolves with what the module `name` of this folder prints: JSON. */
export async function inOwnProcess<T>(name: string, ...args: string[]): Promise<T> {
  const outfile = path.resolve('dist', `bench-${name}.js`);
  await build({
    entryPoints: [path.join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['@yowasp/clang'],
    banner: { js: banner },
    logLevel: 'warning',
  });
  try {
    return await new Promise<T>((resolve, reject) => {
      execFile(process.execPath, [outfile, ...args], { maxBuffer: 1 << 26 }, (error, out) => {
        if (error) reject(error);
        else resolve(JSON.parse(out) as T);
      });
    });
  } finally {
    await rm(outfile, { force: true });
  }
}
