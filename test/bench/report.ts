/** The numbers of a bench as Markdown tables. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Bench } from './main.ts';
import type { ProgramReport } from './program.ts';

type Cell = string | number;

export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, i) => (i === 0 ? '---' : '--:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

/** Three significant digits, with thousands apart. */
const number = (value: number) => {
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString('en', { maximumFractionDigits: 3 });
};
/** A rate, in millions where it is one. */
const million = (value: number) => (value < 1e5 ? number(value) : `${number(value / 1e6)} M`);
const ms = (value: number) => `${number(value)} ms`;
/** Milliseconds as seconds. */
export const seconds = (value: number) => `${number(value / 1000)} s`;

const SHOWN: Readonly<Record<string, string>> = {
  add: '`add.c`',
  collatz: '`collatz.c`',
  hungarian: '`hungarian.c`, 10 × 10',
  sudoku: '`sudoku.c`, Inkala’s',
  long: 'a loop of 50 million tokens',
};

function find(bench: Bench, program: string): ProgramReport {
  const found = bench.programs.find((report) => report.program === program);
  if (!found) throw new RangeError(`${program} was not measured`);
  return found;
}

/** The targets, with what was measured. */
function targets(bench: Bench): string {
  const sudoku = find(bench, 'sudoku');
  const long = find(bench, 'long');
  const at10k = bench.attention.find(({ context }) => context === 10_000);
  const against = at10k?.kernel === undefined ? 0 : at10k.kernel / at10k.standard;
  const [plainly, ...set] = bench.debugging.slice(2);
  const slowest = Math.min(...set.map(({ rate }) => rate)) / plainly.rate;
  const memory = Math.max(...bench.programs.filter(({ tokens }) => tokens > 1e6).map((report) => report.bytesPerToken));
  const rows: [string, string, string, boolean][] = [
    ['Inkala’s Sudoku, warm', '≥ 4 M tokens/s', million(sudoku.warm), sudoku.warm >= 4e6],
    ['the same, cold', '≥ 2 M tokens/s', million(sudoku.cold), sudoku.cold >= 2e6],
    [
      'the same against the plain pass',
      '≥ 50 ×',
      `${number(sudoku.generation / sudoku.plain)} ×`,
      sudoku.generation >= 50 * sudoku.plain,
    ],
    [
      'lines (instructions) per second, warm',
      '≥ 800,000',
      number(sudoku.warm / sudoku.tokensPerLine),
      sudoku.warm / sudoku.tokensPerLine >= 8e5,
    ],
    [
      'rate in the 50th million against the first 100 thousand',
      '≥ 0.7',
      number(long.late / long.early),
      long.late >= 0.7 * long.early,
    ],
    [
      'kernel against standard attention at 10,000 tokens of context',
      '≥ 5,000 ×',
      `${number(against)} ×`,
      against >= 5000,
    ],
    [
      'bytes per token: kernel and history',
      '≤ 64',
      number(memory + bench.past.historyBytes),
      memory + bench.past.historyBytes <= 64,
    ],
    ['`npm start` from cold', '< 5 s', seconds(demo(bench)), demo(bench) < 5000],
    [
      'reading weights, making functions (Sudoku, cold)',
      '≤ 300 ms',
      ms(sudoku.makeKernel + sudoku.compile),
      sudoku.makeKernel + sudoku.compile <= 300,
    ],
    [
      'a past token, median and 99th percentile, of 6 million',
      '≤ 20 ms',
      `${ms(bench.past.inspect.median)}, ${ms(bench.past.inspect.p99)}`,
      bench.past.inspect.p99 <= 20,
    ],
    [
      'the machine’s state before a past line, likewise',
      '≤ 5 ms',
      `${ms(bench.past.state.median)}, ${ms(bench.past.state.p99)}`,
      bench.past.state.p99 <= 5,
    ],
    ['slowest breakpoint that never stops, against none', '≥ 0.9', number(slowest), slowest >= 0.9],
  ];
  return table(
    ['', 'target', 'measured', ''],
    rows.map(([what, target, measured, met]) => [what, target, measured, met ? 'met' : '**not met**']),
  );
}

function programs({ programs }: Bench): string {
  return table(
    ['', 'prompt', 'tokens', 'cold', 'warm', 'lines/s warm', 'best tenth', 'plain pass', 'kernel/plain'],
    programs.map((report) => [
      SHOWN[report.program],
      number(report.prompt),
      number(report.tokens),
      million(report.cold),
      million(report.warm),
      million(report.warm / report.tokensPerLine),
      million(report.peak),
      number(report.plain),
      `${number(report.generation / report.plain)} ×`,
    ]),
  );
}

