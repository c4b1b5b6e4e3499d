/**
 * C to WebAssembly: clang and lld in a process of their own, our C library, debug information for every file.
 *
 * The order of things: read the files and what they include, compile each, link, hand back the module and the
 * warnings; or throw what went wrong with its place.
 */
import { PlacedError } from '../errors.ts';
import type { ReplyCache } from './cache/reply-cache.ts';
import type { FileTree } from './clang/archive.ts';
import { type CompilerArguments, databaseArguments, readArguments } from './clang/arguments.ts';
import type { ClangReply } from './clang/clang-worker.ts';
import { CompileFailed, type Diagnostic, parseClang, parseLinker } from './clang/diagnostics.ts';
import {
  compileCommand,
  givenCommand,
  isBitcode,
  isCxx,
  linkChoices,
  linkCommand,
  type Optimize,
  withHeaders,
  withoutHeaders,
} from './clang/flags.ts';
import { HEADERS_FOLDER, HEADERS_OUTPUT, type Headers, headersOf } from './clang/headers.ts';
import { mismatchesIn, withCalls } from './clang/mismatches.ts';
import { hostPath, virtualPath } from './clang/paths.ts';
import { type Clang, ClangProcess } from './clang/process.ts';
import { absolutePath, SourceSet } from './clang/sources.ts';
import { givenTree, type ProgramFile } from './given-files.ts';
import { loadLibc } from './libc/load-libc.ts';
import { type Surroundings, surroundingsInC } from './surroundings.ts';

export { CompileFailed, type Diagnostic } from './clang/diagnostics.ts';
export { type Optimize, STACK_SIZE } from './clang/flags.ts';

export interface CompileOptions {
  /** `O0` debugs best; above it variables may be lost. */
  optimize: Optimize;
  /** Directories for `#include`, absolute or relative to the working directory. */
  includePaths?: string[];
  /** Arguments for the compiler as builds have them; relative paths in them start from `cwd`, by default ours. */
  clangArgs?: readonly string[];
  cwd?: string;
  /** Bytes of stack; see `STACK_SIZE`. */
  stackSize?: number;
  /** Files that the program finds. */
  givenFiles?: readonly ProgramFile[];
  /** Its environment and the date. */
  surroundings?: Surroundings | undefined;
  /** Links wasi-libc's own functions where ours would take their place: the same program with a longer trace. */
  wasiLibc?: boolean;
  /** Ends the compilation; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface CompileResult {
  /** A module with DWARF and names; all its imports are from `stepformer`. */
  wasm: Uint8Array;
  warnings: Diagnostic[];
  /** Whether it was compiled before, and kept. */
  cached: boolean;
}

/** More headers with names made by macros than this are taken for a loop. */
const MOST_RETRIES = 32;

const GIVEN_OBJECT = '/out/given.o';

/** A reply, and whether it was given before. */
type Answered = ClangReply & { readonly cached: boolean };

/** A C compiler that stays warm. One compilation runs at a time; further ones wait. */
export class Compiler {
  private readonly clang: Clang;
  private readonly cache: ReplyCache | undefined;
  private libc: Promise<FileTree> | undefined;

  /** @param cache what was compiled before; without one, everything is compiled */
  constructor(clang: Clang = new ClangProcess(), cache?: ReplyCache) {
    this.clang = clang;
    this.cache = cache;
  }

