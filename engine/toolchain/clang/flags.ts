/**
 * Command lines of clang's compiler proper (`clang -cc1`) and of `wasm-ld`. Calling them directly saves the driver's
 * run, a third of a warm compile.
 *
 * Everything is WebAssembly as of its first version.
 */

import type { CompilerArguments } from './arguments.ts';
import { CHOOSE, CXX_FOLDER } from './commands.ts';
import { virtualPath } from './paths.ts';
import {
  BASE,
  FILES_EXPORT,
  FILESYSTEM,
  GROUPS,
  type Group,
  LONG_FORMATS,
  OTHER_MAIN,
  POSIX,
  UNLESS,
  USES_FILES,
  USES_SIGNAL_MASK,
  USUAL_MAIN,
} from './replacements.ts';

/** Levels of optimisation that are offered. */
export type Optimize = 'O0' | 'O1' | 'O2';

/**
 * Bytes of stack, as on a desktop, and what can be asked for. It lies below everything else, so that an overflow traps
 * instead of overwriting data.
 */
export const STACK_SIZE = { default: 8 << 20, least: 1 << 12, most: 48 << 20 } as const;

/** What every compilation shares: the target, and no headers but those that are named. */
export const TARGET_FLAGS: readonly string[] = [
  ...['-triple', 'wasm32-unknown-wasip1', '-target-cpu', 'mvp', '-mrelocation-model', 'static', '-mframe-pointer=none'],
  ...['-fvisibility=hidden', '-ffunction-sections', '-fdata-sections', '-fgnuc-version=4.2.1'],
  ...['-nostdsysteminc', '-nobuiltininc', '-ferror-limit', '50', '-disable-free'],
];

/**
 * clang's and wasi-libc's headers, in the package's archive, behind what ours add to them. What WASI does not have is declared too: signals, clocks of
 * the process, maps of memory are emulated by libraries.
 */
export const HEADER_FLAGS: readonly string[] = [
  ...['SIGNAL', 'PROCESS_CLOCKS', 'MMAN', 'GETPID'].map((name) => `-D_WASI_EMULATED_${name}`),
  ...[
    '-internal-isystem',
    '/libc/include',
    '-internal-isystem',
    '/usr/include',
    '-internal-isystem',
    '/usr/include/wasm32-wasip1',
  ],
];

const DEBUG_FLAGS: readonly string[] = ['-debug-info-kind=constructor', '-dwarf-version=4', '-debugger-tuning=gdb'];

/**
 * Diagnostics one per line, without colours and quoted source. Definitions of before prototypes are nothing to say; what gcc warns of
 * is no error.
 */
const DIAGNOSTIC_FLAGS: readonly string[] = [
  ...['-fno-caret-diagnostics', '-Wno-deprecated-non-prototype', '-Wno-error=parentheses'],
];

/** What was C before prototypes had to be and is warned of, as gcc does up to version 13. */
const OLD_C_FLAGS: readonly string[] = [
  ...['implicit-function-declaration', 'implicit-int', 'int-conversion', 'incompatible-pointer-types'],
  ...['incompatible-function-pointer-types', 'return-mismatch', 'main-return-type'],
].map((warning) => `-Wno-error=${warning}`);

/** Whether a file is C++ by its name. */
export function isCxx(file: string): boolean {
  return /\.(cc|cpp|cxx|c\+\+)$/i.test(file);
}

/** What is no C++ any more and is warned of, as g++ does. */
const OLD_CXX_FLAGS: readonly string[] = ['c++11-narrowing', 'register', 'reserved-user-defined-literal'].map(
  (warning) => `-Wno-error=${warning}`,
);

/** What newer versions of C++ took out of its library, which g++ has kept. */
const OLD_CXX = [
  ...['17_REMOVED_AUTO_PTR', '17_REMOVED_BINDERS', '17_REMOVED_RANDOM_SHUFFLE', '17_REMOVED_UNARY_BINARY_FUNCTION'],
  ...['20_REMOVED_BINDER_TYPEDEFS', '20_REMOVED_NEGATORS', '20_REMOVED_SHARED_PTR_UNIQUE'],
  ...['20_REMOVED_TEMPORARY_BUFFER', '20_REMOVED_TYPE_TRAITS', '20_REMOVED_UNCAUGHT_EXCEPTION'],
].map((name) => `-D_LIBCPP_ENABLE_CXX${name}`);

