/** The compiler's process: one that dies or hangs, one that nobody needs, one whose parent is ended. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClangProcess } from '../../../engine/toolchain/clang/process.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-clang-'));
after(() => rmSync(folder, { recursive: true }));
const CODE = new URL('./moody-worker.ts', import.meta.url);
let files = 0;
const mark = () => path.join(folder, `${files++}`);

/** Whether a process is there. */
function runs(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

async function isGone(id: number): Promise<void> {
  while (runs(id)) await sleep(20);
}

const pidOf = ({ logs }: { readonly logs: readonly string[] }) => Number(logs[0]);

test('a process that dies in the middle of a job is started again, once', async () => {
  const clang = new ClangProcess({ job: 60_000, idle: 60_000 }, { code: CODE });
  const file = mark();
  const reply = await clang.run({}, [['once dies', file]], '');
  assert.notEqual(pidOf(reply), Number(readFileSync(file, 'utf8')));
  await isGone(Number(readFileSync(file, 'utf8')));
  await assert.rejects(clang.run({}, [['always dies', mark()]], ''), /ended unexpectedly \(status 3\)/);
  // Others are served.
  const next = await clang.run({}, [['well', mark()]], '');
  clang.dispose();
  await isGone(pidOf(next));
});

test('a job that hangs is ended, and not tried again', async () => {
  const clang = new ClangProcess({ job: 3000, idle: 60_000 }, { code: CODE });
  const file = mark();
  await assert.rejects(
    clang.run({}, [['once hangs', file]], ''),
    /did not answer within 3 s and was ended: a function/,
  );
  await isGone(Number(readFileSync(file, 'utf8')));
  const next = await clang.run({}, [['well', mark()]], '');
  clang.dispose();
  await isGone(pidOf(next));
});

test('a process that its machine code ends is started again without', async () => {
  const clang = new ClangProcess({ job: 60_000, idle: 60_000 }, { code: CODE });
  const reply = await clang.run({}, [['code dies', mark()]], '');
  assert.equal(reply.failed, -1);
  clang.dispose();
  await isGone(pidOf(reply));
});

test('jobs are served by one process, until it has been idle for long', async () => {
  const clang = new ClangProcess({ job: 60_000, idle: 300 }, { code: CODE });
  const replies = await Promise.all([1, 2, 3].map(() => clang.run({}, [['well', mark()]], '')));
  const [first, ...others] = replies.map(pidOf);
  assert.deepEqual(others, [first, first]);
  await isGone(first);
  assert.notEqual(pidOf(await clang.run({}, [['well', mark()]], '')), first);
  clang.dispose();
});

test('a job that is aborted ends with its process', async () => {
  const clang = new ClangProcess({ job: 60_000, idle: 60_000 }, { code: CODE });
  const file = mark();
  const abort = new AbortController();
  const job = clang.run({}, [['always hangs', file]], '', abort.signal);
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
  abort.abort(new Error('enough'));
  await assert.rejects(job, /enough/);
  await isGone(Number(readFileSync(file, 'utf8')));
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in the middle of a job ends both at once`, { skip: process.platform === 'win32' }, async () => {
    const file = mark();
    const source = `import { ClangProcess } from './engine/toolchain/clang/process.ts';
      const patience = { job: 60_000, idle: 60_000 };
      new ClangProcess(patience, { code: new URL(${JSON.stringify(CODE.href)}) }).run({}, [['always hangs', ${JSON.stringify(file)}]], '');`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source], {
      stdio: 'inherit',
    });
    const ended = new Promise((resolve) => child.on('exit', (_, by) => resolve(by)));
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await sleep(20);
    child.kill(signal);
    assert.equal(await ended, signal);
    await isGone(Number(readFileSync(file, 'utf8')));
  });
}
