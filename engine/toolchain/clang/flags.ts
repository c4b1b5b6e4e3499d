/**
 * Command lines of clang's compiler proper (`clang -cc1`) and of `wasm-ld`. Calling them directly saves the driver's
 * run, a third of a warm compile.
 *
 * Everything is WebAssembly as of its first version.
 */
import { GROUPS, type Group, UNLESS } from '../libc/replacements.ts';
import type { Choice } from './clang-worker.ts';

/** Levels of optimisation that are offered. */
export type Optimize = 'O0' | 'O1' | 'O2';

/** Bytes of stack. It lies below everything else, so that an overflow traps instead of overwriting data. */
const STACK_SIZE = 256 * 1024;

/** What every compilation shares: the target, and no headers but those that are named. */
export const TARGET_FLAGS: readonly string[] = [
  ...['-triple', 'wasm32-unknown-wasip1', '-target-cpu', 'mvp', '-mrelocation-model', 'static', '-mframe-pointer=none'],
  ...['-fvisibility=hidden', '-ffunction-sections', '-fdata-sections', '-fgnuc-version=4.2.1'],
  ...['-nostdsysteminc', '-nobuiltininc', '-ferror-limit', '50', '-disable-free'],
];

/**
 * clang's and wasi-libc's headers, in the package's archive. What WASI does not have is declared too: signals, clocks of
 * the process, maps of memory are emulated by libraries.
 */
export const HEADER_FLAGS: readonly string[] = [
  ...['SIGNAL', 'PROCESS_CLOCKS', 'MMAN', 'GETPID'].map((name) => `-D_WASI_EMULATED_${name}`),
  ...['-internal-isystem', '/usr/include', '-internal-isystem', '/usr/include/wasm32-wasip1'],
];

const DEBUG_FLAGS: readonly string[] = ['-debug-info-kind=constructor', '-dwarf-version=4', '-debugger-tuning=gdb'];

/**
 * Diagnostics one per line, without colours and quoted source. A main of an unusual form is an error (it would not
 * be found by the linker), a missing type of a function is none.
 */
const DIAGNOSTIC_FLAGS: readonly string[] = [
  ...['-fno-caret-diagnostics', '-Werror=main', '-Werror=main-return-type', '-Wno-error=implicit-int'],
];

/** Command that compiles `source` (a virtual path) to `object`. */
export function compileCommand(
  source: string,
  object: string,
  directory: string,
  includePaths: readonly string[],
  optimize: Optimize,
): string[] {
  /* Above O0 objects hold LLVM's own form, and code is generated without optimisation at the link: locations of
     variables survive that (82 % of them against 45 %). */
  const level =
    optimize === 'O0' ? ['-O0', '-emit-obj'] : [`-${optimize}`, '-emit-llvm-bc', '-flto=full', '-flto-unit'];
  return [
    ...['clang', '-cc1', ...TARGET_FLAGS, ...level, ...DEBUG_FLAGS, ...DIAGNOSTIC_FLAGS],
    ...['-main-file-name', source.slice(source.lastIndexOf('/') + 1), `-fdebug-compilation-dir=${directory}`],
    ...['-ivfsoverlay', '/src/overlay.yaml', ...includePaths.flatMap((path) => ['-I', path])],
    ...[...HEADER_FLAGS, '-o', object, '-x', 'c', source],
  ];
}

const EMULATED = ['signal', 'process-clocks', 'mman', 'getpid'];

/** wasi-libc and what belongs to it, in the order in which functions are looked for. */
const LIBRARIES: readonly string[] = [
  ...['/libc/base.a', ...EMULATED.map((name) => `/usr/lib/wasm32-wasip1/libwasi-emulated-${name}.a`)],
  ...['/usr/lib/wasm32-wasip1/libc-printscan-long-double.a', '/libc/wasi.a'],
  '/usr/lib/wasm32-unknown-wasip1/libclang_rt.builtins.a',
];

/** Archive of a group of our functions. */
const groupArchive = (group: Group, floats: boolean) => `/libc/${group}${floats ? '-float' : ''}.a`;

/** What is left out of the link command where a program mentions something; `none`: in any case. */
export function linkChoices(floats: boolean, none = false): Choice[] {
  return GROUPS.map((group) => ({ argument: groupArchive(group, floats), unless: none ? /^/ : UNLESS[group] }));
}

/** Command that links objects and the library to `output`; `floats`: with the formatters that know floats. */
export function linkCommand(objects: readonly string[], output: string, optimize: Optimize, floats: boolean): string[] {
  /* LLVM's quick selection of instructions drops places of variables that it cannot lower and lets the ones before go
     on: wrong values. The thorough one ends them, and its traces are 4 to 13 % shorter. */
  const lto = optimize === 'O0' ? [] : [`--lto-${optimize}`, '--lto-CGO0', '-mllvm', '-fast-isel=false'];
  const ours = GROUPS.map((group) => groupArchive(group, floats));
  return [
    ...['wasm-ld', '-m', 'wasm32', '--stack-first', '-z', `stack-size=${STACK_SIZE}`, '--gc-sections', ...lto],
    ...['--export-if-defined=__stepformer_exit_code', ...objects, ...ours, ...LIBRARIES, '-o', output],
  ];
}
