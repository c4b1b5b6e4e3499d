/**
 * Command lines of clang's compiler proper (`clang -cc1`) and of `wasm-ld`. Calling them directly saves the driver's
 * run, a third of a warm compile.
 *
 * Everything is WebAssembly as of its first version.
 */

/** Levels of optimisation that are offered. */
export type Optimize = 'O0' | 'O1' | 'O2';

/** Bytes of stack. It lies below everything else, so that an overflow traps instead of overwriting data. */
const STACK_SIZE = 256 * 1024;

/** What every compilation shares: target, no headers but ours, and no floats of 128 bits. */
export const TARGET_FLAGS: readonly string[] = [
  ...['-triple', 'wasm32', '-target-cpu', 'mvp', '-mrelocation-model', 'static', '-mframe-pointer=none'],
  ...['-mlong-double-64', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections', '-fgnuc-version=4.2.1'],
  ...['-nostdsysteminc', '-nobuiltininc', '-ferror-limit', '50', '-disable-free'],
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
    ...['-internal-isystem', '/libc/include', '-o', object, '-x', 'c', source],
  ];
}

/** Command that links objects and the library to `output`; `floats`: with the formatter that knows floats. */
export function linkCommand(objects: readonly string[], output: string, optimize: Optimize, floats: boolean): string[] {
  /* LLVM's quick selection of instructions drops places of variables that it cannot lower and lets the ones before go
     on: wrong values. The thorough one ends them, and its traces are 4 to 13 % shorter. */
  const lto = optimize === 'O0' ? [] : [`--lto-${optimize}`, '--lto-CGO0', '-mllvm', '-fast-isel=false'];
  const libraries = floats ? ['/libc/libc-float.a', '/libc/libc.a'] : ['/libc/libc.a'];
  return [
    ...['wasm-ld', '-m', 'wasm32', '--stack-first', '-z', `stack-size=${STACK_SIZE}`, '--gc-sections', ...lto],
    ...['--export-if-defined=__stepformer_exit_code', ...objects, ...libraries, '-o', output],
  ];
}