  /**
   * Compiles and links a program.
   * @param files C files, absolute or relative to the working directory
   * @throws CompileFailed for errors in the program, PlacedError for files that cannot be read
   */
  async compile(files: string[], options: CompileOptions): Promise<CompileResult> {
    const { optimize, signal, stackSize } = options;
    const paths = [...new Set(files.map(absolutePath))];
    if (paths.length === 0) throw new PlacedError('no C file given');
    signal?.throwIfAborted();
    if (!this.cache) this.clang.start();
    const given = readArguments(options.clangArgs ?? [], options.cwd ?? process.cwd());
    const includePaths = [...(options.includePaths ?? []).map(absolutePath), ...given.includePaths];
    const args = await Promise.all(
      paths.map(async (file) => joined({ ...given, includePaths }, await databaseArguments(file))),
    );
    const sources = new SourceSet([...new Set(args.flatMap((each) => each.includePaths))]);
    for (const file of [...paths, ...args.flatMap(({ includes }) => includes)]) await sources.addProgram(file);
    const libc = await this.library();

    const jumps = sources.mentionJumps();
    const objects = new Map(paths.map((file, i) => [`/out/${i}.o`, file]));
    const commands = [...objects].map(([object, file], i) =>
      compileCommand(virtualPath(file), object, { optimize, jumps }, args[i]),
    );
    const headers = new Map<string, Headers>();
    if (this.cache) {
      for (const [i, file] of paths.entries())
        commands[i] = this.headed({ file, command: commands[i], args: args[i] }, { sources, libc, headers });
    }
    const cxx = paths.some(isCxx);
    // Its streams and strings know floats.
    const floats = cxx || sources.mentionFloats();
    const { givenFiles = [], surroundings } = options;
    const around = surroundings ? surroundingsInC(surroundings) : '';
    const isGiven = givenFiles.length > 0 || around !== '';
    if (isGiven) commands.push(givenCommand(GIVEN_OBJECT));
    const linked = [...objects.keys(), ...(isGiven ? [GIVEN_OBJECT] : [])];
    commands.push(...linkChoices(floats, isBitcode(optimize, jumps), options.wasiLibc));
    commands.push(linkCommand(linked, '/out/program.wasm', { optimize, floats, cxx, stackSize }));
    const ignored: string[] = [];
    for (let attempt = 0; ; attempt++) {
      const tree = { src: sources.tree(), libc, given: givenTree(givenFiles, around), out: {} };
      const reply = await this.ask(tree, commands, 'out/program.wasm', { headers, signal });
      if (attempt < MOST_RETRIES && (await addMissingHeader(reply, sources))) continue;
      const unknown = unknownArguments(reply).filter((argument) => args.some(({ flags }) => flags.includes(argument)));
      if (unknown.length > 0) {
        ignored.push(...unknown);
        for (const [i, command] of commands.entries()) commands[i] = command.filter((word) => !unknown.includes(word));
        continue;
      }
      const called = mismatchesIn(reply.logs[commands.length - 1] ?? '').map((name) => `--export-if-defined=${name}`);
      const link = commands[commands.length - 1];
      if (called.some((option) => !link.includes(option))) {
        link.push(...called);
        continue;
      }
      const { warnings, ...made } = finish(reply, paths.length, objects, sources);
      return { ...made, warnings: [...ignored.map(unknownWarning), ...warnings] };
    }
  }

  /** The command for a file with the headers that it begins with, if they are worth to be compiled ahead. */
  private headed(
    { file, command, args }: { file: string; command: string[]; args: CompilerArguments },
    { sources, libc, headers: all }: { sources: SourceSet; libc: FileTree; headers: Map<string, Headers> },
  ): string[] {
    const isAhead = isCxx(file) && args.includes.length === 0;
    const include = libc.include as FileTree;
    const headers = isAhead ? headersOf(file, sources, { command, include }) : undefined;
    if (!headers || !this.cache) return command;
    const name = `${this.cache.keyOf(headers.files, [headers.command], HEADERS_OUTPUT)}.pch`;
    all.set(name, headers);
    return withHeaders(command, `/${HEADERS_FOLDER}/${name}`);
  }

