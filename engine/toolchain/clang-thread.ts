/**
 * Starts threads of the toolchain and talks to clang's.
 *
 * Where a thread's code lies: from source (this file ends in `.ts`, run by tsx or node's type stripping) it is the
 * `.ts` file beside this one; built, it is the `.js` file of the same name beside the bundle that holds this code
 * (`dist/clang-worker.js` beside `dist/cli.js`).
 */
import { Worker } from 'node:worker_threads';
import { PlacedError } from '../errors.ts';
import type { ClangJob, ClangReply, FileTree } from './clang-worker.ts';

/** True when the engine runs from its TypeScript sources. */
export const runsFromSource = import.meta.url.endsWith('.ts');

/** From source, a thread first registers tsx (its own hooks; those of the main thread don't reach it). */
const bootstrap = `const { workerData } = require('node:worker_threads');
import(workerData.api).then((tsx) => { tsx.register(); return import(workerData.url); });`;

function tsxApi(): string {
  return import.meta.resolve('tsx/esm/api');
}

/**
 * Starts the thread `name` (`clang-worker`, `native-worker`), which finds `job` in its `workerData`. Nothing that it
 * prints reaches this process's output.
 */
export function startThread(name: string, job?: unknown): Worker {
  const url = new URL(`./${name}${runsFromSource ? '.ts' : '.js'}`, import.meta.url);
  const silent = { stdout: true, stderr: true, execArgv: [] };
  /* Its streams are kept from this process's and never read: reading would keep the process alive. */
  return runsFromSource
    ? new Worker(bootstrap, { ...silent, eval: true, workerData: { job, url: url.href, api: tsxApi() } })
    : new Worker(url, { ...silent, workerData: { job } });
}

interface Waiting {
  resolve(reply: ClangReply): void;
  reject(error: Error): void;
}

/** clang in a thread of its own: started at the first job, kept warm, restarted after a crash or a cancelled job. */
export class ClangThread {
  private worker: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private queue: Promise<unknown> = Promise.resolve();
  private nextId = 1;

  /**
   * Runs commands over a file tree and returns the reply. Jobs run one after the other.
   * @throws the signal's reason when it is aborted (a job already running is ended with its thread).
   */
  run(files: FileTree, commands: string[][], output: string, signal?: AbortSignal): Promise<ClangReply> {
    const turn = this.queue.then(() => this.runNow(files, commands, output, signal));
    this.queue = turn.catch(() => {});
    return turn;
  }

  /** Ends the thread; jobs still waiting fail. The next job starts a new one. */
  dispose(): void {
    this.stop(new PlacedError('the compiler was shut down'));
  }

  private async runNow(files: FileTree, commands: string[][], output: string, signal?: AbortSignal) {
    signal?.throwIfAborted();
    const worker = this.start();
    const job: ClangJob = { id: this.nextId++, files, commands, output };
    const onAbort = () => this.stop(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    worker.ref();
    try {
      return await new Promise<ClangReply>((resolve, reject) => {
        this.waiting.set(job.id, { resolve, reject });
        worker.postMessage(job);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
      worker.unref();
    }
  }

  private start(): Worker {
    if (this.worker) return this.worker;
    const worker = startThread('clang-worker');
    worker.on('message', (reply: ClangReply) => {
      this.waiting.get(reply.id)?.resolve(reply);
      this.waiting.delete(reply.id);
    });
    const lost = (error: unknown) => {
      if (this.worker === worker) this.stop(error instanceof Error ? error : new Error(String(error)));
    };
    worker.on('error', lost);
    worker.on('exit', (code) => lost(new PlacedError(`the compiler's thread ended unexpectedly (status ${code})`)));
    worker.unref();
    this.worker = worker;
    return worker;
  }

  private stop(reason: Error): void {
    const worker = this.worker;
    this.worker = undefined;
    void worker?.terminate();
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
