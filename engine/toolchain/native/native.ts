/**
 * Runs a module natively in V8, to compare with what the model generated (`--verify`). With events-worker.ts
 * the only place that gives a user's bytes to `WebAssembly`; nothing that a session shows comes from here.
 */
import { decode } from '../decode/decode.ts';
import { hasHost } from '../host/given.ts';
import { takesArguments } from '../input.ts';
import { withCanonicalNans } from '../instrument/canonical.ts';
import { startThread } from '../threads.ts';
import type { NativeEnd } from './execution.ts';
import { withMemoryLimit } from './memory-limit.ts';
import type { NativeJob } from './native-worker.ts';

export interface NativeLimits {
  /** Milliseconds until the run is ended. Default 10,000. */
  milliseconds?: number;
  /** Bytes to either output until the run is ended. Default 16 MiB. */
  outputBytes?: number;
}

export interface NativeResult {
  output: Uint8Array;
  /** What was written to standard error. */
  errors: Uint8Array;
  exit: {
    /** `timeout`: a limit was reached. `refused`: V8 does not take the module (imports, validation). */
    kind: 'halt' | 'trap' | 'timeout' | 'refused';
    /** Exit code as a signed 32-bit number; 0 unless the program halted. */
    code: number;
    /** Of a trap, in the specification's words; of a time-out or refusal, which. */
    reason?: string;
  };
}

/** Traps for which V8 has the other's message: a null entry of a table, a float too large for an integer. */
const SAME_MESSAGE: ReadonlyMap<string, string> = new Map([
  ['undefined element', 'indirect call type mismatch'],
  ['integer overflow', 'invalid conversion to integer'],
]);

/** Whether a trap's reason and that of a native run are the same, as far as V8 tells. */
export function sameTrap(reason: string, native: string): boolean {
  return reason === native || SAME_MESSAGE.get(reason) === native;
}

/**
 * Runs the export `_start`, or `main` (whose i32 result is the exit code), in a thread of its own.
 * @param input what `stepformer.read_byte` gives, byte by byte, then −1
 */
export async function runNative(wasm: Uint8Array, input: Uint8Array, limits: NativeLimits = {}): Promise<NativeResult> {
  const { milliseconds = 10_000, outputBytes = 16 << 20 } = limits;
  const output = new SharedArrayBuffer(outputBytes);
  const errors = new SharedArrayBuffer(outputBytes);
  const lengths = new SharedArrayBuffer(8);
  const job: NativeJob = { ...prepared(wasm), input, output, errors, lengths };
  const worker = startThread('native/native-worker', job);
  let timer: NodeJS.Timeout | undefined;
  const end = await new Promise<NativeEnd | 'timeout'>((resolve, reject) => {
    timer = setTimeout(() => resolve('timeout'), milliseconds);
    worker.once('message', resolve);
    worker.once('error', reject);
  }).finally(() => {
    clearTimeout(timer);
    return worker.terminate();
  });
  const written = (stream: SharedArrayBuffer, index: number) =>
    new Uint8Array(stream, 0, Atomics.load(new Int32Array(lengths), index)).slice();
  return { output: written(output, 0), errors: written(errors, 1), exit: exitOf(end, milliseconds, outputBytes) };
}

/** The module as V8 is to run it, and whether it takes arguments; what is no module is refused by V8, in its words. */
function prepared(wasm: Uint8Array): Pick<NativeJob, 'wasm' | 'given' | 'args'> {
  try {
    const module = decode(wasm);
    const limited = withMemoryLimit(withCanonicalNans(module));
    return { wasm: limited, args: takesArguments(module), ...(hasHost(module) ? { given: wasm } : {}) };
  } catch {
    return { wasm: withMemoryLimit(wasm), args: false };
  }
}

function exitOf(end: NativeEnd | 'timeout', milliseconds: number, outputBytes: number): NativeResult['exit'] {
  if (end === 'timeout') return { kind: 'timeout', code: 0, reason: `not finished after ${milliseconds} ms` };
  switch (end.kind) {
    case 'halt':
      return { kind: 'halt', code: end.code };
    case 'trap':
      return { kind: 'trap', code: 0, reason: end.reason };
    case 'limit':
      return { kind: 'timeout', code: 0, reason: `more than ${outputBytes} bytes of output` };
    case 'refused':
      return { kind: 'refused', code: 0, reason: end.message };
  }
}
