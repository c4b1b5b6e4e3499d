/**
 * A module run in V8, to compare with what the model generates; nothing that a session shows comes from here.
 */
import { UNCAUGHT } from '../../trace/uncaught.ts';
import { WASI_MODULES } from '../wasi-modules.ts';
import { Aborted, environment } from './assemblyscript.ts';
import type { NativeHost } from './host.ts';
import { Leaving } from './uncatchable.ts';
import { type NativeIo, ProcessExit, wasiFunctions } from './wasi.ts';

/* TypeScript's library for Node's types does not declare WebAssembly outside browsers. */
interface Instance {
  exports: Record<string, unknown>;
}
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => Instance;
  RuntimeError: new () => Error;
  /** What a module threw and nothing caught. */
  Exception: new () => object;
};

export type NativeEnd =
  | { kind: 'halt'; code: number }
  | { kind: 'trap'; reason: string }
  | { kind: 'limit' }
  | { kind: 'refused'; message: string };

/** Thrown by what the program calls: it has written more than it may. */
export class OutputLimit extends Error {}

/**
 * Runs the export `_start`, or `main`.
 * @param more imports besides those that programs may have
 */
export function execute(
  wasm: Uint8Array,
  outside: Omit<NativeIo, 'memory'>,
  host: NativeHost | undefined,
  more: object = {},
): NativeEnd {
  let exports: Record<string, unknown> = {};
  const io = { ...outside, memory: () => (exports.memory as { buffer: ArrayBuffer }).buffer };
  const leaving = new Leaving();
  const wasi = wasiFunctions(io, host?.(io));
  wasi.proc_exit = leaving.by(1, wasi.proc_exit);
  const env = environment({ ...io, memory: () => (exports.memory === undefined ? undefined : io.memory()) });
  const imports = {
    stepformer: { write_byte: io.write, write_error: io.writeError, read_byte: io.read },
    env: { ...env, abort: leaving.by(4, env.abort) },
    ...Object.fromEntries(WASI_MODULES.map((name) => [name, wasi])),
    ...more,
  };
  try {
    ({ exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports));
    const entry = exports._start ?? exports.main;
    if (typeof entry !== 'function') {
      return { kind: 'refused', message: 'the module exports neither `_start` nor `main`' };
    }
    const result: unknown = entry();
    return { kind: 'halt', code: typeof result === 'number' ? result | 0 : 0 };
  } catch (thrown) {
    const error = leaving.error ?? thrown;
    if (error instanceof OutputLimit) return { kind: 'limit' };
    if (error instanceof Aborted) return { kind: 'trap', reason: 'unreachable' };
    if (error instanceof ProcessExit) return { kind: 'halt', code: error.code | 0 };
    if (error instanceof WebAssembly.Exception) return { kind: 'trap', reason: UNCAUGHT };
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
      const code = exitCode(exports, error);
      return code === undefined ? { kind: 'trap', reason: trapReason(error.message) } : { kind: 'halt', code };
    }
    return { kind: 'refused', message: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * The code of an exit: a trap whose innermost function is the export `__stepformer_exit`. A wasm function's `name` is
 * its index, and so it is in stack traces.
 */
function exitCode(exports: Instance['exports'], error: Error): number | undefined {
  const {
    __stepformer_exit: exit,
    __stepformer_exit_code: address,
    memory,
  } = exports as {
    __stepformer_exit?: { name: string };
    __stepformer_exit_code?: { value: number };
    memory?: { buffer: ArrayBuffer };
  };
  if (!exit || !address || !memory) return undefined;
  const innermost = /wasm-function\[(\d+)\]/.exec(error.stack ?? '');
  if (innermost?.[1] !== exit.name) return undefined;
  return new DataView(memory.buffer).getInt32(address.value, true);
}

/** V8's words for a trap, as the specification's. */
function trapReason(message: string): string {
  const reasons: [RegExp, string][] = [
    [/unreachable/, 'unreachable'],
    [/divide by zero|remainder by zero/, 'integer divide by zero'],
    [/divide result unrepresentable/, 'integer overflow'],
    [/memory access out of bounds|data segment is out of bounds/, 'out of bounds memory access'],
    [/signature mismatch/, 'indirect call type mismatch'],
    [/table index is out of bounds|table.* out of bounds|element segment/, 'undefined element'],
    [/call stack/, 'call stack exhausted'],
    [/float unrepresentable/, 'invalid conversion to integer'],
  ];
  return reasons.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}
