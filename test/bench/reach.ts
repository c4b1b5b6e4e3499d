/**
 * `npm run bench:reach [-- --small] [--write] [NAME...]`: programs that no context holds, to their end. Prints what they took as
 * a table of Markdown; exit status 1 where one differs from V8. `--small`: sizes of two or three contexts. `--write` puts the
 * table of all of them into docs/performance.md.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { inOwnProcess } from './own-process.ts';
import { NAMES, PROGRAMS } from './reach/programs.ts';
import type { ReachReport } from './reaching.ts';
import { table, writeBetween } from './report.ts';

const HEAD = [
  '',
  'tokens',
  'contexts',
  'carried over',
  'seconds',
  'memory, MB',
  'tokens/s, first 10 M',
  'last 10 M',
  'last/first',
  'V8',
];

const { values, positionals } = parseArgs({
  options: { small: { type: 'boolean' }, write: { type: 'boolean' } },
  allowPositionals: true,
});
const unknown = positionals.find((name) => !(name in PROGRAMS));
if (unknown !== undefined) {
  console.error(`there is no program ${unknown}: ${NAMES}`);
  process.exit(1);
}
if (values.write && (values.small || positionals.length > 0)) {
  console.error('--write is for the table of all programs at their whole sizes');
  process.exit(1);
}
const million = (value: number) => `${(value / 1e6).toFixed(1)} M`;

const rows: string[][] = [];
for (const [name, sizes] of Object.entries(PROGRAMS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const args = values.small ? sizes.small : sizes.whole;
  const file = path.resolve('test/bench/reach', `${name}.c`);
  const report = await inOwnProcess<ReachReport>('reaching', file, ...args);
  const { tokens, contexts, carried, seconds, memory, first, last, agrees } = report;
  if (!agrees) process.exitCode = 1;
  rows.push([
    `\`${[name, ...args].join(' ')}\``,
    million(tokens),
    `${contexts}`,
    million(carried),
    seconds.toFixed(1),
    `${Math.round(memory / 1e6)}`,
    million(first),
    million(last),
    (last / first).toFixed(2),
    agrees ? 'the same' : '**differs**',
  ]);
  // A row as soon as it is there: the whole takes minutes.
  const lines = table(HEAD, rows).split('\n');
  console.log((rows.length === 1 ? lines : lines.slice(-1)).join('\n'));
}
if (values.write) writeBetween('docs/performance.md', 'reach', table(HEAD, rows));
