/**
 * Machine code of clang, made ahead of time: a first compilation is mostly V8 compiling the functions of clang that it
 * calls, each when it is first called. The build has V8 compile those once, as well as it can, and keeps its code; a
 * process that finds such code begins with it, and compiles only what is missing.
 *
 * The code is of one version of V8, one kind of processor and one set of V8's settings: V8 takes it only where all of
 * them are the same. Where it is not taken, or is not there, clang is compiled as it is called.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';

/** What V8 does with a module for its own tests. */
interface Natives {
  serialize(module: object): ArrayBuffer;
  deserialize(code: ArrayBuffer, wasm: Uint8Array): object | undefined;
}

/** What a process is told that is to make code. */
export const MAKE_CODE = 'make-code';

/** The command that has it written. */
export const KEEP_CODE = 'keep-code';

/** What tells that a file is whole: its size, in its last eight bytes. */
const TAIL = 8;

const folder = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/clang-code/' : './clang-code/', import.meta.url),
);

/** Settings under which code is made and taken: every function is compiled when it is called, and at once as well as can be. */
const MAKING = ['--wasm-lazy-compilation', '--no-liftoff'];
/** Those under which the rest is compiled: quickly. */
const USING = ['--liftoff'];

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
  const code = natives()?.serialize(module);
  if (!code) throw new Error(`this V8 (${process.versions.v8}) gives no code away`);
  const bytes = Buffer.alloc(code.byteLength + TAIL);
  bytes.set(new Uint8Array(code));
  bytes.writeDoubleLE(code.byteLength, code.byteLength);
  writeFileSync(`${file}.${process.pid}`, bytes);
  renameSync(`${file}.${process.pid}`, file);
}

/** The module with code that was kept; undefined where there is none, or none that this V8 takes. */
export function moduleWithCode(wasm: Uint8Array): object | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(codeFile());
  } catch {
    return undefined;
  }
  const size = bytes.length - TAIL;
  if (size < 0 || bytes.readDoubleLE(size) !== size) return undefined;
  const code = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + size) as ArrayBuffer;
  for (const flag of MAKING) setFlagsFromString(flag);
  try {
    return natives()?.deserialize(code, wasm);
  } finally {
    for (const flag of USING) setFlagsFromString(flag);
  }
}
