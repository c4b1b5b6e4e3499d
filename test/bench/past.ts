/** What looking at the past costs on a recording of 6 million tokens, and what keeping it costs while it is made. */

import { encodePrompt } from '../../engine/isa/prompt.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { readModel } from '../../engine/run/model-files.ts';
import { inputOf } from '../../engine/toolchain/load.ts';
import { History } from '../../engine/trace/history.ts';
import { quantile, randomNumbers, timed } from './measure.ts';
import { loadExample } from './programs.ts';

/** Milliseconds, nanoseconds per token, bytes per token. */
export interface PastReport {
  readonly tokens: number;
  /** A token's pass: heads, residual stream, logits. `first`: in a process that never did one. */
  readonly inspect: { readonly first: number; readonly median: number; readonly p99: number };
  /** The machine before a line: the stack, all open calls' cells, 4 KiB of memory. */
  readonly state: { readonly median: number; readonly p99: number };
  readonly historyAppend: number;
  readonly historyBytes: number;
  readonly kernelBytes: number;
}

const TOKENS = 6_000_000;
const LOOKS = 1000;
const BATCH = 4096;

const loaded = await loadExample('sudoku');
const { program } = loaded;
const prompt = encodePrompt(program, inputOf(loaded, [], new Uint8Array()));
const kernel = Kernel.create(await readModel());
kernel.append(prompt);
const history = new History(program, prompt);
let appending = 0;
while (kernel.length < TOKENS) {
  const from = kernel.length;
  kernel.generate(Math.min(BATCH, TOKENS - from));
  const tokens = kernel.read(from, kernel.length);
  appending += timed(() => history.append(tokens));
}

const random = randomNumbers();
const looks = Array.from({ length: LOOKS }, () => {
  const token = Math.floor(random() * kernel.length);
  return timed(() => kernel.inspect(token));
});

/** Reads the machine before a line, as a debugger shows it. */
function look(line: number): void {
  const moment = history.moment(line);
  for (let i = 0; i < moment.stackDepth; i++) moment.stackBits(i);
  const cells = (moment.callDepth + 1) * program.stride;
  for (let cell = 0; cell < cells; cell++) moment.cell(cell);
  for (const call of moment.calls) history.cursorOf(call);
  moment.memory(Math.max(0, 256 * 1024 - 4096), 4096);
}
const states = Array.from({ length: LOOKS }, () => {
  const line = Math.floor(random() * history.lines);
  return timed(() => look(line));
});

const report: PastReport = {
  tokens: kernel.length,
  inspect: { first: looks[0], median: quantile(looks, 0.5), p99: quantile(looks, 0.99) },
  state: { median: quantile(states, 0.5), p99: quantile(states, 0.99) },
  historyAppend: (1e6 * appending) / (kernel.length - prompt.length),
  historyBytes: history.bytes / kernel.length,
  kernelBytes: kernel.bytes / kernel.length,
};
console.log(JSON.stringify(report));
