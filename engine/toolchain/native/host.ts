/**
 * The functions of `helpers/host.c` in V8: the same module as in the model, in a memory of its own. What a call does is seen
 * by the program in its memory, which is copied there before and back behind it.
 */
import { MEMORY_PAGES, PAGE_SIZE } from '../../isa/limits.ts';
import { decode } from '../decode/decode.ts';
import { HOST_BASE } from '../helpers/host-memory.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import { loadHelpers } from '../helpers/load-helpers.ts';
import { storedData, storedOf } from '../lower/stored.ts';
import type { Functions, NativeIo } from './wasi.ts';

/* TypeScript's library for Node's types does not declare WebAssembly outside browsers. */
type Exported = Functions[string];
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: Record<string, Exported> & { memory: Memory } };
};
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Makes the functions for a run. */
export type NativeHost = (io: NativeIo) => Functions;

/** For a module that has these functions. @param wasm with what is given to it */
export async function nativeHost(wasm: Uint8Array): Promise<NativeHost> {
  const module = decode(wasm);
  const helpers = await loadHelpers(true);
  const stored = storedOf(module);
  const data = storedData(module, stored, helpers);
  return (io) => {
    const { exports } = new WebAssembly.Instance(
      new WebAssembly.Module(helpers.module.bytes),
      importsOf(helpers, io, stored.args),
    );
    const { memory } = exports;
    memory.grow(MEMORY_PAGES - memory.buffer.byteLength / PAGE_SIZE);
    const bytes = new Uint8Array(memory.buffer);
    for (const { address, bytes: there } of data) bytes.set(there, address);
    const copying =
      (call: Exported): Exported =>
      (...values) => {
        const own = new Uint8Array(io.memory());
        bytes.set(own.subarray(0, HOST_BASE));
        const result = call(...values);
        own.set(bytes.subarray(0, Math.min(own.length, HOST_BASE)));
        return result;
      };
    // Arguments are read from the same input as what they stand before.
    const names = helpers.names.filter((name) => /^(host\.|wasi\.args_)/.test(name));
    return Object.fromEntries(names.map((name) => [name.slice(name.indexOf('.') + 1), copying(exports[name])]));
  };
}

/** What the helpers import: input and output, cells, of which `pages` is how many the program has; of the rest they call nothing here. */
function importsOf({ module }: Helpers, io: NativeIo, kept = 0): Record<string, Record<string, unknown>> {
  const cells = new Map<string, number>([
    ['args', Number(io.args)],
    ['args_kept', kept],
  ]);
  const known: Record<string, (value: number) => unknown> = {
    write_byte: io.write,
    write_error: io.writeError,
    read_byte: io.read,
    'cell pages': () => io.memory().byteLength / PAGE_SIZE,
    'set pages': () => undefined,
    'all pages': () => MEMORY_PAGES,
  };
  const importOf = (name: string) => {
    const [kind, cell] = name.split(' ');
    if (known[name]) return known[name];
    if (kind === 'cell') return () => cells.get(cell) ?? 0;
    if (kind === 'set') return (value: number) => void cells.set(cell, value);
    return () => {
      throw new RangeError(`a function of the host called ${name}`);
    };
  };
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of module.importedFunctions) {
    imports[from] ??= {};
    imports[from][name] = importOf(name);
  }
  return imports;
}
