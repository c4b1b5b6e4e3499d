/** The parts of JavaScript's WebAssembly interface that the kernel uses; ES2023 does not declare them. */

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

export interface WasmTable {
  readonly length: number;
  grow(entries: number, filling: unknown): number;
  set(index: number, f: unknown): void;
}

interface Host {
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  readonly Table: new (limits: { initial: number; element: 'anyfunc' }) => WasmTable;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { k: Record<string, unknown> },
  ) => { readonly exports: Record<string, (...parameters: number[]) => number> };
}

/** Modules of bytes that several sequences begin with. */
const compiled = new WeakMap<Uint8Array, object>();

/** The module of `bytes`, which nobody changes; of the same array it is compiled once. */
export function moduleOf(bytes: Uint8Array): object {
  const known = compiled.get(bytes) ?? new host.Module(bytes);
  compiled.set(bytes, known);
  return known;
}

export const host = (globalThis as unknown as { WebAssembly: Host }).WebAssembly;
