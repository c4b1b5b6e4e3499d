/**
 * `stepformer run`: a program inside the model, its output as it appears, and what the run cost.
 */
import { basename } from 'node:path';
import { LIMITS } from '../isa/limits.ts';
import { promptFor } from '../isa/specialized-prompt.ts';
import { writeProfile } from '../profile/file.ts';
import { Profiler } from '../profile/profile.ts';
import { type Context, ContextRun, contextLength, LEAST_CONTEXT } from '../run/contexts.ts';
import { ATTENTIONS, createGenerator, ENGINES, type Engine } from '../run/engines.ts';
import { EXIT_STATUS } from '../run/exit-status.ts';
import { readReadyModel } from '../run/model-files.ts';
import type { Output } from '../run/output.ts';
import { DEFAULT_BUDGET } from '../run/run.ts';
import { finish } from '../steps.ts';
import { type ReplyCache, userCache } from '../toolchain/cache/reply-cache.ts';
import { type Diagnostic, type Optimize, STACK_SIZE } from '../toolchain/compile.ts';
import { readGivenFiles, writtenFiles } from '../toolchain/given-files.ts';
import { readsInput } from '../toolchain/input.ts';
import { inputOf, type Loaded, load } from '../toolchain/load.ts';
import { type NativeResult, runNative, sameTrap } from '../toolchain/native/native.ts';
import { readSurroundings, type Surroundings } from '../toolchain/surroundings.ts';
import { STREAMS } from '../trace/output.ts';
import type { Attention } from '../transformer/transformer.ts';
import {
  answering,
  choice,
  compilerArguments,
  ownArguments,
  type Parsed,
  parseOptions,
  UsageError,
  wholeNumber,
} from './options.ts';
import { ProgressLine } from './progress-line.ts';
import { RecordingFile } from './recording-file.ts';
import { cacheText, type Ended, type Ending, endingOf, endingText, reportOf, statusOf, summaryText } from './report.ts';
import { isTyped, standardInput } from './standard-input.ts';
import { TraceFile } from './trace-file.ts';
import { TypedInput } from './typed-input.ts';
import { saveFiles } from './write-files.ts';
import { writePieces } from './write-output.ts';

const OPTIONS = {
  stdin: 'value',
  arg: 'values',
  attention: 'value',
  optimize: 'value',
  'stack-size': 'value',
  file: 'values',
  out: 'value',
  env: 'values',
  date: 'value',
  engine: 'value',
  model: 'value',
  trace: 'value',
  record: 'value',
  profile: 'value',
  'max-tokens': 'value',
  context: 'value',
  verify: 'flag',
  summary: 'flag',
  'no-cache': 'flag',
  json: 'flag',
} as const;

/** Milliseconds of generation between looks at anything else, and tokens between two looks at the clock. */
const SLICE = 50;
const BATCH = 4096;

interface Options {
  readonly files: readonly string[];
  readonly args: readonly string[];
  readonly stdin: string | undefined;
  readonly attention: Attention;
  readonly engine: Engine | undefined;
  readonly model: string | undefined;
  readonly optimize: Optimize;
  readonly clangArgs: readonly string[];
  readonly stackSize: number | undefined;
  readonly given: readonly string[];
  readonly out: string | undefined;
  readonly surroundings: Surroundings;
  readonly trace: string | undefined;
  readonly record: string | undefined;
  readonly profile: string | undefined;
  readonly maxTokens: number;
  /** Tokens of a context, where it is said. */
  readonly context: number | undefined;
  readonly verify: boolean;
  readonly summary: boolean;
  readonly cache: ReplyCache | undefined;
  readonly json: boolean;
}

/** Runs a program; resolves with the exit status. */
export function run(args: readonly string[]): Promise<number> {
  const own = ownArguments(args);
  const theirs = args.slice(own.length + 1);
  const { clangArgs, others } = compilerArguments(own);
  return answering(own, () => runProgram(readOptions(parseOptions(others, OPTIONS), theirs, clangArgs)));
}

