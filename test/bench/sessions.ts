/**
 * `npm run bench:sessions [-- --small] [--write] [NAME...]`: the long programs in the debugger, over its protocol: to their ends and
 * back to their beginnings, with what people ask on the way. Prints a table of Markdown; `--write` puts that of all programs into
 * docs/performance.md. The memory is read where Linux tells it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import { NAMES, PROGRAMS } from './reach/programs.ts';
import { seconds, table, writeBetween } from './report.ts';

/** Milliseconds for the longest way. */
const LONGEST = 30 * 60_000;
/** Past tokens whose heads are looked at, from all parts of the run. */
const LOOKS = 20;
const HEAD = [
  '',
  'tokens',
  'to the end',
  'memory, MB',
  'back to a line',
  'back to a write',
  'an origin',
  'heads of a token',
  'at most',
  'to the beginning',
];

const { values, positionals } = parseArgs({
  options: { small: { type: 'boolean' }, write: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !(name in PROGRAMS));
if (unknown !== undefined) throw new Error(`there is no program ${unknown}: ${NAMES}`);
if (values.write && (values.small || positionals.length > 0)) {
  throw new Error('--write is for the table of all programs at their whole sizes');
}

/** What it resolves with, and how long it took. */
async function timed<T>(work: () => Promise<T>): Promise<readonly [T, string, number]> {
  const start = performance.now();
  const result = await work();
  const time = performance.now() - start;
  return [result, seconds(time), time];
}

/** The most that a process had, in megabytes. */
function mostMemory(pid: number): string {
  const status = `/proc/${pid}/status`;
  const kilobytes = existsSync(status) ? /VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return kilobytes === undefined ? '?' : String(Math.round((1024 * Number(kilobytes)) / 1e6));
}

/** A client of an adapter of its own. */
class Debug {
  readonly adapter: ChildProcess;
  private readonly client = new DebugClient('node', '', 'stepformer');

  constructor() {
    this.adapter = fork('dist/adapter.js', ['--port', '0'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  }

  async launch(options: object): Promise<void> {
    const [{ port }] = await once(this.adapter, 'message');
    await this.client.start(port);
    await this.client.initializeRequest();
    const ready = this.client.waitForEvent('initialized', LONGEST);
    const stopped = this.client.waitForEvent('stopped', LONGEST);
    await Promise.all([this.ok('launch', options), ready.then(() => this.ok('configurationDone')), stopped]);
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  async ok(command: string, args: object = {}): Promise<any> {
    return (await this.client.customRequest(command, args)).body;
  }

  async move(command: string): Promise<string> {
    const stopped = this.client.waitForEvent('stopped', LONGEST);
    await this.ok(command, { threadId: 1 });
    return (await stopped).body.description;
  }

  async where(): Promise<string> {
    const [frame] = (await this.ok('stackTrace', { threadId: 1 })).stackFrames;
    return `${frame.name}:${frame.line}`;
  }

  async end(): Promise<void> {
    await this.client.disconnectRequest().catch(() => {});
    this.adapter.kill();
  }
}

async function session(name: string): Promise<string[]> {
  const { whole, small, early: variable } = PROGRAMS[name];
  const program = path.resolve('test/bench/reach', `${name}.c`);
  const args = values.small ? small : whole;
  const line =
    1 +
    readFileSync(program, 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(` ${variable} = `));
  const debug = new Debug();
  const breakpoints = (lines: number[]) =>
    debug.ok('setBreakpoints', { source: { path: program }, breakpoints: lines.map((at) => ({ line: at })) });
  const expect = (what: string, is: unknown, should: unknown) => {
    if (is !== should) throw new Error(`${name}, ${what}: ${is} instead of ${should}`);
  };
  try {
    await debug.launch({ program, args, stopOnEntry: true, maxTokens: 4e9, maxMemory: 2 ** 20 });
    const toEnd = async () => expect('the end', await debug.move('continue'), 'Ended: exit code 0');
    const [, forward] = await timed(toEnd);
    const { token: last } = await debug.ok('stepformer/position');

    await breakpoints([line]);
    const [, toLine] = await timed(() => debug.move('reverseContinue'));
    expect('the line', await debug.where(), `main:${line}`);
    const { traceLine: early } = await debug.ok('stepformer/position');
    await breakpoints([]);
    await toEnd();

    const [frame] = (await debug.ok('stackTrace', { threadId: 1 })).stackFrames;
    const { dataId } = await debug.ok('dataBreakpointInfo', { name: variable, frameId: frame.id });
    await debug.ok('setDataBreakpoints', { breakpoints: [{ dataId, accessType: 'write' }] });
    const [, toWrite] = await timed(() => debug.move('reverseContinue'));
    expect('the write', await debug.where(), `main:${line}`);
    await debug.ok('setDataBreakpoints', { breakpoints: [] });
    await toEnd();

    const [origin, ofOrigin] = await timed(() => debug.ok('stepformer/origin', { expression: variable, limit: 10 }));
    expect('hops of the origin', origin.hops.length > 0, true);
    const looks: number[] = [];
    for (let i = 1; i <= LOOKS; i++) {
      // Not in order: each in another context than the one before, where there are several.
      const token = Math.floor((last * ((7 * i) % (LOOKS + 1))) / (LOOKS + 1));
      looks.push((await timed(() => debug.ok('stepformer/attention', { token })))[2]);
    }
    looks.sort((a, b) => a - b);
    const [, back] = await timed(() => debug.move('reverseContinue'));
    expect('the beginning', (await debug.ok('stepformer/position')).traceLine <= early, true);
    const memory = mostMemory(debug.adapter.pid ?? 0);
    return [
      `\`${[name, ...args].join(' ')}\``,
      `${(last / 1e6).toFixed(1)} M`,
      forward,
      memory,
      toLine,
      toWrite,
      ofOrigin,
      seconds(looks[LOOKS / 2]),
      seconds(looks[LOOKS - 1]),
      back,
    ];
  } finally {
    await debug.end();
  }
}

const rows: string[][] = [];
for (const name of Object.keys(PROGRAMS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  rows.push(await session(name));
  const lines = table(HEAD, rows).split('\n');
  console.log((rows.length === 1 ? lines : lines.slice(-1)).join('\n'));
}
if (values.write) writeBetween('docs/performance.md', 'sessions', table(HEAD, rows));
