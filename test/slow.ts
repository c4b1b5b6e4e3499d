/**
 * Test files that `npm run test:fast` leaves out: those that take more than some seven seconds of a core's time. What they
 * try is not worth less; it is what `npm test` is for.
 */
export const SLOW: ReadonlySet<string> = new Set([
  'cli/bad-input.test.ts',
  'cli/ends-early.test.ts',
  'cli/invoke.test.ts',
  'cli/like-native.test.ts',
  'cli/model.test.ts',
  'cli/run.test.ts',
  'debug-adapter/adapter.test.ts',
  'debug-adapter/honest.test.ts',
  'debug-adapter/transcripts/transcripts.test.ts',
  'debuginfo/lldb.test.ts',
  'emacs/emacs.test.ts',
  'export/cli.test.ts',
  'export/onnx.test.ts',
  'export/specialize.test.ts',
  'fuzz/fuzz.test.ts',
  'isolation/isolation.test.ts',
  'kernel/mutated.test.ts',
  'kernel/random.test.ts',
  'kernel/specialized.test.ts',
  'machine/arithmetic.test.ts',
  'machine/exactness.test.ts',
  'machine/memory-limit.test.ts',
  'machine/published-failures.test.ts',
  'mutate/mutate.test.ts',
  'programs/agreement.test.ts',
  'run/contexts.test.ts',
  'toolchain/libc.test.ts',
  'wast/scripts.test.ts',
]);