/** `theirs`: arguments of the program, behind those of `--arg`. */
function readOptions(parsed: Parsed, theirs: readonly string[], clangArgs: readonly string[]): Options {
  if (parsed.files.length === 0) throw new UsageError('no program given: name C files, or one .wat or .wasm file');
  return {
    files: parsed.files,
    args: [...parsed.values('arg'), ...theirs],
    stdin: parsed.value('stdin'),
    attention: choice(parsed, 'attention', ATTENTIONS),
    engine: parsed.value('engine') === undefined ? undefined : choice(parsed, 'engine', ENGINES),
    model: parsed.value('model'),
    optimize: choice(parsed, 'optimize', ['O0', 'O1', 'O2']),
    clangArgs,
    stackSize: wholeNumber(parsed, 'stack-size', STACK_SIZE.least, STACK_SIZE.most),
    given: parsed.values('file'),
    out: parsed.value('out'),
    surroundings: readSurroundings(parsed.values('env'), parsed.value('date')),
    trace: parsed.value('trace'),
    record: parsed.value('record'),
    profile: parsed.value('profile'),
    maxTokens: wholeNumber(parsed, 'max-tokens', 1, Number.MAX_SAFE_INTEGER) ?? Number.POSITIVE_INFINITY,
    context: wholeNumber(parsed, 'context', LEAST_CONTEXT, LIMITS.tokens),
    verify: parsed.flag('verify'),
    summary: parsed.flag('summary'),
    cache: parsed.flag('no-cache') ? undefined : userCache(),
    json: parsed.flag('json'),
  };
}

async function runProgram(options: Options): Promise<number> {
  // The model is made ready while clang, in a process of its own, compiles.
  const [loaded, { generator, checksum }] = await Promise.all([
    readGivenFiles(options.given, process.cwd()).then((givenFiles) => load(options.files, { ...options, givenFiles })),
    readReadyModel(options.model).then(({ model, prepared, checksum }) => ({
      generator: createGenerator(model, options.attention, options.engine, prepared),
      checksum,
    })),
  ]);
  if (!options.json) process.stderr.write(loaded.warnings.map(warningText).join(''));
  const reads = readsInput(loaded.module, loaded.program);
  const typed = isTyped(options.stdin, reads) ? new TypedInput(process.stdin) : undefined;
  const stdin = await standardInput(options.stdin, reads);
  const input = inputOf(loaded, options.args, stdin);
  const trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const profiler = options.profile === undefined ? undefined : new Profiler(loaded);
  const recording = options.record === undefined ? undefined : new RecordingFile(options.record);
  /** What is kept of a context that is over. */
  const keep = (run: ContextRun, isLast: boolean) => {
    trace?.write(run);
    recording?.add(run, isLast);
    if (profiler) finish(profiler.read(run.history, run.first, run.history.lines));
  };
  const { config } = generator.model;
  const generation = new ContextRun(loaded.program, { input, more: typed !== undefined }, generator, {
    budget: options.maxTokens,
    prompt: (program, bytes, more) => promptFor(config, program, bytes, more),
    length: (state) => contextLength(state, options.context),
    leaving: (run) => keep(run, false),
  });
  const natively = (typedPieces: readonly Uint8Array[]) =>
    options.verify ? runNative(loaded.wasm, Buffer.concat([input, ...typedPieces])) : undefined;
  // On the other core, meanwhile. What is typed is known only when the program has read it.
  const before = typed ? undefined : natively([]);
  // Should generation fail, that is what is told.
  before?.catch(() => {});
  const stop = await generate(generation, options, trace, typed);
  keep(generation, true);
  trace?.close(loaded);
  if (profiler && options.profile !== undefined)
    writeProfile(options.profile, profiler.profile, basename(loaded.files[0]));
  const native = before ?? natively(typed?.pieces ?? []);
  // Whoever opens it is asked before more is generated than is usual there, unless this run says how much.
  const maxTokens = Number.isFinite(options.maxTokens) ? options.maxTokens : DEFAULT_BUDGET;
  const settings = { ...options, maxTokens };
  recording?.write(loaded, { input, asks: typed !== undefined }, generation, settings, checksum);
  if (options.out !== undefined) await saveFiles(options.out, writtenAtEnd(generation, loaded));
  const ending = endingOf(stop, generation, loaded);
  const verified = native && agrees(await native, ending, generation.output);
  if (options.json) {
    const report = reportOf(generation, ending);
    const all = { ...report, verified: verified ?? null, cached: loaded.cached, model: generator.model.sizes() };
    process.stdout.write(`${JSON.stringify(all)}\n`);
  } else {
    process.stderr.write(`${endingText(ending)}${verdictText(verified, await native)}`);
    if (options.summary) {
      process.stderr.write(`${summaryText(generation, generator.model)}${cacheText(loaded, options.cache)}`);
    }
  }
  return verified === false ? EXIT_STATUS.differs : statusOf(ending);
}

