/**
 * Starts the session's thread. From source (this file ends in `.ts`) its code is a `.ts` file that tsx loads; built,
 * it is `session-worker.js` beside the bundle that holds this code.
 */
import { Worker } from 'node:worker_threads';

const fromSource = import.meta.url.endsWith('.ts');

/** A thread first registers tsx: hooks of the main thread do not reach it. */
const bootstrap = `const { workerData } = require('node:worker_threads');
import(workerData.tsx).then((tsx) => { tsx.register(); return import(workerData.url); });`;

/** Where the session's code is. */
export const sessionUrl = new URL(fromSource ? './session-worker.ts' : './session-worker.js', import.meta.url);

/** Starts the thread; what it prints on its standard output goes nowhere (ours is the protocol's). */
export function startSession(url: URL = sessionUrl): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, { stdout: true, execArgv: [] });
  const workerData = { url: url.href, tsx: import.meta.resolve('tsx/esm/api') };
  return new Worker(bootstrap, { eval: true, stdout: true, execArgv: [], workerData });
}
