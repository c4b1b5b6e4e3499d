/**
 * Machine code of clang, made ahead of time: a first compilation is mostly V8 compiling the functions of clang that it
 * calls, each when it is first called. The build has V8 compile those once, as well as it can, and keeps its code; a
 * process that finds such code begins with it, and compiles only what is missing.
 *
 * The code is of one version of V8, one kind of processor and one set of V8's settings: V8 takes it only where all of
 * them are the same. Where it is not taken, or is not there, clang is compiled as it is called.
 */
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** What V8 does with a module for its own tests. */
interface Natives {
  serialize(module: object): ArrayBuffer;
  deserialize(code: ArrayBuffer, wasm: Uint8Array): object | undefined;
}

/** What a process is told that is to make code, and one that is to begin without. */
export const MAKE_CODE = 'make-code';
export const NO_CODE = 'no-code';

/** V8 reads what it is given without much care: behind the code stands its checksum. */
const CHECKSUM_BYTES = 32;

/** The command that has it written. */
export const KEEP_CODE = 'keep-code';

const folder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/clang-code/' : './clang-code/', import.meta.url),
);

/** Settings under which code is made: every function when it is called, and at once as well as can be. */
const MAKING = ['--no-liftoff'];
/**
 * The settings of before: V8 takes code only under those under which it was given away. (Without Liftoff it turns the other
 * two off.)
 */
const MADE = ['--liftoff', '--wasm-tier-up', '--wasm-dynamic-tiering'];

/** V8's functions, or undefined where it has none of them. */
function natives(): Natives | undefined {
  setFlagsFromString('--allow-natives-syntax');
  try {
    return {
      serialize: new Function('module', 'return %SerializeWasmModule(module)') as Natives['serialize'],
      deserialize: new Function('code', 'wasm', 'return %DeserializeWasmModule(code, wasm)') as Natives['deserialize'],
    };
  } catch {
    return undefined;
  } finally {
    setFlagsFromString('--no-allow-natives-syntax');
  }
}

/** The file for this clang and this V8. */
export function codeFile(): string {
  const require = createRequire(import.meta.url);
  const { version } = require(join(dirname(dirname(require.resolve('@yowasp/clang'))), 'package.json'));
  return join(folder, `${version}-v8-${process.versions.v8}-${process.arch}`);
}

/** Lets V8 compile so that its code can be kept. To be called before a module is made. */
export function makeCode(): void {
  for (const flag of MAKING) setFlagsFromString(flag);
}

/** Writes the code of all functions that were called so far. @throws where V8 gives none away */
export function keepCode(module: object, file: string): void {
  for (const flag of MADE) setFlagsFromString(flag);
  const code = natives()?.serialize(module);
  if (!code) throw new Error(`this V8 (${process.versions.v8}) gives no code away`);
  const bytes = new Uint8Array(code);
  writeFileSync(`${file}.${process.pid}`, Buffer.concat([bytes, createHash('sha256').update(bytes).digest()]));
  renameSync(`${file}.${process.pid}`, file);
}

/** Reads the code that was kept, if there is any, and if it is as it was. */
export async function readCode(file: string = codeFile()): Promise<ArrayBuffer | undefined> {
  const opened = await open(file).catch(() => undefined);
  try {
    const size = ((await opened?.stat())?.size ?? 0) - CHECKSUM_BYTES;
    if (!opened || size < 0) return undefined;
    // V8 wants a buffer of nothing but the code.
    const code = new Uint8Array(size);
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    await opened.read(code, 0, size, 0);
    await opened.read(checksum, 0, CHECKSUM_BYTES, size);
    return checksum.equals(Buffer.from(await crypto.subtle.digest('SHA-256', code))) ? code.buffer : undefined;
  } finally {
    await opened?.close();
  }
}

/** The module with its code; undefined where V8 does not take it. */
export function moduleWithCode(wasm: Uint8Array, code: ArrayBuffer): object | undefined {
  return natives()?.deserialize(code, wasm);
}
