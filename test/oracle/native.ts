/**
 * V8's own WebAssembly, for tests: the language's globals as far as tests use them (neither ES2023 nor Node's types
 * declare them), and a run of a program whose imports are `stepformer`'s.
 */
import type { TRAP_REASONS } from '../../engine/isa/opcodes.ts';
import { decode } from '../../engine/toolchain/decode/decode.ts';
import { takesArguments } from '../../engine/toolchain/input.ts';
import { ProcessExit, wasiFunctions } from '../../engine/toolchain/native/wasi.ts';

/** A function exported from a module. */
export type Exported = (...args: (number | bigint)[]) => number | bigint | readonly (number | bigint)[] | undefined;

/** Marks a compiled module; opaque. */
interface Module {
  readonly compiled: unique symbol;
}

interface Engine {
  Module: new (bytes: Uint8Array) => Module;
  Instance: new (
    module: Module,
    imports?: Record<string, Record<string, unknown>>,
  ) => { readonly exports: Record<string, unknown> };
}

const engine = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;

/** Exports of a module without imports. */
export function instantiate(wasm: Uint8Array): Record<string, unknown> {
  return new engine.Instance(new engine.Module(wasm)).exports;
}

/** V8's words for the specification's traps. */
const TRAPS: readonly (readonly [RegExp, (typeof TRAP_REASONS)[number]])[] = [
  [/^unreachable/, 'unreachable'],
  [/(divide|remainder) by zero/, 'integer divide by zero'],
  [/divide result unrepresentable/, 'integer overflow'],
  // V8's one message for two traps: the number is too large, or it is none.
  [/float unrepresentable/, 'invalid conversion to integer'],
  [/memory access out of bounds|data segment/, 'out of bounds memory access'],
  [/table index is out of bounds|table initializer|element segment/, 'undefined element'],
  [/null function or function signature mismatch|signature mismatch/, 'indirect call type mismatch'],
  [/call stack size exceeded/i, 'call stack exhausted'],
];

/** The specification's name of a trap that V8 threw. @throws the error itself if it is none. */
export function trapReason(error: Error): (typeof TRAP_REASONS)[number] {
  const trap = TRAPS.find(([pattern]) => pattern.test(error.message));
  if (!trap) throw error;
  return trap[1];
}

/** What a native run gave. */
export interface NativeRun {
  readonly output: Uint8Array;
  /** The entry's result, 0 if it has none; undefined when it trapped. */
  readonly exitCode: number | undefined;
  /** The specification's name of the trap. */
  readonly trap: string | undefined;
}

/** The argument of `__stepformer_exit`, if it is what trapped: it leaves it at the exported address. */
function exitCodeOf(error: Error, exports: Record<string, unknown>): number | undefined {
  const address = exports.__stepformer_exit_code as { value: number } | undefined;
  const memory = exports.memory as { buffer: ArrayBuffer } | undefined;
  const topFrame = error.stack?.split('\n')[1] ?? '';
  if (!address || !memory || !topFrame.includes('__stepformer_exit')) return undefined;
  return new DataView(memory.buffer).getInt32(address.value, true);
}

/** Runs the entry (`_start`, else `main`) of `wasm` in V8; its imports are `stepformer`'s or WASI's. Both outputs are one, as in the trace. */
export function runNative(wasm: Uint8Array, input: Uint8Array = new Uint8Array()): NativeRun {
  const output: number[] = [];
  let read = 0;
  let exports: Record<string, unknown> = {};
  const write = (value: number) => void output.push(value & 0xff);
  const io = {
    write,
    writeError: write,
    read: () => (read < input.length ? input[read++] : -1),
    memory: () => (exports.memory as { buffer: ArrayBuffer }).buffer,
    args: takesArguments(decode(wasm)),
  };
  const module = new engine.Module(wasm);
  const stepformer = { write_byte: write, write_error: write, read_byte: io.read };
  const wasi = wasiFunctions(io) as Record<string, unknown>;
  try {
    exports = new engine.Instance(module, { stepformer, wasi_snapshot_preview1: wasi }).exports;
    const result = ((exports._start ?? exports.main) as Exported)();
    return { output: Uint8Array.from(output), exitCode: typeof result === 'number' ? result : 0, trap: undefined };
  } catch (error) {
    const exitCode = error instanceof ProcessExit ? error.code : exitCodeOf(error as Error, exports);
    const trap = exitCode === undefined ? trapReason(error as Error) : undefined;
    return { output: Uint8Array.from(output), exitCode, trap };
  }
}
