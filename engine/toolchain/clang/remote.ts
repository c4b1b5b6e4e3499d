/**
 * One compiler's process for several threads: the thread that has it serves jobs, the others send them through ports.
 */
import type { MessagePort } from 'node:worker_threads';
import { PlacedError } from '../../errors.ts';
import type { ClangJob, ClangReply, FileTree } from './clang-worker.ts';
import type { Clang } from './process.ts';

/** What a thread asks for: a job, that one is given up, or that the process is made ready. */
type Asked = { readonly job: ClangJob } | { readonly giveUp: number } | { readonly start: true };

/** What it is told: a reply, or why there is none. */
type Told = ClangReply | { readonly id: number; readonly error: string };

interface Waiting {
  resolve(reply: ClangReply): void;
  reject(error: Error): void;
}

/** Serves the thread at the other end of `port`, until that ends. */
export function serveClang(clang: Clang, port: MessagePort): void {
  const running = new Map<number, AbortController>();
  const run = async ({ id, files, commands, output }: ClangJob): Promise<Told> => {
    const abort = new AbortController();
    running.set(id, abort);
    try {
      return { ...(await clang.run(files, commands, output, abort.signal)), id };
    } catch (error) {
      return { id, error: (error as Error).message };
    } finally {
      running.delete(id);
    }
  };
  const giveUp = (id: number) => running.get(id)?.abort(new PlacedError('given up'));
  port.on('message', async (asked: Asked) => {
    if ('start' in asked) clang.start();
    else if ('giveUp' in asked) giveUp(asked.giveUp);
    else port.postMessage(await run(asked.job));
  });
  port.on('close', () => {
    for (const id of running.keys()) giveUp(id);
  });
  port.unref();
}

/** The compiler of another thread. */
export class RemoteClang implements Clang {
  private readonly port: MessagePort;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;

  constructor(port: MessagePort) {
    this.port = port;
    port.on('message', (told: Told) => {
      const waiting = this.waiting.get(told.id);
      this.forget(told.id);
      if ('error' in told) waiting?.reject(new PlacedError(told.error));
      else waiting?.resolve(told);
    });
    port.unref();
  }

  async run(files: FileTree, commands: string[][], output: string, signal?: AbortSignal): Promise<ClangReply> {
    signal?.throwIfAborted();
    const id = this.nextId++;
    const onAbort = () => this.giveUp(id, signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<ClangReply>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        this.port.ref();
        this.ask({ job: { id, files, commands, output } });
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  start(): void {
    this.ask({ start: true });
  }

  /** Gives up this thread's jobs; the process stays, for others. */
  dispose(): void {
    for (const id of this.waiting.keys()) this.giveUp(id, new PlacedError('the compiler was shut down'));
  }

  private giveUp(id: number, reason: Error): void {
    this.waiting.get(id)?.reject(reason);
    this.forget(id);
    this.ask({ giveUp: id });
  }

  private forget(id: number): void {
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.port.unref();
  }

  private ask(asked: Asked): void {
    this.port.postMessage(asked);
  }
}
