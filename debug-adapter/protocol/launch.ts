/**
 * A launch configuration: its attributes, checked, and the program they name, loaded.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PlacedError } from '../../engine/errors.ts';
import { LIMITS } from '../../engine/isa/limits.ts';
import { loadSaved, type SavedRecording, unpackRecording } from '../../engine/recording/saved-recording.ts';
import { ATTENTIONS, ENGINES, type Engine } from '../../engine/run/engines.ts';
import { DEFAULT_BUDGET } from '../../engine/run/run.ts';
import { type Compiler, type Optimize, STACK_SIZE } from '../../engine/toolchain/compile.ts';
import { readGivenFiles } from '../../engine/toolchain/given-files.ts';
import { inputOf, type Loaded, load } from '../../engine/toolchain/load.ts';
import { readSurroundings } from '../../engine/toolchain/surroundings.ts';
import type { Attention } from '../../engine/transformer/transformer.ts';
import { as, checkSent, flag, integer, kind, list, oneOf, optional, otherwise, record, text } from './schema.ts';

/** The attributes of a launch configuration. */
export interface LaunchOptions {
  program: string[];
  args: string[];
  stdin: string | undefined;
  /** Ask for standard input whenever the program reads what there is not yet. */
  asks: boolean;
  stdinFile: string | undefined;
  /** Undefined: stop unless a breakpoint is set. */
  stopOnEntry: boolean | undefined;
  optimize: Optimize;
  attention: Attention;
  /** Undefined: the kernel, where it has that attention. */
  engine: Engine | undefined;
  /** Most tokens to generate. */
  maxTokens: number;
  /** Most tokens for a function that an expression calls. */
  maxCallTokens: number;
  /** Megabytes that the recording may take before the run stops and says so. */
  maxMemory: number;
  includePaths: string[];
  /** For the compiler. Relative paths in them start from `cwd`. */
  clangArgs: string[];
  cwd: string;
  /** Bytes of stack, for C. */
  stackSize: number | undefined;
  /** `PATH` or `PATH=HOST`: files that the program finds. */
  files: string[];
  /** Variables of the program's environment. */
  env: Record<string, string>;
  /** The date on which the program starts, as ISO 8601 has it. */
  startDate: string | undefined;
  /** Tell the client that the program has exited as soon as it has, not only when the session is over. */
  exitedAtEnd: boolean;
  /** The client says by itself why a launch failed: the answer does not ask for it. */
  showsFailures: boolean;
  /** Run without stopping, and end when the program ends. */
  noDebug: boolean;
}

/** About a second: a person waits for it. */
export const DEFAULT_CALL_TOKENS = 1_000_000;

/** More than a recording of as many tokens as there are positions takes. */
const DEFAULT_MEGABYTES = 8192;

const PATHS = kind<string | string[]>('a path, or a list of paths', (value) => {
  const paths = [value].flat();
  return paths.length > 0 && paths.every((path) => typeof path === 'string' && path !== '');
});

const STDIN = kind<string | { ask: boolean }>(
  'a text, or {"ask": true}',
  (value) => typeof value === 'string' || typeof (value as { ask?: unknown } | null)?.ask === 'boolean',
);

const ENV = kind<Record<string, string>>(
  'an object of texts by name',
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string'),
);

const PATH = kind<string>('the path of a recording', (value) => typeof value === 'string' && value !== '');

