/**
 * Talks to the process in which clang runs.
 *
 * It is a process, and no thread, because of settings of V8 that hold for a whole process: what makes clang start three
 * times as fast (clang-worker.ts) would keep the kernel's code from ever being optimised.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { PlacedError } from '../../errors.ts';
import { codeOf, runsFromSource } from '../threads.ts';
import type { FileTree } from './archive.ts';
import type { ClangJob, ClangReply } from './clang-worker.ts';

interface Waiting {
  resolve(reply: ClangReply): void;
  reject(error: Error): void;
}

/** clang in a process of its own: kept warm, restarted after a crash or a cancelled job. */
export class ClangProcess {
  private child: ChildProcess | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private queue: Promise<unknown> = Promise.resolve();
  private nextId = 1;

  /**
   * Runs commands over a file tree and returns the reply. Jobs run one after the other.
   * @throws the signal's reason when it is aborted (a job already running is ended with its process).
   */
  run(
    files: FileTree,
    commands: string[][],
    output: string,
    { signal, ...more }: { signal?: AbortSignal } & Pick<ClangJob, 'choices' | 'cxx'> = {},
  ): Promise<ClangReply> {
    const turn = this.queue.then(() => this.runNow({ files, commands, output, ...more }, signal));
    this.queue = turn.catch(() => {});
    return turn;
  }

  /** Starts the process ahead of the next job: it loads clang at once. */
  start(): void {
    this.running();
  }

  /** Ends the process; jobs still waiting fail. The next job starts a new one. */
  dispose(): void {
    this.stop(new PlacedError('the compiler was shut down'));
  }

  private async runNow(asked: Omit<ClangJob, 'id'>, signal?: AbortSignal) {
    signal?.throwIfAborted();
    const child = this.running();
    const job: ClangJob = { id: this.nextId++, ...asked };
    const onAbort = () => this.stop(signal?.reason as Error);
    signal?.addEventListener('abort', onAbort, { once: true });
    child.ref();
    child.channel?.ref();
    try {
      return await new Promise<ClangReply>((resolve, reject) => {
        this.waiting.set(job.id, { resolve, reject });
        child.send(job);
      });
    } finally {
      signal?.removeEventListener('abort', onAbort);
      child.unref();
      child.channel?.unref();
    }
  }

  private running(): ChildProcess {
    if (this.child) return this.child;
    const child = fork(codeOf('clang/clang-worker'), {
      // Trees of files hold bytes, which JSON would not carry.
      serialization: 'advanced',
      // The package prints on stdout now and then.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: runsFromSource ? ['--import', import.meta.resolve('tsx')] : [],
    });
    child.on('message', (reply: ClangReply) => {
      // The bytes lie within those of the message.
      const output = reply.output?.slice();
      this.waiting.get(reply.id)?.resolve({ ...reply, output });
      this.waiting.delete(reply.id);
    });
    const lost = (error: Error) => {
      if (this.child === child) this.stop(error);
    };
    child.on('error', lost);
    child.on('exit', (code, signal) => {
      lost(new PlacedError(`the compiler's process ended unexpectedly (${signal ?? `status ${code}`})`));
    });
    child.unref();
    child.channel?.unref();
    this.child = child;
    return child;
  }

  private stop(reason: Error): void {
    const { child } = this;
    this.child = undefined;
    child?.kill('SIGKILL');
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
