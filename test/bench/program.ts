/**
 * One program in a process of its own: the kernel cold and warm, the plain pass, start-up and memory.
 *
 * Cold is the process's first run, from making the kernel to the last token, with everything that is compiled on the
 * way. Warm is the second run in the same process, also from making the kernel to the last token. The plain pass has
 * read the prompt before its clock starts; so the ratio is to the kernel's warm run without its prompt.
 */

import { Kernel } from '../../engine/kernel/kernel.ts';
import { type ReadyModel, readReadyModel } from '../../engine/run/model-files.ts';
import { KIND, KINDS } from '../../engine/trace/notation.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { quantile, timed } from './measure.ts';
import { LONG, promptOf } from './programs.ts';

/** Numbers of one program; times in milliseconds, rates per second. */
export interface ProgramReport {
  readonly program: string;
  readonly prompt: number;
  readonly tokens: number;
  readonly tokensPerLine: number;
  readonly cold: number;
  readonly warm: number;
  /** The warm run without making the kernel and reading the prompt. */
  readonly generation: number;
  /** The rate that a tenth of the warm run's slices reach. */
  readonly peak: number;
  readonly plain: number;
  readonly readModel: number;
  readonly makeKernel: number;
  readonly readPrompt: number;
  /** Generating functions while running, V8's part included. */
  readonly functions: number;
  readonly compile: number;
  readonly compileV8: number;
  readonly bytesPerToken: number;
  readonly leftToGraph: number;
  /** Rates of the warm run about the first 100,000 tokens and in its last million. */
  readonly early: number;
  readonly late: number;
}

const SLICE = 1 << 16;
const PLAIN_TOKENS = 2000;

/** Generates to the end, or `most` tokens; returns tokens and milliseconds of each slice. */
function generate(kernel: Kernel, most: number): { tokens: number; time: number }[] {
  const slices: { tokens: number; time: number }[] = [];
  for (let made = 0; made < most; ) {
    const count = Math.min(SLICE, most - made);
    let tokens = 0;
    const time = timed(() => {
      tokens = kernel.generate(count);
    });
    slices.push({ tokens, time });
    made += tokens;
    if (tokens < count) break;
  }
  return slices;
}

const rate = (slices: readonly { tokens: number; time: number }[]) =>
  (1000 * slices.reduce((sum, { tokens }) => sum + tokens, 0)) / slices.reduce((sum, { time }) => sum + time, 0);

function linesOf(kernel: Kernel, from: number): number {
  let lines = 0;
  for (const token of kernel.read(from, kernel.length)) if (KINDS[token] >= KIND.commit) lines++;
  return lines;
}

function measure(
  program: string,
  { model, prepared }: ReadyModel,
  prompt: Uint16Array,
  readModelTime: number,
): ProgramReport {
  const run = () => {
    let kernel: Kernel | undefined;
    const makeKernel = timed(() => {
      kernel = Kernel.create(model, prepared);
    });
    const made = kernel as unknown as Kernel;
    const readPrompt = timed(() => {
      made.append(prompt);
      made.generate(1);
    });
    const slices = generate(made, LONG - 1);
    const total = makeKernel + readPrompt + slices.reduce((sum, { time }) => sum + time, 0);
    return { kernel: made, makeKernel, readPrompt, slices, total };
  };
  const cold = run();
  const { kernel, makeKernel, readPrompt } = cold;
  const tokens = kernel.length - prompt.length;
  const { functions, compileTime, v8Time, left } = kernel.counts;
  const lines = linesOf(kernel, prompt.length);
  const bytesPerToken = kernel.bytes / kernel.length;
  const warm = run();
  const plain = new Transformer(model, 'hull');
  plain.append(prompt);
  let plainTokens = 0;
  const plainTime = timed(() => {
    plainTokens = plain.generate(PLAIN_TOKENS);
  });
  const full = warm.slices.filter(({ tokens }) => tokens === SLICE);
  return {
    program,
    prompt: prompt.length,
    tokens,
    tokensPerLine: tokens / lines,
    cold: (1000 * tokens) / cold.total,
    warm: (1000 * tokens) / warm.total,
    generation: rate(warm.slices),
    peak:
      full.length > 0
        ? quantile(
            full.map((slice) => rate([slice])),
            0.9,
          )
        : rate(warm.slices),
    plain: (1000 * plainTokens) / plainTime,
    readModel: readModelTime,
    makeKernel,
    readPrompt,
    functions,
    compile: compileTime,
    compileV8: v8Time,
    bytesPerToken,
    leftToGraph: left,
    early: rate(warm.slices.slice(0, 2)),
    late: rate(warm.slices.slice(-Math.ceil(1e6 / SLICE))),
  };
}

const [program] = process.argv.slice(2);
const prompt = await promptOf(program);
const start = performance.now();
const model = await readReadyModel();
console.log(JSON.stringify(measure(program, model, prompt, performance.now() - start)));
