/**
 * `stepformer run`: a program inside the model, its output as it appears, and what the run cost.
 */
import { readFileSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import { LIMITS } from '../isa/limits.ts';
import { promptFor } from '../isa/specialized-prompt.ts';
import { ATTENTIONS, createGenerator, ENGINES, type Engine } from '../run/engines.ts';
import { readModel } from '../run/model-files.ts';
import type { Optimize } from '../toolchain/clang/compile.ts';
import { inputOf, load } from '../toolchain/load.ts';
import { type NativeResult, runNative } from '../toolchain/native/native.ts';
import type { Model } from '../transformer/model.ts';
import type { Attention } from '../transformer/transformer.ts';
import { type Ending, Generation } from './generation.ts';
import { answering, choice, type Parsed, parseOptions, STATUS, UsageError, wholeNumber } from './options.ts';
import { ProgressLine } from './progress-line.ts';
import { TraceFile } from './trace-file.ts';

const OPTIONS = {
  stdin: 'value',
  arg: 'values',
  attention: 'value',
  optimize: 'value',
  engine: 'value',
  model: 'value',
  trace: 'value',
  'max-tokens': 'value',
  verify: 'flag',
  summary: 'flag',
  json: 'flag',
} as const;

/** Generated tokens when no budget is given: close to what the model has positions for. */
const DEFAULT_BUDGET = 64_000_000;

/** Milliseconds of generation between looks at anything else. */
const SLICE = 50;

interface Options {
  files: string[];
  args: string[];
  stdin: string | undefined;
  attention: Attention;
  engine: Engine | undefined;
  model: string | undefined;
  optimize: Optimize;
  trace: string | undefined;
  maxTokens: number;
  verify: boolean;
  summary: boolean;
}

/** Runs a program; resolves with the exit status. */
export function run(args: readonly string[]): Promise<number> {
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? args : args.slice(0, dashes);
  const theirs = dashes < 0 ? [] : args.slice(dashes + 1);
  return answering(own, () => runProgram(readOptions(parseOptions(own, OPTIONS), theirs), own.includes('--json')));
}

/** `theirs`: arguments of the program, behind those of `--arg`. */
function readOptions(parsed: Parsed, theirs: readonly string[]): Options {
  if (parsed.files.length === 0) throw new UsageError('no program given: name C files, or one .wat or .wasm file');
  return {
    files: parsed.files,
    args: [...parsed.values('arg'), ...theirs],
    stdin: parsed.value('stdin'),
    attention: choice(parsed, 'attention', ATTENTIONS),
    engine: parsed.value('engine') === undefined ? undefined : choice(parsed, 'engine', ENGINES),
    model: parsed.value('model'),
    optimize: choice(parsed, 'optimize', ['O0', 'O1', 'O2']),
    trace: parsed.value('trace'),
    maxTokens: wholeNumber(parsed, 'max-tokens', 1, LIMITS.tokens) ?? DEFAULT_BUDGET,
    verify: parsed.flag('verify'),
    summary: parsed.flag('summary'),
  };
}

async function runProgram(options: Options, json: boolean): Promise<number> {
  const stdin = readStdin(options.stdin);
  // The model is made ready while clang, in a process of its own, compiles.
  const [loaded, generator] = await Promise.all([
    load(options.files, { optimize: options.optimize }),
    readModel(options.model).then((model) => createGenerator(model, options.attention, options.engine)),
  ]);
  const input = inputOf(loaded, options.args, stdin);
  const prompt = promptFor(generator.model.config, loaded.program, input);
  const native = options.verify ? runNative(loaded.wasm, input) : undefined;
  const trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const generation = new Generation(loaded, prompt, generator, options.maxTokens);
  const progress = new ProgressLine(json ? undefined : process.stderr);
  for (let written = 0; !generation.ending; ) {
    generation.run(SLICE);
    trace?.write(generation.history);
    if (!json && generation.output.length > written) {
      progress.clear();
      process.stdout.write(generation.output.slice(written));
      written = generation.output.length;
    }
    progress.show(generation);
    // Lets signals and the output through.
    await new Promise((resolve) => setImmediate(resolve));
  }
  progress.clear();
  trace?.close();
  const verified = native && agrees(await native, generation);
  const { ending } = generation;
  if (json) {
    const report = { ...generation.report(), verified: verified ?? null, model: generator.model.sizes() };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  } else {
    tell(ending as Ending, verified);
    if (options.summary) summarise(generation, generator.model);
  }
  if (verified === false) return STATUS.diverged;
  switch (ending?.kind) {
    case 'trap':
      return STATUS.trap;
    case 'budget':
      return STATUS.budget;
    default:
      return (ending?.code ?? 0) & 0xff;
  }
}

/** What does not show in the output goes to stderr. */
function tell({ kind, reason, file, line }: Ending, verified: boolean | undefined): void {
  const where = file === undefined ? '' : `${file}:${line}: `;
  if (kind !== 'halt') process.stderr.write(`${where}${kind === 'trap' ? 'trap: ' : ''}${reason}\n`);
  if (verified === true) process.stderr.write('verified: the native run agrees\n');
  if (verified === false) process.stderr.write('not verified: the native run differs in output or exit\n');
}

/** What the run cost, on stderr. */
function summarise({ generated, lines, seconds }: Generation, model: Model): void {
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const { layers, dModel, heads } = model.sizes();
  process.stderr.write(
    `${count(generated)} tokens, ${count(lines)} instructions in ${seconds.toFixed(2)} s: ${count(generated / seconds)} tokens/s (${layers} layers, d_model ${dModel}, ${heads} heads)\n`,
  );
}

/** Whether the native run agrees; undefined when there is no end to compare and the output agrees so far. */
function agrees(native: NativeResult, { ending, output }: Generation): boolean | undefined {
  const expected = Buffer.from(native.output);
  if (ending?.kind === 'budget') return expected.subarray(0, output.length).equals(output) ? undefined : false;
  if (ending?.kind !== native.exit.kind || !expected.equals(output)) return false;
  return ending.kind === 'trap' ? ending.reason === native.exit.reason : ending.code === native.exit.code;
}

function readStdin(file: string | undefined): Uint8Array {
  if (file === undefined) return new Uint8Array();
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    // Standard input that is closed, or a terminal at its end, is empty.
    if (file === '-' && ['EOF', 'EBADF', 'EAGAIN'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return new Uint8Array();
    }
    throw new PlacedError(`standard input cannot be read: ${(error as Error).message}`, { file });
  }
}
