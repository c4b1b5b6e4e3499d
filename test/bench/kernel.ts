/**
 * How fast the kernel generates, what it takes to start, what a token costs in memory and the past in time.
 *
 *     npx tsx test/bench/kernel.ts [--json FILE] [--tokens MOST] [PROGRAM...]
 *
 * Cold: a new process's first run, compilation included. Warm: the fastest tenth of the slices of a second run, which
 * is what a machine that does nothing else gives. Programs are those of examples/; `long` is a loop of 50 million tokens.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { encodePrompt } from '../../engine/isa/program.ts';
import { Kernel } from '../../engine/kernel/kernel.ts';
import { Compiler } from '../../engine/toolchain/compile.ts';
import { inputOf, load } from '../../engine/toolchain/load.ts';
import { Model } from '../../engine/transformer/model.ts';
import { Transformer } from '../../engine/transformer/transformer.ts';
import { modelFiles } from '../../engine/weights/build.ts';
import { programOf } from '../oracle/build.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const SLICE = 50_000;

/** Numbers of one program. */
interface Row {
  readonly program: string;
  readonly tokens: number;
  readonly prompt: number;
  /** Milliseconds: reading the weights, generating functions (V8's part included), the prompt. */
  readonly read: number;
  readonly compile: number;
  readonly prefill: number;
  /** Tokens per second. */
  readonly cold: number;
  readonly warm: number;
  readonly plain: number;
  readonly bytesPerToken: number;
  readonly functions: number;
  readonly leftToGraph: number;
  /** Milliseconds to inspect a random token. */
  readonly inspectMedian: number;
  readonly inspect99: number;
}

async function promptOf(name: string, compiler: Compiler): Promise<Uint16Array> {
  if (name === 'long') {
    const step = [['local.get', 0], ['i32.const', 1], ['i32.add'], ['local.tee', 0], ['br_if', -5], ['halt']] as const;
    return encodePrompt(
      programOf([['call', 1], ['halt'], ['i32.const', 1], ['local.set', 0], ...step]),
      new Uint8Array(),
    );
  }
  const loaded = await load([`${EXAMPLES}${name}.c`], { compiler });
  return encodePrompt(loaded.program, inputOf(loaded, [], new Uint8Array()));
}

/** Generates until the program ends or `most` tokens exist; returns tokens per second of each slice. */
function run(kernel: Kernel, most: number): number[] {
  const rates: number[] = [];
  while (kernel.length < most) {
    const start = performance.now();
    const made = kernel.generate(Math.min(SLICE, most - kernel.length));
    rates.push((1000 * made) / (performance.now() - start));
    if (made < SLICE) break;
  }
  return rates;
}

function measure(program: string, model: Model, prompt: Uint16Array, most: number): Row {
  const start = performance.now();
  const kernel = Kernel.create(model);
  const read = performance.now() - start;
  kernel.append(prompt);
  kernel.generate(1);
  const prefill = performance.now() - start - read;
  run(kernel, most);
  const cold = performance.now() - start;
  const { compileTime, functions, left } = kernel.counts;
  const tokens = kernel.length - prompt.length;

  const again = Kernel.create(model);
  again.append(prompt);
  const rates = run(again, most).sort((a, b) => b - a);

  const times: number[] = [];
  let at = 1;
  for (let i = 0; i < 200; i++) {
    at = (Math.imul(at, 1664525) + 1013904223) >>> 0;
    const position = Math.floor((at / 2 ** 32) * kernel.length);
    const before = performance.now();
    kernel.inspect(position);
    times.push(performance.now() - before);
  }
  times.sort((a, b) => a - b);

  const plain = new Transformer(model, 'hull');
  plain.append(prompt);
  const plainStart = performance.now();
  const made = plain.generate(Math.min(tokens, 5000));
  return {
    program,
    tokens,
    prompt: prompt.length,
    read,
    compile: compileTime,
    prefill,
    cold: (1000 * tokens) / cold,
    warm: rates[Math.floor(rates.length / 10)],
    plain: (1000 * made) / (performance.now() - plainStart),
    bytesPerToken: kernel.bytes / kernel.length,
    functions,
    leftToGraph: left,
    inspectMedian: times[100],
    inspect99: times[198],
  };
}

async function main(): Promise<void> {
  const words = process.argv.slice(2);
  const option = (name: string) => {
    const at = words.indexOf(name);
    return at < 0 ? undefined : words.splice(at, 2)[1];
  };
  const json = option('--json');
  const most = Number(option('--tokens') ?? 50_000_000);
  const programs = words.length > 0 ? words : ['add', 'collatz', 'hungarian', 'sudoku', 'long'];
  const model = Model.load(modelFiles());
  const compiler = new Compiler();
  const rows: Row[] = [];
  for (const program of programs) rows.push(measure(program, model, await promptOf(program, compiler), most));
  compiler.dispose();
  console.table(
    Object.fromEntries(
      rows.map(({ program, ...row }) => [
        program,
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value.toPrecision(4))])),
      ]),
    ),
  );
  if (json) writeFileSync(json, `${JSON.stringify(rows, null, 1)}\n`);
}

await main();
