/**
 * The plain pass with each implementation of attention as the context grows, beside the kernel.
 *
 * One sequence is read once, with the hull; at each length the caches are exchanged for a few tokens (they share keys and
 * values). The program is `long`: its addresses are small, so that softmax is exact at every length measured here.
 */

import { Kernel } from '../../engine/kernel/kernel.ts';
import { readModel } from '../../engine/run/model-files.ts';
import type { AttentionCache, KeyValueStore } from '../../engine/transformer/attention.ts';
import { HardmaxCache } from '../../engine/transformer/hardmax.ts';
import { StandardCache } from '../../engine/transformer/standard.ts';
import { type Attention, Transformer } from '../../engine/transformer/transformer.ts';
import { timed } from './measure.ts';
import { promptOf } from './programs.ts';

/** Tokens per second at a length of context. */
export interface AttentionReport {
  readonly context: number;
  readonly standard: number;
  readonly hardmax: number;
  readonly hull: number;
  /** The kernel, from this length on; none within the prompt. */
  readonly kernel: number | undefined;
}

const CONTEXTS = [1_000, 10_000, 40_000, 100_000];
/** Tokens that the plain pass generates at a length; fewer where they take long. */
const TOKENS = { standard: 5, hardmax: 20, hull: 1000 } as const;
const KERNEL_TOKENS = 200_000;

/** What this file has to know of the plain pass's inside. */
interface Inside {
  readonly groups: readonly (readonly { latest: boolean; readonly store: KeyValueStore; cache: AttentionCache }[])[];
}

/** Has the pass attend otherwise while something is done. */
function attending(pass: Transformer, attention: Attention, work: () => void): void {
  const { groups } = pass as unknown as Inside;
  const { scaleBits } = pass.model.config.softmax;
  const all = groups.flat();
  const hulls = all.map(({ cache }) => cache);
  const before = pass.length;
  for (const group of all) {
    const { store, latest } = group;
    if (attention === 'hardmax') group.cache = new HardmaxCache(store, latest);
    if (attention === 'standard') group.cache = new StandardCache(store, latest ? SLOPE : 0, scaleBits);
  }
  work();
  if (attention === 'hull') return;
  // The hulls take in what they missed.
  all.forEach((group, i) => {
    group.cache = hulls[i];
    for (let token = before; token < pass.length; token++) {
      group.store.length = token + 1;
      group.cache.append();
    }
  });
}

const model = await readModel();
const SLOPE = Math.max(...model.config.recencySlopes.flat());
const prompt = await promptOf('long');
const end = CONTEXTS[CONTEXTS.length - 1] + KERNEL_TOKENS;
const first = Kernel.create(model);
first.append(prompt);
first.generate(end);
const sequence = first.read(0, first.length);

/** Rate of passes over tokens that come next. */
function rate(pass: Transformer, attention: Attention): number {
  const count = TOKENS[attention];
  let time = 0;
  attending(pass, attention, () => {
    const from = pass.length;
    time = timed(() => pass.append(sequence.subarray(from, from + count)));
  });
  return (1000 * count) / time;
}

/** The kernel's rate over the tokens behind a length, functions made on the way included. */
function kernelRate(context: number): number {
  const kernel = Kernel.create(model);
  kernel.append(sequence.subarray(0, context));
  kernel.generate(1);
  const time = timed(() => kernel.generate(KERNEL_TOKENS));
  return (1000 * KERNEL_TOKENS) / time;
}

const pass = new Transformer(model, 'hull');
const reports: AttentionReport[] = CONTEXTS.map((context) => {
  pass.append(sequence.subarray(pass.length, context));
  const [standard, hardmax, hull] = [rate(pass, 'standard'), rate(pass, 'hardmax'), rate(pass, 'hull')];
  return { context, standard, hardmax, hull, kernel: context < prompt.length ? undefined : kernelRate(context) };
});
console.log(JSON.stringify(reports));
