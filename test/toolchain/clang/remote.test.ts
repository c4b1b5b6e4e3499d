/** A compiler for several threads: whose answer is whose, giving up, an end in the middle. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageChannel } from 'node:worker_threads';
import type { ClangReply, FileTree } from '../../../engine/toolchain/clang/clang-worker.ts';
import type { Clang } from '../../../engine/toolchain/clang/process.ts';
import { RemoteClang, serveClang } from '../../../engine/toolchain/clang/remote.ts';

/** Answers with the command when it is told to. */
class Held implements Clang {
  started = 0;
  readonly jobs: { readonly command: string; finish(failure?: Error): void; readonly signal?: AbortSignal }[] = [];
  start() {
    this.started++;
  }
  dispose() {}
  run(_: FileTree, [[command]]: string[][], __: string, signal?: AbortSignal): Promise<ClangReply> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      const finish = (failure?: Error) => {
        if (failure) reject(failure);
        else resolve({ id: 99, logs: [command], failed: -1, output: Uint8Array.of(1, 2) });
      };
      this.jobs.push({ command, finish, signal });
    });
  }
}

function threads(held: Held, count: number) {
  return Array.from({ length: count }, () => {
    const { port1, port2 } = new MessageChannel();
    serveClang(held, port1);
    return { clang: new RemoteClang(port2), port: port2 };
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('each thread gets the answers to its own jobs, and their failures', async () => {
  const held = new Held();
  const [a, b] = threads(held, 2);
  a.clang.start();
  const [first, second, third] = [a.clang, b.clang, a.clang].map((clang, i) => clang.run({}, [[`job ${i}`]], ''));
  await until(() => held.jobs.length === 3);
  assert.equal(held.started, 1);
  const find = (command: string) => held.jobs.find((job) => job.command === command);
  find('job 2')?.finish(new Error('it broke'));
  find('job 1')?.finish();
  find('job 0')?.finish();
  await assert.rejects(third, /it broke/);
  assert.deepEqual([(await first).logs, (await second).logs], [['job 0'], ['job 1']]);
  assert.deepEqual((await first).output, Uint8Array.of(1, 2));
  for (const { port } of [a, b]) port.close();
});

test('a job that is given up is aborted where it runs, with the reason kept here', async () => {
  const held = new Held();
  const [{ clang, port }] = threads(held, 1);
  const abort = new AbortController();
  const job = clang.run({}, [['long']], '', abort.signal);
  await until(() => held.jobs.length === 1);
  abort.abort(new Error('cancelled'));
  await assert.rejects(job, /cancelled/);
  await until(() => held.jobs[0].signal?.aborted === true);
  const another = clang.run({}, [['longer']], '');
  clang.dispose();
  await assert.rejects(another, /shut down/);
  port.close();
});

test('the jobs of a thread that ends are aborted', async () => {
  const held = new Held();
  const [{ clang, port }] = threads(held, 1);
  void clang.run({}, [['long']], '');
  await until(() => held.jobs.length === 1);
  port.close();
  await until(() => held.jobs[0].signal?.aborted === true);
});