const ATTRIBUTES = record({
  program: as(PATHS, (program) => [program].flat()),
  args: otherwise(list(text), []),
  stdin: optional(STDIN),
  stdinFile: optional(text),
  stopOnEntry: optional(flag),
  optimize: otherwise(oneOf(['O0', 'O1', 'O2']), 'O0'),
  attention: otherwise(oneOf(ATTENTIONS), 'hull'),
  engine: optional(oneOf(ENGINES)),
  maxTokens: otherwise(integer({ min: 1 }), DEFAULT_BUDGET),
  maxCallTokens: otherwise(integer({ min: 1, max: LIMITS.tokens }), DEFAULT_CALL_TOKENS),
  maxMemory: otherwise(integer({ min: 1 }), DEFAULT_MEGABYTES),
  includePaths: otherwise(list(text), []),
  clangArgs: otherwise(list(text), []),
  files: otherwise(list(text), []),
  env: otherwise(ENV, {}),
  startDate: optional(text),
  stackSize: optional(integer({ min: STACK_SIZE.least, max: STACK_SIZE.most })),
  cwd: optional(text),
  exitedAtEnd: otherwise(flag, false),
  showsFailures: otherwise(flag, false),
  noDebug: otherwise(flag, false),
});

/** Reads the attributes, paths made absolute. @throws BadRequest naming the first that does not fit */
export function launchOptions(raw: unknown): LaunchOptions {
  const { cwd = process.cwd(), ...attributes } = checkSent(ATTRIBUTES, 'launch', raw);
  const { program, stdin, stdinFile, includePaths } = attributes;
  return {
    ...attributes,
    stdin: typeof stdin === 'string' ? stdin : undefined,
    asks: typeof stdin === 'object' && stdin.ask && stdinFile === undefined,
    program: program.map((file) => resolve(cwd, file)),
    stdinFile: stdinFile ? resolve(cwd, stdinFile) : undefined,
    includePaths: includePaths.map((path) => resolve(cwd, path)),
    cwd,
  };
}

/** A program with its input. */
export interface Launched {
  loaded: Loaded;
  input: Uint8Array;
}

const RECORDING = record({ recording: PATH, cwd: optional(text) });

/** A recording to go on in. */
export interface Opened extends Launched {
  options: LaunchOptions;
  saved: SavedRecording;
  /** The file, for errors. */
  file: string;
}

/** Opens what an `attach` names. @throws BadRequest for attributes that do not fit, PlacedError for what is no recording */
export async function openRecording(raw: unknown): Promise<Opened> {
  const { recording, cwd = process.cwd() } = checkSent(RECORDING, 'attach', raw);
  const file = resolve(cwd, recording);
  const saved = unpackRecording(await readRecording(file), file);
  const { made, settings, input, asks: ask } = saved;
  const options = launchOptions({ ...(raw as object), ...settings, stdin: { ask }, program: made.files });
  return { options, saved, file, loaded: await loadSaved(saved), input };
}

async function readRecording(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new PlacedError(`the recording cannot be read: ${(error as Error).message}`, { file });
  }
}

/** Compiles or reads the program and its input. @throws PlacedError; CompileFailed with the compiler's diagnostics */
export async function loadProgram(options: LaunchOptions, compiler: Compiler, signal: AbortSignal): Promise<Launched> {
  const { optimize, includePaths, clangArgs, cwd, stackSize } = options;
  const stdin = await readStdin(options);
  const givenFiles = await readGivenFiles(options.files, cwd);
  const env = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
  const surroundings = readSurroundings(env, options.startDate);
  const compiling = { optimize, includePaths, clangArgs, cwd, stackSize, givenFiles, surroundings, compiler, signal };
  const loaded = await load(options.program, { ...compiling, disassemble: true });
  signal.throwIfAborted();
  return { loaded, input: inputOf(loaded, options.args, stdin) };
}

async function readStdin({ stdin, stdinFile }: LaunchOptions): Promise<Uint8Array> {
  if (stdin !== undefined && stdinFile !== undefined) {
    throw new PlacedError('both `stdin` and `stdinFile` are set; leave one of them out');
  }
  if (stdinFile === undefined) return new TextEncoder().encode(stdin ?? '');
  try {
    return await readFile(stdinFile);
  } catch (error) {
    throw new PlacedError(`standard input cannot be read: ${(error as Error).message}`, { file: stdinFile });
  }
}