/** C++ as the package's libraries were made: without exceptions and threads. */
const CXX_FLAGS: readonly string[] = [
  ...['-internal-isystem', `${CXX_FOLDER}/include/c++/v1`, '-fno-threadsafe-statics', '-std=gnu++20', '-x', 'c++'],
  ...OLD_CXX,
];

/**
 * `setjmp` and `longjmp` by exceptions of WebAssembly, which the lowering knows: for programs that have them, as every call
 * in a function with `setjmp` is made otherwise. Without optimisation at the link, which has no such flags.
 */
const JUMP_FLAGS: readonly string[] = [
  ...['-target-feature', '+exception-handling', '-exception-model=wasm'],
  ...['-mllvm', '-wasm-enable-sjlj', '-mllvm', '-wasm-use-legacy-eh=true'],
];

const CXX_LIBRARIES = ['c++', 'c++abi'].map((name) => `${CXX_FOLDER}/lib/wasm32-wasip1/lib${name}.a`);

/** Whether files are compiled to LLVM's own form. */
export const isBitcode = (optimize: Optimize, jumps: boolean): boolean => optimize !== 'O0' && !jumps;

/** Command that compiles `source` to `object` (virtual paths). */
export function compileCommand(
  source: string,
  object: string,
  { optimize, jumps }: { optimize: Optimize; jumps: boolean },
  { includePaths, includes, flags }: CompilerArguments,
): string[] {
  /* Above O0 objects hold LLVM's own form, and code is generated without optimisation at the link: locations of
     variables survive that (82 % of them against 45 %). */
  const level = isBitcode(optimize, jumps)
    ? [`-${optimize}`, '-emit-llvm-bc', '-flto=full', '-flto-unit']
    : [`-${optimize}`, '-emit-obj'];
  const split = source.lastIndexOf('/');
  return [
    ...['clang', '-cc1', ...TARGET_FLAGS, ...level, ...DEBUG_FLAGS, ...DIAGNOSTIC_FLAGS],
    ...['-main-file-name', source.slice(split + 1), `-fdebug-compilation-dir=${source.slice(0, split) || '/'}`],
    ...['-ivfsoverlay', '/src/overlay.yaml', ...includePaths.flatMap((path) => ['-I', virtualPath(path)])],
    ...(jumps ? JUMP_FLAGS : []),
    ...(isCxx(source) ? [...OLD_CXX_FLAGS, ...CXX_FLAGS] : [...OLD_C_FLAGS, '-x', 'c']),
    ...[...includes.flatMap((path) => ['-include', virtualPath(path)]), ...flags],
    ...[...HEADER_FLAGS, '-o', object, source],
  ];
}

/** What compiling with other names, and from another folder, leaves as it is. */
const OF_THE_FILE = ['-main-file-name', '-I', '-o'];

/** Compiles headers alone to `object` by the options of a command that compiles a file. */
export function headersCommand(source: string, object: string, compile: readonly string[]): string[] {
  const shared = compile.slice(0, -1).filter((option, i) => {
    const isOfTheFile = OF_THE_FILE.includes(option) || OF_THE_FILE.includes(compile[i - 1]);
    return !isOfTheFile && !option.startsWith('-fdebug-compilation-dir=');
  });
  const made = shared.map((option, i) => {
    if (option === '-emit-obj' || option === '-emit-llvm-bc') return '-emit-pch';
    return shared[i - 1] === '-x' ? `${option}-header` : option;
  });
  return [...made, '-fno-pch-timestamp', '-o', object, source];
}

/** The command with headers that were compiled by `headersCommand`; nobody else's are given, so nothing is to be checked. */
export function withHeaders(compile: readonly string[], headers: string): string[] {
  return [...compile.slice(0, 2), '-include-pch', headers, '-fno-validate-pch', ...compile.slice(2)];
}

