/**
 * The helper functions: what the machine does not compute in one line (division of 64 bits, floats, copies of memory)
 * and what a program of WASI imports, as a wasm module of integer instructions. A program's instructions `call` those
 * it needs, and only these are put behind it. Each is exported under the name of the operator or import it stands for.
 *
 * The module is compiled from the C files in `helpers/`: by the build to `dist/helpers`, from source to a cache.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlacedError } from '../../errors.ts';
import { decode } from '../decode/decode.ts';
import type { FunctionType, WasmModule } from '../decode/module.ts';
import { typeOfFunction } from '../decode/module.ts';
import { runsFromSource } from '../threads.ts';
import { HELPER_FILES } from './host-memory.ts';

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

const loading = new Map<string, Promise<Helpers>>();

/**
 * The helpers; loaded once.
 * @param withHost with those of `host.c`, which are as many again: for a module that `hasHost`
 * @throws PlacedError when they are missing and cannot be built
 */
export function loadHelpers(withHost = false): Promise<Helpers> {
  const name = withHost ? HELPER_FILES.host : HELPER_FILES.plain;
  const found =
    loading.get(name) ??
    load(name).catch((error: unknown) => {
      loading.delete(name);
      throw error;
    });
  loading.set(name, found);
  return found;
}

async function load(name: string): Promise<Helpers> {
  const folder = runsFromSource ? await cached() : fileURLToPath(new URL('./helpers/', import.meta.url));
  try {
    const file = join(folder, name);
    return new Helpers(decode(new Uint8Array(await readFile(file)), file));
  } catch (error) {
    throw new PlacedError(`the helper functions are missing (${(error as Error).message}); run \`npm run build\``);
  }
}

let building: Promise<string> | undefined;

/** Their folder, where the engine runs from source. */
function cached(): Promise<string> {
  building ??= built();
  return building;
}

async function built(): Promise<string> {
  const { buildHelpers, helpersCacheFolder } = await import('./build-helpers.ts');
  const folder = await helpersCacheFolder();
  if (!existsSync(join(folder, HELPER_FILES.plain))) await buildHelpers(folder);
  return folder;
}
