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

export const host = (globalThis as unknown as { WebAssembly: Host }).WebAssembly;