/** The command as it was before `withHeaders` where there are none of that name. */
export function withoutHeaders(command: string[], exist: (name: string) => boolean): string[] {
  const at = command.indexOf('-include-pch');
  if (at < 0 || exist(command[at + 1].split('/').at(-1) as string)) return command;
  return command.toSpliced(at, 3);
}

/** Command that compiles what is made of the files that are given to the program: see `givenTree`. */
export function givenCommand(object: string): string[] {
  return ['clang', '-cc1', ...TARGET_FLAGS, '-emit-obj', '-o', object, '-x', 'c', '-std=c23', '/given/files.c'];
}

const EMULATED = ['signal', 'process-clocks', 'mman', 'getpid'];

/** wasi-libc and what belongs to it, in the order in which functions are looked for. */
const LIBRARIES: readonly string[] = [
  ...[`/libc/${OTHER_MAIN}.a`, `/libc/${BASE}.a`, `/libc/${POSIX}.a`, '/usr/lib/wasm32-wasip1/libsetjmp.a'],
  ...EMULATED.map((name) => `/usr/lib/wasm32-wasip1/libwasi-emulated-${name}.a`),
  ...['/libc/long-double.a', '/libc/wasi.a', '/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a'],
];

const FILESYSTEM_ARCHIVE = `/libc/${FILESYSTEM}.a`;

/** Puts our `raise` before the library's. */
const WRAPPED_RAISE = '--wrap=raise';

/** Archive of a group of our functions. */
const groupArchive = (group: Group, floats: boolean) => `/libc/${group}${floats ? '-float' : ''}.a`;

/**
 * Choices of the link command by what a program mentions; `none`: without our groups in any case. Bitcode packs its texts:
 * among its bytes some look like a format by chance, and formats do not.
 */
export function linkChoices(floats: boolean, bitcode: boolean, none = false): string[][] {
  const group = (name: Group, ...choice: string[]) => [CHOOSE, groupArchive(name, floats), ...choice];
  return [
    ...(none ? GROUPS.map((name) => group(name, 'without', '^')) : []),
    ...GROUPS.map((name) => group(name, bitcode ? 'unsaid' : 'without', LONG_FORMATS)),
    ...[...UNLESS].map(([name, { source }]) => group(name, 'without', source)),
    [CHOOSE, `/libc/${OTHER_MAIN}.a`, 'without', USUAL_MAIN.source],
    [CHOOSE, FILESYSTEM_ARCHIVE, 'with', USES_FILES.source],
    [CHOOSE, WRAPPED_RAISE, 'with', USES_SIGNAL_MASK.source],
  ];
}

/** How a program is linked. */
export interface LinkOptions {
  readonly optimize: Optimize;
  /** With the formatters that know floats. */
  readonly floats: boolean;
  /** With the library of C++. */
  readonly cxx: boolean;
  /** Bytes. */
  readonly stackSize?: number;
}

/** Command that links objects and the library to `output`. */
export function linkCommand(
  objects: readonly string[],
  output: string,
  { optimize, floats, cxx, stackSize = STACK_SIZE.default }: LinkOptions,
): string[] {
  /* LLVM's quick selection of instructions drops places of variables that it cannot lower and lets the ones before go
     on: wrong values. The thorough one ends them, and its traces are 4 to 13 % shorter. */
  const lto = optimize === 'O0' ? [] : [`--lto-${optimize}`, '--lto-CGO0', '-mllvm', '-fast-isel=false'];
  const ours = GROUPS.map((group) => groupArchive(group, floats));
  return [
    ...['wasm-ld', '-m', 'wasm32', '--stack-first', '-z', `stack-size=${stackSize & -16}`, '--gc-sections', ...lto],
    // The library's own fails at run time; so it is missing instead, and named where it is used.
    '--wrap=pthread_create',
    WRAPPED_RAISE,
    ...['--export-if-defined=__stepformer_exit_code', `--export-if-defined=${FILES_EXPORT}`, ...objects],
    ...[
      '--whole-archive',
      FILESYSTEM_ARCHIVE,
      '--no-whole-archive',
      ...(cxx ? CXX_LIBRARIES : []),
      ...ours,
      ...LIBRARIES,
      '-o',
      output,
    ],
  ];
}
