/**
 * From nothing to the end of a run, and from F5 to the first line: what is built, in processes of their own. Each round
 * measures everything once, `--version` among it, so that what else the machine does falls on all alike.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { quantile, timed } from './measure.ts';
import { exampleFile } from './programs.ts';

export interface StartReport {
  readonly what: string;
  /** Milliseconds: from the start of the process to its end, or from F5 to the first line; the median of all rounds. */
  readonly time: number;
  /** The median of its ratios to `--version` in the same round. */
  readonly ratio: number;
  /** The most that this ratio is to be, if that was ever said. */
  readonly target?: number;
}

const ROUNDS = 5;
const cli = 'dist/cli.js';
const folder = mkdtempSync(path.join(tmpdir(), 'stepformer-bench-'));
const edited = path.join(folder, 'edited.c');
const sum = path.join(folder, 'sum.wat');
writeFileSync(sum, '(module (func (export "_start") (drop (i32.add (i32.const 3) (i32.const 5)))))\n');

/** Neither what was compiled before, nor code that V8 has kept. */
const COLD = { ...process.env, STEPFORMER_NO_CACHE: '1' };
/** A user's folder that is this bench's own. */
const WARM = { ...process.env, STEPFORMER_NO_CACHE: '', XDG_CACHE_HOME: folder };

/** The time of a command. @throws when it fails, for instance because nothing is built */
function command(args: readonly string[], env: NodeJS.ProcessEnv): number {
  return timed(() => {
    const { status, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env });
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  });
}

/** The time of a session on an adapter that serves a port, until it shows where it stands at its entry. */
async function session(port: Promise<number>, program: string): Promise<number> {
  const start = performance.now();
  const client = new DebugClient('node', '', 'stepformer');
  await client.start(await port);
  await client.initializeRequest();
  const stopped = client.waitForEvent('stopped', 60_000);
  await Promise.all([
    client.waitForEvent('initialized', 60_000).then(() => client.configurationDoneRequest()),
    client.launchRequest({ program, stopOnEntry: true } as never),
    stopped,
  ]);
  await client.stackTraceRequest({ threadId: 1 });
  const time = performance.now() - start;
  await client.disconnectRequest();
  return time;
}

function adapter(): { readonly process: ChildProcess; readonly port: Promise<number> } {
  const child = fork('dist/adapter.js', ['--port', '0'], { env: COLD, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const port = new Promise<number>((resolve, reject) => {
    child.once('message', (told) => resolve((told as { port: number }).port));
    child.once('error', reject);
  });
  return { process: child, port };
}

/** F5 in a window that was just opened, and once more after the file was edited. */
async function sessions(round: number): Promise<readonly [number, number]> {
  const source = readFileSync(exampleFile('hello'), 'utf8');
  writeFileSync(edited, source);
  const { process: child, port } = adapter();
  try {
    const first = await session(port, edited);
    writeFileSync(edited, source.replace('Hello', `Hello ${round}`));
    return [first, await session(port, edited)];
  } finally {
    child.kill();
  }
}

const hello = exampleFile('hello');
const rows: { readonly what: string; readonly target?: number; readonly times: number[] }[] = [
  { what: '`stepformer --version`', times: [] },
  { what: '`npm start`: Sudoku compiled, solved and verified', target: 10, times: [] },
  { what: '`stepformer run examples/hello.c`, nothing kept', target: 4.5, times: [] },
  { what: 'the same again', target: 2, times: [] },
  { what: '`stepformer run` of a `.wat` that adds 3 and 5', target: 1.5, times: [] },
  { what: '`stepformer run examples/hungarian.c`, nothing kept', times: [] },
  { what: 'F5 on `hello.c` to the first line, first in a window', target: 5, times: [] },
  { what: 'F5 again after an edit', target: 2.5, times: [] },
];

command(['run', hello], WARM);
for (let round = 0; round < ROUNDS; round++) {
  const times = [
    command(['--version'], COLD),
    command(['demo'], COLD),
    command(['run', hello], COLD),
    command(['run', hello], WARM),
    command(['run', sum], COLD),
    command(['run', exampleFile('hungarian')], COLD),
    ...(await sessions(round)),
  ];
  for (const [i, time] of times.entries()) rows[i].times.push(time);
}
rmSync(folder, { recursive: true });
const [{ times: versions }] = rows;
const report = rows.map(({ what, target, times }): StartReport => {
  const ratios = times.map((time, round) => time / versions[round]);
  return { what, target, time: quantile(times, 0.5), ratio: quantile(ratios, 0.5) };
});
console.log(JSON.stringify(report));
