/**
 * Starts the session's thread. From source (this file ends in `.ts`) its code is a `.ts` file that tsx loads; built,
 * it is `session-worker.js` beside the bundle that holds this code.
 */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { ClangProcess } from '../../engine/toolchain/clang/process.ts';
import { serveClang } from '../../engine/toolchain/clang/remote.ts';
import type { SessionLink } from './rpc.ts';

const fromSource = import.meta.url.endsWith('.ts');

/** A thread first registers tsx: hooks of the main thread do not reach it. */
const bootstrap = `const { workerData } = require('node:worker_threads');
import(workerData.tsx).then((tsx) => { tsx.register(); return import(workerData.url); });`;

/** Where the session's code is. */
export const sessionUrl = new URL(fromSource ? './session-worker.ts' : './session-worker.js', import.meta.url);

/** What a session's thread finds in its `workerData`, beside what it is started by. */
export interface ThreadData {
  /** The compiler that it shares with all others: see engine/toolchain/clang/remote.ts. */
  readonly clang: MessagePort;
}

/**
 * Threads of sessions, and the one compiler's process of them all. A thread that a session leaves is kept for the next,
 * which finds the model read.
 */
export class SessionThreads {
  private readonly clang = new ClangProcess();
  private readonly url: URL;
  private readonly keeps: boolean;
  private idle: Worker | undefined;

  /** Without `keeps`, every session has a new thread. */
  constructor(url: URL, keeps: boolean) {
    this.url = url;
    this.keeps = keeps;
  }

  /** Starts a thread before anybody asks for one. */
  warm(): void {
    this.idle ??= this.start();
  }

  take(): Worker {
    const { idle } = this;
    this.idle = undefined;
    // Not all: by listeners of its own a Worker knows when somebody listens to its messages.
    for (const event of ['error', 'exit']) idle?.removeAllListeners(event);
    return idle ?? this.start();
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

  /** Starts a thread; what it prints on its standard output goes nowhere (ours is the protocol's). */
  private start(): Worker {
    const { url } = this;
    const { port1, port2 } = new MessageChannel();
    // The thread would start it too, but only once it has loaded its own code.
    this.clang.start();
    serveClang(this.clang, port1);
    const data: ThreadData = { clang: port2 };
    const options = { stdout: true, execArgv: [], transferList: [port2] };
    if (!url.pathname.endsWith('.ts')) return new Worker(url, { ...options, workerData: data });
    const workerData = { ...data, url: url.href, tsx: import.meta.resolve('tsx/esm/api') };
    return new Worker(bootstrap, { ...options, eval: true, workerData });
  }
}
