/**
 * `npm run bench:reach [-- --small] [NAME...]`: programs that no context holds, to their end. Prints what they took as a
 * table of Markdown; exit status 1 where one differs from V8. `--small`: sizes of two or three contexts.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { inOwnProcess } from './own-process.ts';
import type { ReachReport } from './reaching.ts';

/** Arguments, and those of the small size. */
const PROGRAMS: Readonly<Record<string, { readonly whole: readonly string[]; readonly small: readonly string[] }>> = {
  mandelbrot: { whole: ['80', '40'], small: ['16', '8'] },
  'n-body': { whole: ['1000'], small: ['150'] },
  sieve: { whole: ['1000000'], small: ['100000'] },
  sha256: { whole: ['256'], small: ['12'] },
};

const { values, positionals } = parseArgs({ options: { small: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.find((name) => !(name in PROGRAMS));
if (unknown !== undefined) {
  console.error(`there is no program ${unknown}: ${Object.keys(PROGRAMS).join(', ')}`);
  process.exit(1);
}
const million = (value: number) => `${(value / 1e6).toFixed(1)} M`;

console.log(
  '| | tokens | contexts | carried over | seconds | memory, MB | tokens/s, first 10 M | last 10 M | last/first | V8 |',
);
console.log('| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- |');
for (const [name, sizes] of Object.entries(PROGRAMS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const args = values.small ? sizes.small : sizes.whole;
  const file = path.resolve('test/bench/reach', `${name}.c`);
  const report = await inOwnProcess<ReachReport>('reaching', file, ...args);
  const { tokens, contexts, carried, seconds, memory, first, last, agrees } = report;
  if (!agrees) process.exitCode = 1;
  const cells = [
    `\`${[name, ...args].join(' ')}\``,
    million(tokens),
    contexts,
    million(carried),
    seconds.toFixed(1),
    Math.round(memory / 1e6),
    million(first),
    million(last),
    (last / first).toFixed(2),
    agrees ? 'the same' : '**differs**',
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
