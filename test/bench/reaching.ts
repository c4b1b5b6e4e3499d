/** One long program in a process of its own: to its end, in as many contexts as it takes, against V8. Prints JSON. */

import { promptFor } from '../../engine/isa/specialized-prompt.ts';
import { ContextRun } from '../../engine/run/contexts.ts';
import { createGenerator } from '../../engine/run/engines.ts';
import { readReadyModel } from '../../engine/run/model-files.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { runNative } from '../../engine/toolchain/native/native.ts';

/** What it came to. Memory is the most that the process had in bytes; rates are tokens per second of its processor time. */
export interface ReachReport {
  readonly tokens: number;
  readonly contexts: number;
  /** Tokens by which contexts were told what was carried over. */
  readonly carried: number;
  readonly seconds: number;
  readonly memory: number;
  readonly first: number;
  readonly last: number;
  /** Whether output and exit are those of the native run. */
  readonly agrees: boolean;
}

/** Tokens of which the rates are. */
const PART = 1e7;
const BATCH = 1 << 16;

const [file, ...args] = process.argv.slice(2);
const { model, prepared } = await readReadyModel();
const compiler = new Compiler();
const loaded = await load([file], { compiler });
compiler.dispose();
const input = inputOf(loaded, args, new Uint8Array());
const run = new ContextRun(
  loaded.program,
  { input, more: false },
  createGenerator(model, 'hull', undefined, prepared),
  {
    budget: Number.POSITIVE_INFINITY,
    prompt: (program, bytes, more) => promptFor(model.config, program, bytes, more),
  },
);

/** Tokens, and microseconds of the processor until then: of the beginning, and of now and again since. */
const marks: (readonly [tokens: number, time: number])[] = [];
const mark = () => {
  marks.push([run.generated, process.cpuUsage().user]);
};
const start = performance.now();
for (mark(); !run.stop; ) {
  run.advance(BATCH);
  if (run.generated - marks[marks.length - 1][0] >= PART / 10) mark();
}
const seconds = (performance.now() - start) / 1000;
mark();
const memory = 1024 * process.resourceUsage().maxRSS;
const rate = ([from, since]: readonly [number, number], [to, until]: readonly [number, number]) =>
  (1e6 * (to - from)) / (until - since);
const end = marks[marks.length - 1];
const early = marks.find(([tokens]) => tokens >= PART) ?? end;
const late = marks.findLast(([tokens]) => tokens <= end[0] - PART) ?? marks[0];

const native = await runNative(loaded.wasm, input);
const { stop, output } = run;
const agrees =
  stop?.kind === 'ended' &&
  stop.end.kind === 'halt' &&
  native.exit.kind === 'halt' &&
  stop.end.code === native.exit.code &&
  Buffer.from(native.output).equals(output.of('output'));
const report: ReachReport = {
  tokens: run.generated,
  contexts: run.count,
  carried: run.carriedTokens,
  seconds,
  memory,
  first: rate(marks[0], early),
  last: rate(late, end),
  agrees,
};
console.log(JSON.stringify(report));
