/**
 * Starts the session's thread. From source (this file ends in `.ts`) its code is a `.ts` file that tsx loads; built,
 * it is `session-worker.js` beside the bundle that holds this code.
 */
import { Worker } from 'node:worker_threads';
import type { SessionLink } from './rpc.ts';

const fromSource = import.meta.url.endsWith('.ts');

/** A thread first registers tsx: hooks of the main thread do not reach it. */
const bootstrap = `const { workerData } = require('node:worker_threads');
import(workerData.tsx).then((tsx) => { tsx.register(); return import(workerData.url); });`;

/** Where the session's code is. */
export const sessionUrl = new URL(fromSource ? './session-worker.ts' : './session-worker.js', import.meta.url);

/** Threads of sessions; one that a session leaves is kept for the next, which finds compiler and model warm. */
export class SessionThreads {
  private readonly url: URL;
  private readonly keeps: boolean;
  private idle: Worker | undefined;

  /** Without `keeps`, every session has a new thread. */
  constructor(url: URL, keeps: boolean) {
    this.url = url;
    this.keeps = keeps;
  }

  take(): Worker {
    const { idle } = this;
    this.idle = undefined;
    // Not all: by listeners of its own a Worker knows when somebody listens to its messages.
    for (const event of ['error', 'exit']) idle?.removeAllListeners(event);
    return idle ?? startSession(this.url);
  }

  /** Takes back the thread of a session that is over. */
  async give(link: SessionLink): Promise<void> {
    if (!this.keeps) {
      link.end();
      return;
    }
    const worker = await link.release();
    if (!worker) return;
    if (this.idle) {
      void worker.terminate();
      return;
    }
    const lost = () => {
      if (this.idle === worker) this.idle = undefined;
    };
    worker.on('error', lost);
    worker.on('exit', lost);
    this.idle = worker;
  }
}

/** Starts the thread; what it prints on its standard output goes nowhere (ours is the protocol's). */
function startSession(url: URL): Worker {
  if (!url.pathname.endsWith('.ts')) return new Worker(url, { stdout: true, execArgv: [] });
  const workerData = { url: url.href, tsx: import.meta.resolve('tsx/esm/api') };
  return new Worker(bootstrap, { eval: true, stdout: true, execArgv: [], workerData });
}
