/**
 * What a program reads: its arguments, when its `main` takes any, then stdin; as bytes of the prompt.
 */
import { PlacedError } from '../errors.ts';

/**
 * The input bytes of a program.
 *
 * A program whose `main` has parameters exports `__stepformer_args` (our C library does that) and reads, before
 * anything else, argc in four bytes, little endian, and each argument with a zero byte behind it; `argv[0]` is the
 * program's name.
 * @param exports names of the module's exports
 * @param args arguments after the program's name
 * @throws PlacedError when arguments are given to a program that takes none, or hold a zero byte
 */
export function encodeInput(
  exports: Iterable<string>,
  args: readonly string[],
  programName: string,
  stdin: Uint8Array,
): Uint8Array {
  if (![...exports].includes('__stepformer_args')) {
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
  const input = new Uint8Array(4 + encoded.reduce((sum, bytes) => sum + bytes.length + 1, 0) + stdin.length);
  new DataView(input.buffer).setUint32(0, texts.length, true);
  let at = 4;
  for (const bytes of encoded) {
    input.set(bytes, at);
    at += bytes.length + 1;
  }
  input.set(stdin, at);
  return input;
}
