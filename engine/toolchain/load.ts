/**
 * Files to a token program: the toolchain's stages in their order.
 *
 *     C files --clang--> wasm <--wabt-- .wat        read, or made
 *                         |
 *                      validate                     wabt's judgement of modules that are not clang's
 *                         |
 *          decode ---- debug information            module; source lines and variables: from DWARF, a source map,
 *            |                                      or the module's text
 *          lower                                    token program
 *
 * The extension of the first file decides: several C files make one program, a `.wat` or `.wasm` is one by itself.
 */
import { readFile, stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { type DebugInfo, readDebugInfo } from '../debuginfo/index.ts';
import { PlacedError } from '../errors.ts';
import type { TokenProgram } from '../isa/program.ts';
import { validate, wasmToWat, watToWasm } from '../wat/wat.ts';
import type { ReplyCache } from './cache/reply-cache.ts';
import { hostPath, virtualPath } from './clang/paths.ts';
import { Compiler, type Diagnostic, type Optimize } from './compile.ts';
import { mappedSources } from './debug/mapped-sources.ts';
import { textInfo } from './debug/text.ts';
import { embeddedUri } from './debug/texts.ts';
import { decode } from './decode/decode.ts';
import type { WasmModule } from './decode/module.ts';
import type { ProgramFile } from './given-files.ts';
import { loadHelpers } from './helpers/load-helpers.ts';
import { hasHost, importsWasi, isNothing, withGiven } from './host/given.ts';
import { encodeInput, MOST_ARGUMENTS, takesArguments } from './input.ts';
import { type LowerOptions, lower, type SourceLine } from './lower/lower.ts';
import type { Surroundings } from './surroundings.ts';

/** What a program is written in. */
export type Language = 'c' | 'wat' | 'wasm';

export interface LoadOptions {
  /** For C; `O0` is the default. */
  readonly optimize?: Optimize;
  /** For C: directories for `#include`. */
  readonly includePaths?: readonly string[];
  /** For C: arguments of the compiler, and bytes of stack; see `CompileOptions`. */
  readonly clangArgs?: readonly string[];
  readonly cwd?: string;
  /** Files that the program finds. */
  readonly givenFiles?: readonly ProgramFile[];
  /** Its environment and the date. */
  readonly surroundings?: Surroundings;
  readonly stackSize?: number;
  /** A compiler that is kept warm; without one, C is compiled by one that is started and ended here. */
  readonly compiler?: Compiler;
  /** For C: the compiler's answers of before, and where it is kept what it says now. */
  readonly cache?: ReplyCache;
  /** Entries for exported functions; imports of the specification's test scripts. */
  readonly lowering?: Omit<LowerOptions, 'helpers'>;
  /** For a `.wasm` without debug information: makes its text, to be debugged in. */
  readonly disassemble?: boolean;
  /** Ends a compilation; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A program as it was read or compiled: all that is needed of its files. */
export interface Made {
  readonly language: Language;
  /** Absolute paths. */
  readonly files: readonly string[];
  readonly wasm: Uint8Array;
  /** What the module was made of, if that is text of WebAssembly. */
  readonly text?: string;
}

/** A program ready to be run by the model, and what leads back from it to its source. */
export interface Loaded extends Made {
  readonly program: TokenProgram;
  readonly module: WasmModule;
  /** Undefined where nothing leads back to a source. Its files are virtual paths (see `hostPath`), or keys of `texts`. */
  readonly debug: DebugInfo | undefined;
  /** Sources that are no files, by URI: see `embeddedUri`. */
  readonly texts: ReadonlyMap<string, string>;
  /** The compiler's warnings. */
  readonly warnings: readonly Diagnostic[];
  /** Whether the compiler's output was taken from the cache. */
  readonly cached: boolean;
}

/** Larger files are no programs for this machine. */
const MOST_BYTES = 64 << 20;

const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ...['.c', '.cc', '.cpp', '.cxx', '.c++'].map((extension): [string, Language] => [extension, 'c']),
  ['.wat', 'wat'],
  ['.wasm', 'wasm'],
]);

/**
 * Loads a program.
 * @param files paths, absolute or relative to the working directory
 * @throws PlacedError for what is wrong with them: unreadable, not C (`CompileFailed`, with all diagnostics), not a
 * valid module, or in need of what the machine does not have
 */
export async function load(files: readonly string[], options: LoadOptions = {}): Promise<Loaded> {
  const paths = [...new Set(files.map((file) => resolve(file)))];
  const language = languageOf(paths);
  const [{ warnings, cached, ...made }] = await Promise.all([make(language, paths, options), loadHelpers()]);
  // Text was validated where it was read: its errors have lines. What clang makes is valid.
  if (language === 'wasm') await validate(made.wasm, paths[0]);
  const wasm = language === 'c' ? made.wasm : give(made.wasm, paths[0], options);
  return { ...(await loadMade({ ...made, language, files: paths, wasm }, options)), warnings, cached };
}

/** A module with what is given to it. @throws PlacedError if it cannot ask for that */
function give(wasm: Uint8Array, file: string, { givenFiles = [], surroundings }: LoadOptions): Uint8Array {
  const given = { env: [], startDate: undefined, ...surroundings, files: givenFiles };
  if (isNothing(given)) return wasm;
  if (!importsWasi(decode(wasm, file))) {
    const message = 'The module imports nothing of WASI, so it cannot ask for files, an environment or a date.';
    throw new PlacedError(`${message} Build it for WASI's preview 1 (wasm32-wasip1), or leave them out.`, { file });
  }
  return withGiven(wasm, given);
}

