/**
 * What a program reads: its arguments, when its `main` takes any, then stdin; as bytes of the prompt.
 */
import { PlacedError } from '../errors.ts';
import { opcodeIndex } from '../isa/opcodes.ts';
import { functionAt, type TokenProgram } from '../isa/program.ts';
import type { WasmImport, WasmModule } from './decode/module.ts';
import { WASI_MODULES } from './wasi-modules.ts';

/** Exported by our C library from the function that reads the arguments. */
const ARGUMENTS_EXPORT = '__stepformer_args';

/** Bytes of arguments that a module of WASI can have. */
export const MOST_ARGUMENTS = 65536;

/** Whether the program can read its standard input: an instruction of it does, and not to get at the arguments. */
export function readsInput(
  { exports, importedFunctions }: Pick<WasmModule, 'exports' | 'importedFunctions'>,
  program: TokenProgram,
): boolean {
  // Helper functions read for WASI's, and also to get at the arguments.
  if (importedFunctions.some(({ module, name }) => WASI_MODULES.includes(module) && name === 'fd_read')) return true;
  const read = opcodeIndex('read_byte');
  const forArguments = exports.find(({ name }) => name === ARGUMENTS_EXPORT)?.index;
  return program.ops.some((op, cursor) => {
    if (op !== read) return false;
    const index = functionAt(program, cursor)?.index ?? -1;
    return index >= 0 && index !== forArguments;
  });
}

/**
 * Whether the program reads its arguments, so that they stand before its input: `main` of a C program with parameters
 * (our C library exports `__stepformer_args` then), or WASI's functions for them imported.
 */
export function takesArguments({ exports, importedFunctions }: Pick<WasmModule, 'exports' | 'importedFunctions'>) {
  const isWasi = (entry: WasmImport) => WASI_MODULES.includes(entry.module) && /^args_(sizes_)?get$/.test(entry.name);
  return exports.some(({ name }) => name === ARGUMENTS_EXPORT) || importedFunctions.some(isWasi);
}

/**
 * The input bytes of a program. One that takes arguments reads, before anything else, their number and the number of
 * their bytes in four bytes each, little endian, and then each argument with a zero byte behind it; `argv[0]` is the
 * program's name.
 * @param takes whether it does
 * @param args arguments after the program's name
 * @param most bytes that arguments may have
 * @throws PlacedError when arguments are given to a program that takes none, are too long, or hold a zero byte
 */
export function encodeInput(
  takes: boolean,
  args: readonly string[],
  programName: string,
  stdin: Uint8Array,
  most = 2 ** 32,
): Uint8Array {
  if (!takes) {
    if (args.length > 0) {
      throw new PlacedError(
        `the program takes no arguments, but ${args.length === 1 ? 'one was' : `${args.length} were`} given: ` +
          'declare `int main(int argc, char **argv)`, or leave them out',
      );
    }
    return stdin;
  }
  const texts = [programName, ...args];
  const bad = texts.findIndex((text) => text.includes('\0'));
  if (bad >= 0) throw new PlacedError(`argument ${bad} contains a zero byte; C strings end at the first one`);
  const encoder = new TextEncoder();
  const encoded = texts.map((text) => encoder.encode(text));
  const size = encoded.reduce((sum, bytes) => sum + bytes.length + 1, 0);
  if (size > most) throw new PlacedError(`the arguments have ${size} bytes; ${most} are the limit`);
  const input = new Uint8Array(8 + size + stdin.length);
  new DataView(input.buffer).setUint32(0, texts.length, true);
  new DataView(input.buffer).setUint32(4, size, true);
  let at = 8;
  for (const bytes of encoded) {
    input.set(bytes, at);
    at += bytes.length + 1;
  }
  input.set(stdin, at);
  return input;
}