function starts({ programs, start }: Bench): string {
  const rows = programs.map((report): Cell[] => [
    SHOWN[report.program],
    ms(report.readModel),
    ms(report.makeKernel),
    ms(report.readPrompt),
    number(report.functions),
    ms(report.compile),
    ms(report.compileV8),
    number(report.bytesPerToken),
    report.leftToGraph,
  ]);
  const head = [
    '',
    'model read',
    'kernel made',
    'prompt read',
    'functions',
    'generated in',
    'of it V8',
    'bytes/token',
    'left to the graph',
  ];
  const whole = table(
    ['from the command to its end, or from F5', '', 'to `--version`', 'target', ''],
    start.map(({ what, time, ratio, target }) => [
      what,
      seconds(time),
      `${number(ratio)} ×`,
      target === undefined ? '' : `≤ ${target} ×`,
      target === undefined ? '' : ratio <= target ? 'met' : '**not met**',
    ]),
  );
  return `${table(head, rows)}\n\n${whole}`;
}

function attention({ attention }: Bench): string {
  return table(
    ['context', 'standard', 'hardmax', 'hull', 'kernel'],
    attention.map(({ context, standard, hardmax, hull, kernel }) => [
      number(context),
      number(standard),
      number(hardmax),
      number(hull),
      kernel === undefined ? '–' : number(kernel),
    ]),
  );
}

function past({ past, debugging }: Bench): string {
  const { inspect, state } = past;
  const looks = table(
    ['looking back, of 6 million tokens', 'median', '99 %'],
    [
      ['a token: every head, residual stream, logits', ms(inspect.median), ms(inspect.p99)],
      ['the machine before a line: stack, locals of all calls, 4 KiB of memory', ms(state.median), ms(state.p99)],
    ],
  );
  const rates = table(
    ['Sudoku, in a debugger', 'tokens/s', 'comes to the breakpoint'],
    debugging.map(({ what, rate, arrivals }) => [what, million(rate), arrivals === 0 ? '' : number(arrivals)]),
  );
  const history = `The history of lines and writes costs ${number(past.historyAppend)} ns and ${number(past.historyBytes)} bytes per token; the kernel keeps ${number(past.kernelBytes)}. The first look of a process takes ${ms(inspect.first)}: its code is compiled then.`;
  return `${looks}\n\n${history}\n\n${rates}`;
}

function profile({ profile }: Bench): string {
  const rows = (parts: readonly (readonly [string, number])[]) => parts.map(([part, time]) => [part, number(time)]);
  return `${table(['kernel, warm, ns per token', ''], rows(profile.kernel))}\n\n${table(['plain pass, hull, ns per token', ''], rows(profile.plain))}`;
}

/** What docs/performance.md shows. */
function floats(bench: Bench): string {
  const rows = bench.floats.map(({ operator, lines, most }) => [`\`${operator}\``, number(lines), most]);
  return table(['operator', 'on average', 'at most'], rows);
}

export function forPerformance(bench: Bench): string {
  const sections: [string, string][] = [
    ['Targets', targets(bench)],
    ['Programs (tokens per second)', programs(bench)],
    ['Start and memory', starts(bench)],
    ['Attention (tokens per second)', attention(bench)],
    ['The past, and breakpoints', past(bench)],
    ['Where the time goes', profile(bench)],
    ['Floats (lines an operation)', floats(bench)],
  ];
  return `${bench.machine}.\n\n${sections.map(([title, text]) => `### ${title}\n\n${text}`).join('\n\n')}`;
}

/** Milliseconds of `npm start`. */
function demo({ start }: Bench): number {
  const report = start.find(({ what }) => what.startsWith('`npm start`'));
  if (report === undefined) throw new Error('`npm start` was not measured');
  return report.time;
}

/** What the README shows. */
export function forReadme(bench: Bench): string {
  const rows = bench.programs.map((report) => [
    SHOWN[report.program],
    number(report.tokens),
    seconds((1000 * report.tokens) / report.cold),
    seconds((1000 * report.tokens) / report.warm),
    million(report.warm),
    million(report.warm / report.tokensPerLine),
    million(report.plain),
  ]);
  const head = ['', 'tokens', 'cold', 'warm', 'tokens/s', 'instructions/s', 'plain pass, tokens/s'];
  const { inspect } = bench.past;
  return `Measured with ${bench.machine}. Cold: the first run of a process, with all that is compiled on the way; warm: the
second, which the rates are of. Short programs are over before what they need has been compiled.

${table(head, rows)}

\`npm start\`, from nothing to the verified solution, clang included: ${seconds(demo(bench))}. Looking at one of 6 million past
tokens, with every head, the residual stream and the logits: ${ms(inspect.median)} (99 %: ${ms(inspect.p99)}). More in
[performance](docs/performance.md).`;
}

/** Replaces what stands between `<!-- name… -->` and `<!-- /name -->` in a file. */
export function writeBetween(file: string, name: string, text: string): void {
  const old = readFileSync(file, 'utf8');
  const pattern = new RegExp(`(<!-- ${name}[^>]*-->)[\\s\\S]*(<!-- /${name} -->)`);
  if (!pattern.test(old)) throw new Error(`${file} has no place for ${name}`);
  writeFileSync(
    file,
    old.replace(pattern, (_, start: string, end: string) => `${start}\n\n${text}\n\n${end}`),
  );
}