/** Files that the program made or changed, by their paths. */
function writtenAtEnd({ history }: Context, { program }: Loaded): (readonly [string, Uint8Array])[] {
  const moment = history.moment(Math.max(0, history.lines - 1));
  return writtenFiles(program, moment).map(({ path, bytes }) => [path, bytes]);
}

/** As compilers print it. */
function warningText({ severity, message, file, line, column }: Diagnostic): string {
  const place = [file, ...(line > 0 ? [line, column] : [])].filter((part) => part !== '').join(':');
  return `${place === '' ? '' : `${place}: `}${severity}: ${message}\n`;
}

/** Generates to the end or until Ctrl-C, and meanwhile shows what is written and how far it is. */
async function generate(
  generation: ContextRun,
  { json }: Options,
  trace?: TraceFile,
  typed?: TypedInput,
): Promise<Ended> {
  const progress = new ProgressLine(json ? undefined : process.stderr);
  const interruption = new AbortController();
  const { signal } = interruption;
  const interrupt = () => interruption.abort();
  const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
  // Once: a second one ends the process, whatever it is at.
  process.once('SIGINT', interrupt);
  try {
    for (let shown = 0; ; ) {
      const end = performance.now() + SLICE;
      while (!generation.stop && performance.now() < end) generation.advance(BATCH);
      const { output, stop } = generation;
      trace?.write(generation);
      if (!json && output.length > shown) {
        progress.clear();
        writePieces(output.pieces(shown));
        shown = output.length;
      }
      const waits = stop?.kind === 'input' && typed !== undefined;
      if (waits) {
        progress.clear();
        await Promise.race([typed.answer(generation), aborted]);
      } else {
        progress.show(generation);
        // Lets signals and the output through.
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (signal.aborted) {
        typed?.abandon();
        return stop && !waits ? stop : { kind: 'interrupted' };
      }
      if (stop && !waits) return stop;
    }
  } finally {
    process.off('SIGINT', interrupt);
    progress.clear();
    // What is waited for of it may never come.
    if (signal.aborted && typed) process.stdin.destroy();
    else await typed?.close();
  }
}

/** Whether the native run agrees; undefined when there is no end to compare and the output agrees so far. */
function agrees(native: NativeResult, ending: Ending, output: Output): boolean | undefined {
  const ended = ending.kind === 'halt' || ending.kind === 'trap';
  for (const stream of STREAMS) {
    const ours = output.of(stream);
    // What the machine's program writes of it, V8's leaves to whoever runs it.
    const said = stream === 'errors' && ending.uncaught !== undefined ? `${ending.uncaught}\n` : '';
    const theirs = Buffer.concat([native[stream], Buffer.from(said)]);
    if (!(ended ? theirs : theirs.subarray(0, ours.length)).equals(ours)) return false;
  }
  if (!ended) return undefined;
  if (ending.kind !== native.exit.kind) return false;
  return ending.kind === 'trap'
    ? sameTrap(ending.reason ?? '', native.exit.reason ?? '')
    : ending.code === native.exit.code;
}

function verdictText(verified: boolean | undefined, native: NativeResult | undefined): string {
  if (verified === undefined) return '';
  if (verified) return 'verified: the native run agrees\n';
  return native?.exit.kind === 'refused'
    ? `not verified: V8 does not run this module: ${native.exit.reason}\n`
    : 'not verified: the native run differs in output, errors or exit\n';
}
