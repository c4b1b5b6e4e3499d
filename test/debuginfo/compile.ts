/**
 * Programs with debug information for the tests: C through clang, run natively up to a chosen moment.
 */
import { readFileSync } from 'node:fs';
import * as yowasp from '@yowasp/clang';
import type { MachineState } from '../../engine/debuginfo/index.ts';

/** A tree of files in memory. */
type Tree = { [name: string]: Tree | string | Uint8Array };
type Tool = (args: string[] | null, files: Tree, options: object) => Promise<Tree>;

// The package's types leave out runClang, and that runLLVM(null) only loads.
const { runClang, runLLVM } = yowasp as unknown as { runClang: Tool; runLLVM: Tool };

interface WasmGlobals {
  Module: (new (
    bytes: Uint8Array,
  ) => object) & {
    imports(module: object): { module: string; name: string; kind: string }[];
  };
  Instance: new (
    module: object,
    imports: Record<string, Record<string, unknown>>,
  ) => {
    exports: { memory: { buffer: ArrayBuffer }; __stack_pointer: { value: number }; main(): number };
  };
}

// Neither ES2023 nor Node's types declare WebAssembly.
const { WebAssembly } = globalThis as unknown as { WebAssembly: WasmGlobals };

const BASE_FLAGS = ['--target=wasm32', '-mcpu=mvp', '-ffreestanding', '-nostdlib', '-g', '-Wl,--no-entry'];
// Mutable globals let the stack pointer be exported; the code stays the same.
const LINK_FLAGS = ['-mmutable-globals', '-Wl,--export-all', '-Wl,--allow-undefined'];

let loaded: Promise<unknown> | undefined;

/** Compiles C sources (by path) to a linked module. The last argument are more flags, such as `-O1`. */
export async function compileC(sources: Record<string, string>, flags: string[] = ['-O0']): Promise<Uint8Array> {
  // Loading with a silent progress callback first: the compiler reports its own on stdout otherwise.
  loaded ??= Promise.resolve(runLLVM(null, {}, { fetchProgress() {} }));
  await loaded;
  let messages = '';
  const decoder = new TextDecoder();
  const inputs = Object.keys(sources).filter((path) => path.endsWith('.c'));
  try {
    const files = await runClang(
      ['clang', ...BASE_FLAGS, ...LINK_FLAGS, ...flags, '-o', 'out.wasm', ...inputs],
      tree(sources),
      {
        stdout: null,
        stderr(bytes: Uint8Array | null) {
          messages += bytes ? decoder.decode(bytes) : '';
        },
      },
    );
    return files['out.wasm'] as Uint8Array;
  } catch (error) {
    throw new Error(`clang failed: ${messages || error}`);
  }
}

function tree(sources: Record<string, string>): Tree {
  const root: Tree = {};
  for (const [path, text] of Object.entries(sources)) {
    const parts = path.split('/').filter((part) => part !== '');
    let directory = root;
    for (const part of parts.slice(0, -1)) {
      directory[part] ??= {};
      directory = directory[part] as Tree;
    }
    directory[parts[parts.length - 1]] = text;
  }
  return root;
}

/** A program of test/debuginfo/programs. */
export function program(name: string): string {
  return readFileSync(new URL(`programs/${name}`, import.meta.url), 'utf8');
}

/** A moment of a native run: the program called `stop(id)`. */
export interface Stop {
  id: number;
  /** File offset of the call. */
  fileOffset: number;
  state: MachineState;
}

/** A state over a memory snapshot; at -O0 the only wasm local that matters is the frame base. */
export function snapshotState(memory: Uint8Array, frameBase: number): MachineState {
  return {
    local: () => frameBase,
    global: () => frameBase,
    stack: () => undefined,
    memory: (address, length) =>
      memory.subarray(Math.min(address, memory.length), Math.min(address + length, memory.length)),
  };
}

/** Runs `main` natively and records every call of the imported `stop(int)`. Other imports return -1. */
export function runToStops(wasm: Uint8Array): { stops: Stop[]; memory: Uint8Array; result: number } {
  const stops: Stop[] = [];
  const module = new WebAssembly.Module(wasm);
  const imports: Record<string, Record<string, unknown>> = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = name === 'stop' ? stop : () => -1;
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const snapshot = (): Uint8Array => new Uint8Array(exports.memory.buffer).slice();
  function stop(id: number): void {
    const frame = /wasm-function\[\d+\]:0x([\da-f]+)/.exec(new Error().stack ?? '');
    // At -O0 the stack pointer of the caller is its frame base.
    const state = snapshotState(snapshot(), exports.__stack_pointer.value);
    stops.push({ id, fileOffset: Number.parseInt(frame![1], 16), state });
  }
  const result = exports.main();
  return { stops, memory: snapshot(), result };
}
