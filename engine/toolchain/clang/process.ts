/**
 * Talks to the process in which clang runs.
 *
 * It is a process, and no thread, because of settings of V8 that hold for a whole process: what makes clang start three
 * times as fast (clang-worker.ts) would keep the kernel's code from ever being optimised.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { PlacedError } from '../../errors.ts';
import { codeOf, runsFromSource } from '../threads.ts';
import type { ClangJob, ClangReply, FileTree } from './clang-worker.ts';
import { MAKE_CODE, NO_CODE } from './compiled-code.ts';

/** What runs LLVM's commands. */
export interface Clang {
  /**
   * Runs commands over a file tree and returns the reply. Jobs run one after the other.
   * @throws the signal's reason when it is aborted (a job already running is ended with its process).
   */
  run(files: FileTree, commands: string[][], output: string, signal?: AbortSignal): Promise<ClangReply>;
  /** Makes ready for the next job ahead of time. */
  start(): void;
  /** Ends what runs; jobs still waiting fail. The next job starts anew. */
  dispose(): void;
}

/** How long things may take, in milliseconds. */
export interface Patience {
  /** For a job: no program takes a compiler as long. */
  readonly job: number;
  /** After the last job, until the process is ended. */
  readonly idle: number;
}

const PATIENCE: Patience = { job: 600_000, idle: 600_000 };

/** Signals that end a program unless it says otherwise. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The process came to its end in the middle of a job. */
class Lost extends PlacedError {}

interface Waiting {
  resolve(reply: ClangReply): void;
  reject(error: Error): void;
}

/**
 * clang in a process of its own: kept warm, started again after a crash, a job that hangs, or a cancelled one. What was
 * lost by a crash is tried once more; what hung would hang again.
 */
export class ClangProcess implements Clang {
  private child: ChildProcess | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private readonly patience: Patience;
  private readonly code: URL;
  /** What it is told about machine code, if anything. */
  private told: typeof MAKE_CODE | typeof NO_CODE | undefined;
  private queue: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private nextId = 1;

  /**
   * @param code what the process runs
   * @param making it is to make code that is kept (compiled-code.ts)
   */
  constructor(
    patience: Patience = PATIENCE,
    { code = codeOf('clang/clang-worker'), making = false }: { readonly code?: URL; readonly making?: boolean } = {},
  ) {
    this.patience = patience;
    this.code = code;
    this.told = making ? MAKE_CODE : undefined;
  }

  run(files: FileTree, commands: string[][], output: string, signal?: AbortSignal): Promise<ClangReply> {
    const job = { files, commands, output };
    const turn = this.queue.then(async () => {
      clearTimeout(this.idle);
      try {
        return await this.runNow(job, signal);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        // It may have been ended from outside, or by code that V8 took and should not have: once more, without.
        this.told ??= NO_CODE;
        return await this.runNow(job, signal);
      } finally {
        this.idle = setTimeout(() => this.dispose(), this.patience.idle).unref();
      }
    });
    this.queue = turn.catch(() => {});
    return turn;
  }

  start(): void {
    this.running();
  }

  dispose(): void {
    this.stop(new PlacedError('the compiler was shut down'));
  }

  private async runNow(job: Omit<ClangJob, 'id'>, signal?: AbortSignal): Promise<ClangReply> {
    signal?.throwIfAborted();
    const child = this.running();
    const id = this.nextId++;
    const onAbort = () => this.stop(signal?.reason as Error);
    const { job: most } = this.patience;
    const onHang = () => {
      const cause = 'a function with tens of thousands of statements takes it that long';
      this.stop(new PlacedError(`the compiler did not answer within ${most / 1000} s and was ended: ${cause}`));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    const clock = setTimeout(onHang, most);
    child.ref();
    child.channel?.ref();
    try {
      return await new Promise<ClangReply>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject });
        child.send({ id, ...job } satisfies ClangJob);
      });
    } finally {
      clearTimeout(clock);
      signal?.removeEventListener('abort', onAbort);
      // One that is being ended is waited for: nothing of it outlives this process.
      if (this.child === child) {
        child.unref();
        child.channel?.unref();
      }
    }
  }

  private running(): ChildProcess {
    if (this.child) return this.child;
    const child = fork(this.code, this.told ? [this.told] : [], {
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
      lost(new Lost(`the compiler's process ended unexpectedly (${signal ?? `status ${code}`})`));
      for (const name of ENDINGS) process.off(name, this.onEnding);
      process.off('exit', this.onExit);
    });
    for (const name of ENDINGS) process.on(name, this.onEnding);
    process.on('exit', this.onExit);
    child.unref();
    child.channel?.unref();
    this.child = child;
    return child;
  }

  private readonly onExit = () => this.dispose();

  /** In the middle of a job the process would notice only at its end that this one is gone. */
  private readonly onEnding = (signal: NodeJS.Signals) => {
    this.dispose();
    for (const name of ENDINGS) process.off(name, this.onEnding);
    // As if nobody had listened; where others do, how it ends is theirs to say.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  };

  private stop(reason: Error): void {
    const { child } = this;
    this.child = undefined;
    child?.ref();
    child?.kill('SIGKILL');
    for (const { reject } of this.waiting.values()) reject(reason);
    this.waiting.clear();
  }
}
