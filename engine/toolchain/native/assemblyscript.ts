/** What AssemblyScript's programs import from `env`, as the helper functions of these names do it (helpers/assemblyscript.c). */

/** Thrown by a call of `abort`. */
export class Aborted extends Error {}

interface Outside {
  /** The program's memory; undefined where it exports none. */
  memory(): ArrayBuffer | undefined;
  write(byte: number): void;
  writeError(byte: number): void;
}

/** By name; `abort` is left by an error. */
export function environment({ memory, write, writeError }: Outside) {
  const text = (at: number) => {
    const bytes = memory();
    if (!bytes) return '';
    const length = new DataView(bytes).getUint32(at - 4, true);
    return new TextDecoder('utf-16le').decode(new Uint8Array(bytes, at, length));
  };
  const say = (put: (byte: number) => void, line: string) => {
    for (const byte of new TextEncoder().encode(`${line}\n`)) put(byte);
  };
  const abort = (message: number, file: number, line: number, column: number): never => {
    const what = message ? `: ${text(message >>> 0)}` : '';
    const where = file ? ` in ${text(file >>> 0)}(${line >>> 0}:${column >>> 0})` : '';
    say(writeError, `abort${what}${where}`);
    throw new Aborted();
  };
  const console = (put: (byte: number) => void) => (at: number) => say(put, at ? text(at >>> 0) : 'null');
  let ticks = 0;
  return {
    abort,
    'console.log': console(write),
    'console.info': console(write),
    'console.debug': console(write),
    'console.warn': console(writeError),
    'console.error': console(writeError),
    'Date.now': () => Date.UTC(2024, 0) + ++ticks,
    'performance.now': () => ++ticks,
    seed: () => 2463534242,
  };
}