  /** What the compiler says, or has said. */
  private async ask(
    files: FileTree,
    commands: string[][],
    output: string,
    { headers, signal }: { headers?: ReadonlyMap<string, Headers>; signal?: AbortSignal | undefined },
  ): Promise<Answered> {
    const { cache, clang } = this;
    const key = cache?.keyOf(files, commands, output) ?? '';
    const known = await cache?.get(key);
    if (known) return { ...known, id: 0, cached: true };
    const compiled: FileTree = {};
    for (const [name, { files, command }] of headers ?? []) {
      const made = await this.ask(files, [command], HEADERS_OUTPUT, { signal });
      // What is wrong with them is told where they are included.
      if (made.output) Object.assign(compiled, files[HEADERS_FOLDER], { [name]: made.output });
    }
    const possible = commands.map((command) => withoutHeaders(command, (name) => name in compiled));
    const all = headers ? { ...files, [HEADERS_FOLDER]: compiled } : files;
    const reply = await clang.run(all, possible, output, signal);
    // How it breaks down may depend on the machine.
    if (reply.crash === undefined) await cache?.put(key, reply);
    return { ...reply, cached: false };
  }

  /** Loads compiler and library ahead of the first compilation. @throws PlacedError when the library is missing */
  async warm(): Promise<void> {
    this.clang.start();
    await this.library();
  }

  /** Ends the compiler's process; compilations under way fail. The next compilation starts a new one. */
  dispose(): void {
    this.clang.dispose();
  }

  private library(): Promise<FileTree> {
    this.libc ??= loadLibc(this.clang).catch((error: unknown) => {
      this.libc = undefined;
      throw error;
    });
    return this.libc;
  }
}

/** One's arguments, then the other's. */
function joined(one: CompilerArguments, other: CompilerArguments): CompilerArguments {
  return {
    includePaths: [...one.includePaths, ...other.includePaths],
    includes: [...other.includes, ...one.includes],
    flags: [...other.flags, ...one.flags],
  };
}

/** A header that clang misses may have a name the scan could not see. */
async function addMissingHeader(reply: ClangReply, sources: SourceSet): Promise<boolean> {
  if (reply.failed < 0) return false;
  for (const line of (reply.logs[reply.failed] ?? '').split('\n')) {
    const missing = /^(.*):\d+:\d+: fatal error: '(.*)' file not found$/.exec(line);
    if (missing && (await sources.add(missing[2], hostPath(missing[1])))) return true;
  }
  return false;
}

/** Arguments that other compilers know, or clang's driver alone: most are wishes for optimisation. */
function unknownArguments({ failed, logs }: ClangReply): string[] {
  const log = failed < 0 ? '' : (logs[failed] ?? '');
  return [...log.matchAll(/^error: unknown argument:? '(-f[^']*)'/gm)].map(([, argument]) => argument);
}

function unknownWarning(argument: string): Diagnostic {
  const message = `the compiler does not know the argument ${argument}: it is left out`;
  return { severity: 'warning', message, file: '', line: 0, column: 0 };
}

function finish(
  reply: Answered,
  count: number,
  objects: ReadonlyMap<string, string>,
  sources: SourceSet,
): CompileResult {
  const source = (file: string) => sources.get(file);
  const diagnostics: Diagnostic[] = [];
  for (let i = 0; i < reply.logs.length; i++) {
    const log = reply.logs[i];
    diagnostics.push(
      ...(i < count ? parseClang(log, source, [...objects.values()][i]) : parseLinker(log, objects, source)),
    );
  }
  if (reply.failed < 0 && reply.output) {
    const wasm = mismatchesIn(reply.logs.at(-1) ?? '').length > 0 ? withCalls(reply.output) : reply.output;
    return { wasm, warnings: diagnostics, cached: reply.cached };
  }
  if (!diagnostics.some((diagnostic) => diagnostic.severity === 'error')) {
    const file = reply.failed < count ? [...objects.values()][Math.max(0, reply.failed)] : '';
    const detail = reply.logs.at(-1)?.trim() || 'it said nothing';
    const message = reply.crash
      ? `the compiler itself broke down (${reply.crash}): a fault of its own, or gigabytes of static data, for instance`
      : `the compiler failed: ${detail}`;
    diagnostics.push({ severity: 'error', message, file, line: 0, column: 0 });
  }
  throw new CompileFailed(diagnostics);
}
