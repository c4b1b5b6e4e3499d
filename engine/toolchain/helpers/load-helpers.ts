/**
 * The helper functions: what the machine does not compute in one line (division of 64 bits, floats, copies of memory)
 * and what a program of WASI imports, as a wasm module of integer instructions. A program's instructions `call` those
 * it needs, and only these are put behind it. Each is exported under the name of the operator or import it stands for.
 *
 * The module is compiled from the C files in `helpers/`: by the build to `dist/helpers.wasm`, from source to a cache.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import { decode } from '../decode/decode.ts';
import type { FunctionType, WasmModule } from '../decode/module.ts';
import { typeOfFunction } from '../decode/module.ts';
import { runsFromSource } from '../threads.ts';

/** The module, and its functions by name. */
export class Helpers {
  readonly module: WasmModule;
  private readonly exports = new Map<string, number>();

  constructor(module: WasmModule) {
    this.module = module;
    for (const { kind, name, index } of module.exports) if (kind === 'function') this.exports.set(name, index);
  }

  get names(): string[] {
    return [...this.exports.keys()];
  }

  /** Index of the function exported under `name`, or undefined. */
  functionOf(name: string): number | undefined {
    return this.exports.get(name);
  }

  /** Its type; undefined if there is no such function. */
  typeOf(name: string): FunctionType | undefined {
    const index = this.exports.get(name);
    return index === undefined ? undefined : this.module.types[typeOfFunction(this.module, index) ?? -1];
  }
}

let loading: Promise<Helpers> | undefined;

/** The helpers; loaded once. @throws PlacedError when they are missing and cannot be built. */
export function loadHelpers(): Promise<Helpers> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Helpers> {
  const file = runsFromSource ? await cached() : fileURLToPath(new URL('./helpers.wasm', import.meta.url));
  try {
    return new Helpers(decode(new Uint8Array(await readFile(file)), file));
  } catch (error) {
    throw new PlacedError(`the helper functions are missing (${(error as Error).message}); run \`npm run build\``);
  }
}

async function cached(): Promise<string> {
  const { buildHelpers, helpersCacheFile } = await import('./build-helpers.ts');
  const file = await helpersCacheFile();
  if (!existsSync(file)) await buildHelpers(file);
  return file;
}
