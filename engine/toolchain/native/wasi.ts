/**
 * WASI's preview 1 for a native run in V8, to compare with: the same answers as the helper functions in
 * `helpers/wasi.c` give in the model, from the same input.
 */

/** The outside of a run. */
export interface NativeIo {
  write(byte: number): void;
  /** To standard error. */
  writeError(byte: number): void;
  /** The next byte of the input, or -1. */
  read(): number;
  /** The module's memory, once there is an instance. */
  memory(): ArrayBuffer;
  /** Whether the arguments stand before the input: see `takesArguments`. */
  readonly args: boolean;
}

/** Thrown by `proc_exit`. */
export class ProcessExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

const SUCCESS = 0;
const BADF = 8;
const NOSYS = 52;
const SPIPE = 70;

const isOpen = (fd: number) => fd >= 0 && fd < 3;

export type Functions = Record<string, (...args: never[]) => number>;

/** Functions by name, those of `host` in front of the ones here. What is not there gives the error of a bad descriptor, as there are no files. */
export function wasiFunctions(io: NativeIo, host: Functions = {}): Functions {
  const readArgs = argumentsOf(io);
  const known: Functions = {
    ...argumentFunctions(io, readArgs),
    ...fileFunctions(io, readArgs),
    ...clockFunctions(io),
    ...processFunctions(io),
    ...host,
  };
  return new Proxy(known, { get: (functions, name: string) => functions[name] ?? (() => BADF) });
}

interface Arguments {
  readonly count: number;
  readonly bytes: readonly number[];
}

/** Reads the arguments at the first call. */
function argumentsOf(io: NativeIo): () => Arguments {
  const word = () => io.read() | (io.read() << 8) | (io.read() << 16) | (io.read() << 24);
  let args: Arguments | undefined;
  return () => {
    args ??= io.args
      ? { count: word(), bytes: Array.from({ length: word() }, () => io.read()) }
      : { count: 0, bytes: [] };
    return args;
  };
}

const viewOf = (io: NativeIo) => new DataView(io.memory());

function argumentFunctions(io: NativeIo, readArgs: () => Arguments): Functions {
  return {
    args_sizes_get(count: number, size: number) {
      const found = readArgs();
      viewOf(io).setUint32(count, found.count, true);
      viewOf(io).setUint32(size, found.bytes.length, true);
      return SUCCESS;
    },
    args_get(pointers: number, buffer: number) {
      const { bytes } = readArgs();
      const memory = viewOf(io);
      let pointer = pointers;
      for (const [i, byte] of bytes.entries()) {
        if (i === 0 || bytes[i - 1] === 0) {
          memory.setUint32(pointer, buffer + i, true);
          pointer += 4;
        }
        memory.setUint8(buffer + i, byte);
      }
      return SUCCESS;
    },
    environ_sizes_get(count: number, size: number) {
      viewOf(io).setUint32(count, 0, true);
      viewOf(io).setUint32(size, 0, true);
      return SUCCESS;
    },
    environ_get: () => SUCCESS,
  };
}

/** The three streams that there are. @param readArgs reads the arguments, which stand before the input */
function fileFunctions(io: NativeIo, readArgs: () => void): Functions {
  const descriptors = (answer: number) => (fd: number) => (isOpen(fd) ? answer : BADF);
  return {
    fd_write(fd: number, vectors: number, count: number, written: number) {
      if (fd !== 1 && fd !== 2) return BADF;
      const put = fd === 1 ? io.write : io.writeError;
      const memory = viewOf(io);
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = memory.getUint32(vectors + 8 * i, true);
        const size = memory.getUint32(vectors + 8 * i + 4, true);
        total += size;
        for (let at = start; at < start + size; at++) put(memory.getUint8(at));
      }
      memory.setUint32(written, total, true);
      return SUCCESS;
    },
    fd_read(fd: number, vectors: number, count: number, read: number) {
      if (fd !== 0) return BADF;
      readArgs();
      const memory = viewOf(io);
      let total = 0;
      let byte = 0;
      for (let i = 0; i < count && byte >= 0 && byte !== 10; i++) {
        const start = memory.getUint32(vectors + 8 * i, true);
        const end = start + memory.getUint32(vectors + 8 * i + 4, true);
        for (let at = start; at < end; at++) {
          byte = io.read();
          if (byte < 0) break;
          memory.setUint8(at, byte);
          total++;
          if (byte === 10) break;
        }
      }
      memory.setUint32(read, total, true);
      return SUCCESS;
    },
    fd_close: descriptors(SUCCESS),
    fd_sync: descriptors(SUCCESS),
    fd_datasync: descriptors(SUCCESS),
    fd_fdstat_set_flags: descriptors(SUCCESS),
    fd_seek: descriptors(SPIPE),
    fd_tell: descriptors(SPIPE),
    fd_fdstat_get(fd: number, status: number) {
      if (!isOpen(fd)) return BADF;
      for (const [i, value] of [2n, 0x42n, 0n].entries()) viewOf(io).setBigUint64(status + 8 * i, value, true);
      return SUCCESS;
    },
    fd_filestat_get(fd: number, status: number) {
      if (!isOpen(fd)) return BADF;
      for (let i = 0; i < 8; i++) viewOf(io).setBigUint64(status + 8 * i, i === 2 ? 2n : 0n, true);
      return SUCCESS;
    },
  };
}

/** A clock that moves on by a millisecond whenever it is looked at, and numbers that look random. */
function clockFunctions(io: NativeIo): Functions {
  let ticks = 0;
  let random = 2463534242;
  return {
    clock_res_get(_: number, to: number) {
      viewOf(io).setBigUint64(to, 1_000_000n, true);
      return SUCCESS;
    },
    clock_time_get(id: number, _: bigint, to: number) {
      ticks++;
      viewOf(io).setBigUint64(to, BigInt(ticks) * 1_000_000n + (id === 0 ? 1704067200000000000n : 0n), true);
      return SUCCESS;
    },
    random_get(to: number, size: number) {
      for (let i = 0; i < size; i++) {
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        viewOf(io).setUint8(to + i, random >>> 24);
      }
      return SUCCESS;
    },
  };
}

function processFunctions(io: NativeIo): Functions {
  return {
    proc_exit(code: number): number {
      throw new ProcessExit(code);
    },
    proc_raise: () => NOSYS,
    sched_yield: () => SUCCESS,
    poll_oneoff(subscriptions: number, events: number, count: number, happened: number) {
      const memory = viewOf(io);
      memory.setUint32(happened, count, true);
      for (let i = 0; i < count; i++) {
        const event = events + 32 * i;
        memory.setBigUint64(event, memory.getBigUint64(subscriptions + 48 * i, true), true);
        memory.setBigUint64(event + 8, BigInt(memory.getUint8(subscriptions + 48 * i + 8)) << 16n, true);
        memory.setBigUint64(event + 16, 0n, true);
        memory.setBigUint64(event + 24, 0n, true);
      }
      return SUCCESS;
    },
  };
}
