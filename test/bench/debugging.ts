/**
 * What a debugger around the kernel costs: Inkala's Sudoku from its start to its end, with breakpoints that never stop.
 *
 * Every run has a kernel of its own in a process that is warm; the median of a few is reported.
 */
import { readFileSync } from 'node:fs';
import { Breakpoints } from '../../debug-adapter/breakpoints/breakpoints.ts';
import type { BreakpointSpec } from '../../debug-adapter/protocol/dap-messages.ts';
import { launchOptions } from '../../debug-adapter/protocol/launch.ts';
import { Debuggee } from '../../debug-adapter/recording/debuggee.ts';
import { SLICE } from '../../debug-adapter/recording/pace.ts';
import { Recording } from '../../debug-adapter/recording/recording.ts';
import { pageUri } from '../../debug-adapter/recording/trace-pages.ts';
import { transformerSources } from '../../debug-adapter/recording/transformer-source.ts';
import { Branches } from '../../debug-adapter/session/branches.ts';
import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { readModel } from '../../engine/run/model-files.ts';
import { inputOf } from '../../engine/toolchain/load.ts';
import { History } from '../../engine/trace/history.ts';
import { quantile, timed } from './measure.ts';
import { exampleFile, loadExample } from './programs.ts';

/** Tokens per second of the whole run, and how often it came to where the breakpoint lies. */
export interface DebuggingReport {
  readonly what: string;
  readonly rate: number;
  readonly arrivals: number;
}

const RUNS = 3;
const BATCH = 4096;

const file = exampleFile('sudoku');
const lineOf = (text: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;
const place = lineOf('int row = cell / 9, column = cell % 9;');
const innermost = lineOf('if (*can & digit) {');

/** Breakpoints that are set, one at a time. */
const CASES: readonly { what: string; path?: string; line?: number; more?: Partial<BreakpointSpec> }[] = [
  { what: 'continue, no breakpoint' },
  { what: 'a condition that is false', path: file, line: place, more: { condition: 'cell == 1000' } },
  { what: 'a hit count that is never reached', path: file, line: place, more: { hitCondition: '100000000' } },
  {
    what: 'a false condition in the innermost loop',
    path: file,
    line: innermost,
    more: { condition: 'k == 12345' },
  },
  { what: 'a trace line behind the end', path: pageUri(9999), line: 1 },
];

const loaded = await loadExample('sudoku');
const input = inputOf(loaded, [], new Uint8Array());
const prompt = encodePrompt(loaded.program, input);
const model = await readModel();
const options = launchOptions({ program: file, stopOnEntry: false });
const sources = transformerSources();

/** The kernel, with or without a history of what it says. */
function bare(history: History | undefined): number {
  const kernel = Kernel.create(model);
  const time = timed(() => {
    kernel.append(prompt);
    for (let made = BATCH; made === BATCH; ) {
      const from = kernel.length;
      made = kernel.generate(BATCH);
      history?.append(kernel.read(from, kernel.length));
    }
  });
  return (1000 * (kernel.length - prompt.length)) / time;
}

async function session({ path, line = 0, more }: (typeof CASES)[number]): Promise<{ rate: number; arrivals: number }> {
  const breakpoints = new Breakpoints();
  const source = await sources.source({ ...options, program: loaded.program, input });
  const recording = new Recording({ program: loaded.program, input, source, budget: options.maxTokens });
  const debuggee = new Debuggee(loaded);
  const session = new Branches({ debuggee, recording, breakpoints, options, emit: () => {} });
  if (path !== undefined) {
    const spec = {
      line,
      column: undefined,
      condition: undefined,
      hitCondition: undefined,
      logMessage: undefined,
      ...more,
    };
    breakpoints.handlers.setBreakpoints({ source: path, breakpoints: [spec] });
  }
  const time = timed(() => {
    session.request('configurationDone', {});
    while (session.busy) session.work(SLICE);
  });
  const cursors = new Set(path === undefined ? [] : debuggee.code.cursorsOf(path, line));
  let arrivals = 0;
  for (let i = 0; i < recording.lines; i++) if (cursors.has(recording.cursorOf(i))) arrivals++;
  return { rate: (1000 * recording.generated) / time, arrivals };
}

const reports: DebuggingReport[] = [];
const median = async (run: () => { rate: number } | Promise<{ rate: number }>) => {
  const rates: number[] = [];
  for (let i = 0; i < RUNS; i++) rates.push((await run()).rate);
  return quantile(rates, 0.5);
};
bare(undefined);
reports.push({ what: 'the kernel alone', arrivals: 0, rate: await median(() => ({ rate: bare(undefined) })) });
const withHistory = () => ({ rate: bare(new History(loaded.program, prompt)) });
reports.push({ what: 'with the history of lines and writes', arrivals: 0, rate: await median(withHistory) });
for (const one of CASES) {
  const { arrivals } = await session(one);
  reports.push({ what: one.what, arrivals, rate: await median(() => session(one)) });
}
console.log(JSON.stringify(reports));
