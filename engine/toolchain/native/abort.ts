/** `env.abort` of AssemblyScript's programs, as the helper function of that name writes it (helpers/abort.c). */

/** Thrown by a call of it. */
export class Aborted extends Error {}

interface Outside {
  /** The program's memory; undefined where it exports none. */
  memory(): ArrayBuffer | undefined;
  writeError(byte: number): void;
}

/** The function. */
export function abortFunction({ memory, writeError }: Outside) {
  const text = (at: number) => {
    const bytes = memory();
    if (!bytes) return '';
    const length = new DataView(bytes).getUint32(at - 4, true);
    return new TextDecoder('utf-16le').decode(new Uint8Array(bytes, at, length));
  };
  return (message: number, file: number, line: number, column: number): never => {
    const what = message ? `: ${text(message >>> 0)}` : '';
    const where = file ? ` in ${text(file >>> 0)}(${line >>> 0}:${column >>> 0})` : '';
    for (const byte of new TextEncoder().encode(`abort${what}${where}\n`)) writeError(byte);
    throw new Aborted();
  };
}
