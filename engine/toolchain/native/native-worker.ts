/**
 * The thread in which V8 runs a user's module, for `--verify` only. One run per thread.
 *
 * Output is handed over in shared buffers as it is made, so that what was printed before a time-out is not lost.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { execute, type NativeEnd, OutputLimit } from './execution.ts';

export interface NativeJob {
  wasm: Uint8Array;
  /** Of one with files, as it was given: see `host.ts`. */
  given?: Uint8Array;
  input: Uint8Array;
  /** Whether arguments stand before the input of a program of WASI. */
  args: boolean;
  /** Receive what is written to standard output and to standard error, up to their lengths. */
  output: SharedArrayBuffer;
  errors: SharedArrayBuffer;
  /** Two words: bytes in each so far. */
  lengths: SharedArrayBuffer;
}

/** Loaded only where it is needed: it is much more than the rest. */
const nativeHost = async (given: Uint8Array) => (await import('./host.ts')).nativeHost(given);

async function run({ wasm, given, input, args, output, errors, lengths }: NativeJob): Promise<NativeEnd> {
  const counts = new Int32Array(lengths);
  const writer = (stream: SharedArrayBuffer, index: number) => {
    const bytes = new Uint8Array(stream);
    let written = 0;
    return (byte: number) => {
      if (written === bytes.length) throw new OutputLimit();
      bytes[written++] = byte;
      Atomics.store(counts, index, written);
    };
  };
  let read = 0;
  const io = {
    write: writer(output, 0),
    writeError: writer(errors, 1),
    read: () => (read < input.length ? input[read++] : -1),
    args,
  };
  return execute(wasm, io, given && (await nativeHost(given)));
}

parentPort?.postMessage(await run((workerData as { job: NativeJob }).job));
