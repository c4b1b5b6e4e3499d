/**
 * Where the code of the toolchain's threads and processes lies, and how a thread is started.
 *
 * From source (this file ends in `.ts`, run by tsx or node's type stripping) it is a `.ts` file in a room below this
 * one; built, it is the `.js` file of the same name beside the bundle that holds this code (`dist/native-worker.js`
 * beside `dist/cli.js`).
 */
import { basename } from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';

/** True when the engine runs from its TypeScript sources. */
export const runsFromSource = import.meta.url.endsWith('.ts');

/** From source, a thread first registers tsx (its own hooks; those of the main thread don't reach it). */
const bootstrap = `const { workerData } = require('node:worker_threads');
import(workerData.api).then((tsx) => { tsx.register(); return import(workerData.url); });`;

/** URL of the code of a thread or process, named by its path in this folder. */
export function codeOf(name: string): URL {
  return new URL(runsFromSource ? `./${name}.ts` : `./${basename(name)}.js`, import.meta.url);
}

/**
 * Starts the thread `name`, which finds `job` in its `workerData`. Nothing that it prints reaches this process's
 * output. `ports`: those of the job, which become the thread's.
 */
export function startThread(name: string, job?: unknown, ports: readonly MessagePort[] = []): Worker {
  const url = codeOf(name);
  const silent = { stdout: true, stderr: true, execArgv: [], transferList: [...ports] };
  /* Its streams are kept from this process's and never read: reading would keep the process alive. */
  if (!runsFromSource) return new Worker(url, { ...silent, workerData: { job } });
  const api = import.meta.resolve('tsx/esm/api');
  return new Worker(bootstrap, { ...silent, eval: true, workerData: { job, url: url.href, api } });
}