/**
 * Loads a program that was made before; its files are not looked at.
 * @throws PlacedError for what the machine does not have
 */
export async function loadMade(made: Made, options: Pick<LoadOptions, 'lowering' | 'disassemble'>): Promise<Loaded> {
  const { files, wasm, text } = made;
  const module = decode(wasm, files[0]);
  const [helpers, { debug, texts }] = await Promise.all([
    loadHelpers(hasHost(module)),
    sourcesOf(module, files[0], text, options.disassemble ?? false),
  ]);
  const places = { file: files[0], sourceOf: (codeOffset: number) => sourceLine(debug, codeOffset) };
  const program = lower(module, places, { ...options.lowering, helpers });
  return { ...made, program, module, debug, texts, warnings: [], cached: false };
}

/** What leads back to the source: debug information in the module, else its text. */
async function sourcesOf(module: WasmModule, file: string, text: string | undefined, disassemble: boolean) {
  const none = new Map<string, string>();
  if (text !== undefined) return { debug: textInfo(text, virtualPath(file), module), texts: none };
  const dwarf = readDebugInfo(module.bytes);
  if (dwarf) return { debug: dwarf, texts: none };
  const mapped = await mappedSources(module, file);
  if (mapped) return mapped;
  const made = disassemble ? await textOf(module.bytes, file) : undefined;
  if (made === undefined) return { debug: undefined, texts: none };
  const uri = embeddedUri(`${file}.wat`);
  return { debug: textInfo(made, uri, module), texts: new Map([[uri, made]]) };
}

/** The text of a module; undefined where it nests so deeply that none can be made. */
async function textOf(wasm: Uint8Array, file: string): Promise<string | undefined> {
  try {
    return await wasmToWat(wasm, file);
  } catch (error) {
    if (error instanceof PlacedError) return undefined;
    throw error;
  }
}

/** Source line of a code offset, with the host's spelling of the file. */
export function sourceLine(debug: DebugInfo | undefined, codeOffset: number): SourceLine | undefined {
  const found = debug?.nearestLineAt(codeOffset);
  return found && { file: hostPath(found.file), line: found.line };
}

/**
 * Input bytes of a run: the arguments behind the program's name, if it takes any, and its standard input.
 * @throws PlacedError for arguments that the program cannot have
 */
export function inputOf({ module, files }: Loaded, args: readonly string[], stdin: Uint8Array): Uint8Array {
  const most = importsWasi(module) ? MOST_ARGUMENTS : undefined;
  return encodeInput(takesArguments(module), args, basename(files[0], extname(files[0])), stdin, most);
}

/** One language for all files. @throws PlacedError for none, unknown, mixed ones, or several modules. */
function languageOf(paths: readonly string[]): Language {
  if (paths.length === 0) throw new PlacedError('No program given: name C files, or one .wat or .wasm file.');
  const languages = paths.map((file) => {
    const language = LANGUAGES.get(extname(file).toLowerCase());
    if (!language)
      throw new PlacedError('Not a program: the name must end in .c, .cpp, .cc, .cxx, .wat or .wasm.', { file });
    return language;
  });
  const other = languages.findIndex((language) => language !== languages[0]);
  if (other >= 0) {
    const message = `${basename(paths[other])} and ${basename(paths[0])} cannot be one program: give C files only, or one .wat or .wasm file.`;
    throw new PlacedError(message, { file: paths[other] });
  }
  if (languages[0] !== 'c' && paths.length > 1) {
    throw new PlacedError(`A program of ${languages[0]} is one file; ${paths.length} were given.`, { file: paths[1] });
  }
  return languages[0];
}

/** The bytes of the module, the text that they are made of, and the compiler's warnings. */
async function make(language: Language, paths: string[], options: LoadOptions) {
  if (language === 'c') return { ...(await compile(paths, options)), text: undefined };
  const bytes = await read(paths[0]);
  // A mark of the byte order is not text, and left out here.
  const text = language === 'wat' ? new TextDecoder().decode(bytes) : undefined;
  return { wasm: text === undefined ? bytes : await watToWasm(text, paths[0]), text, warnings: [], cached: false };
}

async function compile(paths: string[], options: LoadOptions) {
  const { optimize = 'O0', includePaths = [], clangArgs, cwd, stackSize, givenFiles, surroundings } = options;
  const { compiler, cache, signal } = options;
  const own = compiler ?? new Compiler(undefined, cache);
  try {
    return await own.compile(paths, {
      optimize,
      includePaths: [...includePaths],
      clangArgs,
      cwd,
      stackSize,
      givenFiles,
      surroundings,
      signal,
    });
  } finally {
    if (!compiler) own.dispose();
  }
}

async function read(file: string): Promise<Uint8Array> {
  try {
    const found = await stat(file);
    if (found.isDirectory()) throw new PlacedError('This is a folder, not a program.', { file });
    if (found.size > MOST_BYTES) throw new PlacedError('The file is larger than 64 MiB.', { file });
    return new Uint8Array(await readFile(file));
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reasons = new Map([
      ['ENOENT', 'There is no such file.'],
      ['ENOTDIR', 'There is no such file.'],
      ['EACCES', 'There is no permission to read this file.'],
      ['EPERM', 'There is no permission to read this file.'],
    ]);
    throw new PlacedError(reasons.get(code ?? '') ?? `The file cannot be read: ${message}.`, { file });
  }
}
