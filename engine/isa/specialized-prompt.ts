/** Prompts for models that are specialised for one program (weights/specialize.ts): which they are, and how they differ. */
import { PlacedError } from '../errors.ts';
import type { ProgramCode, TokenProgram } from './program.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START } from './prompt.ts';
import { TOKEN } from './vocabulary.ts';

/**
 * The prompt for a specialised model: as usual, without the instructions. The cursor is snapped to the nearest position,
 * so there must be as many positions as instructions; `{`, which does nothing, fills up.
 * @throws PlacedError when it is longer than the model has positions
 */
export function specializedPrompt(program: TokenProgram, input: Uint8Array, more = false): Uint16Array {
  const full = encodePrompt(program, input, more);
  const count = program.ops.length;
  const behind = full.subarray(PROGRAM_START + INSTRUCTION_TOKENS * count);
  const start = Math.max(PROGRAM_START, count);
  const prompt = new Uint16Array(start + behind.length).fill(TOKEN.open);
  prompt.set(full.subarray(0, PROGRAM_START));
  prompt.set(behind, start);
  return prompt;
}

/** What a model's configuration says of the program it is made for; undefined for the machine that runs any. */
export interface Specialization {
  readonly specialized?: { readonly program: string; readonly checksum: string };
}

/**
 * The prompt that a model wants for a program.
 * @throws PlacedError when the model is specialised for another program
 */
export function promptFor(
  { specialized }: Specialization,
  program: TokenProgram,
  input: Uint8Array,
  more = false,
): Uint16Array {
  if (!specialized) return encodePrompt(program, input, more);
  if (specialized.checksum !== programChecksum(program)) {
    throw new PlacedError(
      `this model is specialised for ${specialized.program}, which was another program or is compiled differently now. Specialise the model again, or leave --model out.`,
    );
  }
  return specializedPrompt(program, input, more);
}

/** Tells programs apart: FNV-1a of what is baked in, 64 bits in hexadecimal. */
export function programChecksum({ ops, imms, stride }: ProgramCode): string {
  let hash = 0xcbf29ce484222325n;
  for (const number of [stride, ops.length, ...ops, ...imms]) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(number)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
