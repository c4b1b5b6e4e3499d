/**
 * The model that runs one program: the first Futamura projection of the machine, seen as an interpreter in weights.
 *
 * The program's instructions become neurons, one each (machine/instruction.ts), and leave the prompt: it keeps the table
 * tokens, the initial values of globals and memory, and the input. The trace is the same, token for token.
 */
import { PlacedError } from '../errors.ts';
import { encodePrompt, INSTRUCTION_TOKENS, PROGRAM_START, type TokenProgram } from '../isa/program.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import type { BakedProgram } from '../machine/instruction.ts';
import { MACHINE_LIMITS, machine } from '../machine/machine.ts';
import type { ModelConfig, ModelFiles } from '../transformer/model.ts';
import { filesOf } from './build.ts';
import { analyse } from './exactness/exactness.ts';
import { softmaxRange } from './exactness/limits.ts';
import { schedule } from './schedule.ts';

/** A neuron takes three rows of the residual stream's width: beyond this the file would pass 130 MB. */
const MOST_INSTRUCTIONS = 2 ** 15;

/**
 * The specialised model as the contents of its three files, not proved exact: for looking at it. `name` is for display.
 * @throws PlacedError for a program with too many instructions
 */
export function specializedModel(program: BakedProgram, name: string): ModelFiles {
  const count = program.ops.length;
  if (count > MOST_INSTRUCTIONS) {
    throw new PlacedError(
      `the program has ${count} instructions; a model can be specialised for ${MOST_INSTRUCTIONS}. Run it from the prompt instead.`,
    );
  }
  const files = filesOf(machine(undefined, program));
  return { ...files, config: { ...files.config, specialized: { program: name, checksum: checksum(program) } } };
}

/**
 * The specialised model, proved exact: every row of weights, with this program's immediates in it. Its configuration says
 * the limits up to which that holds: those that the machine is built for; how much further it would is not looked for.
 * @throws PlacedError for a program with too many instructions, and naming the rows that are not exact
 */
export function provenSpecializedModel(program: BakedProgram, name: string): ModelFiles {
  const files = specializedModel(program, name);
  const graph = machine(undefined, program);
  const { problems } = analyse(graph, schedule(graph));
  if (problems.length > 0) {
    throw new PlacedError(
      `a model specialised for this program would not be exact: ${problems.slice(0, 3).join('; ')}. Run it from the prompt instead.`,
    );
  }
  const { softmax, recencySlopes } = files.config;
  const limits = {
    machine: { ...MACHINE_LIMITS },
    exact: { ...MACHINE_LIMITS },
    softmax: softmaxRange(softmax.scaleBits, Math.max(...recencySlopes.flat())),
  };
  return { ...files, config: { ...files.config, limits } };
}

/**
 * The prompt for a specialised model: as usual, without the instructions. The cursor is snapped to the nearest position,
 * so there must be as many positions as instructions; `{`, which does nothing, fills up.
 * @throws PlacedError when it is longer than the model has positions
 */
export function specializedPrompt(program: TokenProgram, input: Uint8Array): Uint16Array {
  const full = encodePrompt(program, input);
  const count = program.ops.length;
  const behind = full.subarray(PROGRAM_START + INSTRUCTION_TOKENS * count);
  const start = Math.max(PROGRAM_START, count);
  const prompt = new Uint16Array(start + behind.length).fill(TOKEN.open);
  prompt.set(full.subarray(0, PROGRAM_START));
  prompt.set(behind, start);
  return prompt;
}

/**
 * The prompt that a model wants for a program.
 * @throws PlacedError when the model is specialised for another program
 */
export function promptFor({ specialized }: ModelConfig, program: TokenProgram, input: Uint8Array): Uint16Array {
  if (!specialized) return encodePrompt(program, input);
  if (specialized.checksum !== checksum(program)) {
    throw new PlacedError(
      `this model is specialised for ${specialized.program}, which was another program or is compiled differently now. Specialise the model again, or leave --model out.`,
    );
  }
  return specializedPrompt(program, input);
}

/** Tells programs apart: FNV-1a of what is baked in, 64 bits in hexadecimal. */
function checksum({ ops, imms, stride }: BakedProgram): string {
  let hash = 0xcbf29ce484222325n;
  for (const number of [stride, ops.length, ...ops, ...imms]) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(number)) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
