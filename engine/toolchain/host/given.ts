/**
 * What is given to a module from elsewhere: files, variables of the environment, a date. It is put into the module's bytes as a
 * custom section at their end, so that whoever has these bytes runs the same program.
 */
import { leb } from '../decode/encode.ts';
import type { WasmModule } from '../decode/module.ts';
import { SECTION } from '../decode/sections.ts';
import type { ProgramFile } from '../given-files.ts';
import type { Surroundings } from '../surroundings.ts';
import { WASI_MODULES } from '../wasi-modules.ts';

const NAME = 'stepformer.given';

export interface Given extends Surroundings {
  readonly files: readonly ProgramFile[];
}

/** The section's beginning, as JSON; the files' bytes come behind it. */
interface Head {
  readonly files: readonly (readonly [path: string, bytes: number])[];
  readonly env: readonly string[];
  readonly startDate?: number;
}

/** Whether nothing is given. */
export function isNothing({ files, env, startDate }: Given): boolean {
  return files.length === 0 && env.length === 0 && startDate === undefined;
}

/** The module with what is given to it. */
export function withGiven(wasm: Uint8Array, { files, env, startDate }: Given): Uint8Array {
  const head: Head = { files: files.map(({ path, bytes }) => [path, bytes.length]), env, startDate };
  const text = Buffer.from(JSON.stringify(head));
  const name = Buffer.from(NAME);
  const payload = [leb(name.length), name, leb(text.length), text, ...files.map(({ bytes }) => bytes)];
  const size = payload.reduce((sum, { length }) => sum + length, 0);
  return new Uint8Array(
    Buffer.concat([wasm, [SECTION.custom], leb(size), ...payload].map((part) => Uint8Array.from(part))),
  );
}

/** What was given to a module; undefined if nothing was. */
export function givenTo({ bytes, sections }: Pick<WasmModule, 'bytes' | 'sections'>): Given | undefined {
  const section = sections.find(({ id, name }) => id === SECTION.custom && name === NAME);
  if (!section) return undefined;
  const payload = Buffer.from(bytes.subarray(section.start, section.end));
  let at = 0;
  let size = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = payload[at++];
    size += (byte & 127) * shift;
    if (byte < 128) break;
  }
  const head: Head = JSON.parse(payload.toString('utf8', at, at + size));
  at += size;
  const files = head.files.map(([path, length]): ProgramFile => {
    at += length;
    return { path, bytes: new Uint8Array(payload.subarray(at - length, at)) };
  });
  return { files, env: head.env, startDate: head.startDate };
}

/** Functions of WASI that only a program with files calls. */
const FILES = /^(path_|fd_prestat_|fd_readdir)/;

/** Whether the module imports functions of WASI. */
export function importsWasi({ importedFunctions }: Pick<WasmModule, 'importedFunctions'>, names = /^/): boolean {
  return importedFunctions.some(({ module, name }) => WASI_MODULES.includes(module) && names.test(name));
}

/** Whether a module has the functions of `helpers/host.c`: it can have files, or something was given to it. */
export function hasHost(module: WasmModule): boolean {
  return importsWasi(module) && (importsWasi(module, FILES) || givenTo(module) !== undefined);
}
