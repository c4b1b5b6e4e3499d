/**
 * `npm run bench`: everything that is measured, one measurement after the other, each in a process of its own. Prints
 * tables and writes the numbers as JSON.
 *
 *     npm run bench [-- --json FILE] [--write]
 *
 * It measures what is built, and so builds first. The JSON goes to dist/bench.json unless a file is named. `--write` also puts the tables into README.md and
 * docs/performance.md.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { AttentionReport } from './attention.ts';
import type { DebuggingReport } from './debugging.ts';
import { benchFloats, type FloatReport } from './floats.ts';
import { inOwnProcess } from './own-process.ts';
import type { PastReport } from './past.ts';
import type { ProfileReport } from './profile.ts';
import type { ProgramReport } from './program.ts';
import { PROGRAMS } from './programs.ts';
import { forPerformance, forReadme, writeBetween } from './report.ts';
import type { StartReport } from './start.ts';

/** All of a bench. */
export interface Bench {
  readonly machine: string;
  readonly programs: readonly ProgramReport[];
  readonly attention: readonly AttentionReport[];
  readonly past: PastReport;
  readonly debugging: readonly DebuggingReport[];
  readonly profile: ProfileReport;
  readonly start: readonly StartReport[];
  readonly floats: readonly FloatReport[];
}

async function measure(): Promise<Bench> {
  const tell = (what: string) => process.stderr.write(`${what} …\n`);
  const programs: ProgramReport[] = [];
  for (const program of PROGRAMS) {
    tell(program);
    programs.push(await inOwnProcess<ProgramReport>('program', program));
  }
  tell('attention');
  const attention = await inOwnProcess<AttentionReport[]>('attention');
  tell('the past');
  const past = await inOwnProcess<PastReport>('past');
  tell('debugging');
  const debugging = await inOwnProcess<DebuggingReport[]>('debugging');
  tell('profile');
  const profile = await inOwnProcess<ProfileReport>('profile');
  tell('start');
  const start = await inOwnProcess<StartReport[]>('start');
  const [{ model }] = cpus();
  const machine = `${cpus().length} cores (${model.trim()}), Node ${process.versions.node}`;
  const floats = await benchFloats();
  return { machine, programs, attention, past, debugging, profile, start, floats };
}

const { values } = parseArgs({ options: { json: { type: 'string' }, write: { type: 'boolean' } } });
const [load] = loadavg();
if (load > 1)
  process.stderr.write(`The machine is busy (load ${load.toFixed(1)}): numbers will be worse than they could be.\n`);
const bench = await measure();
writeFileSync(values.json ?? 'dist/bench.json', `${JSON.stringify(bench, null, 1)}\n`);
console.log(forPerformance(bench));
if (values.write) {
  writeBetween('README.md', 'numbers', forReadme(bench));
  writeBetween('docs/performance.md', 'measured', forPerformance(bench));
}
