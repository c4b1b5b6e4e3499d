/**
 * Where the time goes, sampled by V8's profiler: the kernel's warm run of Inkala's Sudoku, and the plain pass behind the
 * same prompt. A sample counts for the innermost part of the program that it lies in.
 */
import { Session } from 'node:inspector/promises';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { readModel } from '../../engine/run/model-files.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { promptOf } from './programs.ts';

/** Nanoseconds per token by part, largest first. */
export interface ProfileReport {
  readonly kernel: readonly (readonly [part: string, nanoseconds: number])[];
  readonly plain: readonly (readonly [part: string, nanoseconds: number])[];
}

interface Frame {
  readonly functionName: string;
  readonly url: string;
}
type PartOf = (frame: Frame) => string | undefined;

/** Functions of the driver (engine/kernel/code/driver.ts), which has others' wrappers before them. */
const DRIVER = { stub: 8, insert: 9, run: 10 };

const kernelPart: PartOf = ({ functionName, url }) => {
  const [, index] = /^wasm-function\[(\d+)\]$/.exec(functionName) ?? [];
  if (url.startsWith('wasm:') && index !== undefined) {
    if (Number(index) === DRIVER.run) return 'loop over tokens';
    if (Number(index) === DRIVER.insert) return 'insertion of records';
    return index === '0' ? 'generated functions' : 'other WebAssembly';
  }
  switch (functionName) {
    case '(garbage collector)':
      return 'garbage collection';
    case 'makeStage':
      return 'making functions';
    case 'note':
      return 'counts for looking back';
    case 'nearest':
      return 'nearest keys';
    case 'allocate':
    case 'reserveTokens':
      return 'memory';
    case 'checkpoint':
      return 'checkpoints of sums';
  }
  return undefined;
};

/** V8 writes the feed-forward layers into the pass itself, so they count as the rest. */
const PLAIN_PARTS: Readonly<Record<string, string>> = {
  attend: 'attention',
  argmax: 'unembedding',
  '(garbage collector)': 'garbage collection',
};
const plainPart: PartOf = ({ functionName }) => PLAIN_PARTS[functionName];

/** Profiles `work`, which generates some tokens. */
async function profiled(partOf: PartOf, work: () => number): Promise<[string, number][]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  const tokens = work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const parts = new Map<number, string>();
  const descend = (id: number, above: string) => {
    const node = nodes.get(id);
    if (!node) return;
    const part = partOf(node.callFrame) ?? above;
    parts.set(id, part);
    for (const child of node.children ?? []) descend(child, part);
  };
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  descend(profile.nodes[0].id, 'the rest');
  const times = new Map<string, number>();
  profile.samples?.forEach((id, i) => {
    const part = parts.get(id) ?? 'the rest';
    times.set(part, (times.get(part) ?? 0) + (profile.timeDeltas?.[i] ?? 0));
  });
  return [...times]
    .map(([part, microseconds]): [string, number] => [part, (1000 * microseconds) / tokens])
    .sort(([, a], [, b]) => b - a);
}

const model = await readModel();
const prompt = await promptOf('sudoku');

function runKernel(): number {
  const kernel = Kernel.create(model);
  kernel.append(prompt);
  for (let made = 1 << 16; made === 1 << 16; ) made = kernel.generate(1 << 16);
  return kernel.length - prompt.length;
}

runKernel();
const kernel = await profiled(kernelPart, runKernel);
const pass = new Transformer(model, 'hull');
pass.append(prompt);
const plain = await profiled(plainPart, () => pass.generate(10_000));
console.log(JSON.stringify({ kernel, plain } satisfies ProfileReport));
