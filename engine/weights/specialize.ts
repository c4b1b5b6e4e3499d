/**
 * The model that runs one program: the first Futamura projection of the machine, seen as an interpreter in weights.
 *
 * The program's instructions become neurons, one each (machine/instruction.ts), and leave the prompt: it keeps the table
 * tokens, the initial values of globals and memory, and the input. The trace is the same, token for token.
 */
import { PlacedError } from '../errors.ts';
import { LIMITS } from '../isa/limits.ts';
import type { ProgramCode } from '../isa/program.ts';
import { programChecksum } from '../isa/specialized-prompt.ts';
import { machine } from '../machine/machine.ts';
import type { ModelFiles } from '../transformer/model.ts';
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
export function specializedModel(program: ProgramCode, name: string): ModelFiles {
  const count = program.ops.length;
  if (count > MOST_INSTRUCTIONS) {
    throw new PlacedError(
      `the program has ${count} instructions; a model can be specialised for ${MOST_INSTRUCTIONS}. Run it from the prompt instead.`,
    );
  }
  const files = filesOf(machine(LIMITS, program));
  return { ...files, config: { ...files.config, specialized: { program: name, checksum: programChecksum(program) } } };
}

/**
 * The specialised model, proved exact: every row of weights, with this program's immediates in it. Its configuration says
 * the limits up to which that holds: those that the machine is built for; how much further it would is not looked for.
 * @throws PlacedError for a program with too many instructions, and naming the rows that are not exact
 */
export function provenSpecializedModel(program: ProgramCode, name: string): ModelFiles {
  const files = specializedModel(program, name);
  const graph = machine(LIMITS, program);
  const { problems } = analyse(graph, schedule(graph));
  if (problems.length > 0) {
    throw new PlacedError(
      `a model specialised for this program would not be exact: ${problems.slice(0, 3).join('; ')}. Run it from the prompt instead.`,
    );
  }
  const { softmax, recencySlopes } = files.config;
  const limits = {
    machine: { ...LIMITS },
    exact: { ...LIMITS },
    softmax: softmaxRange(softmax.scaleBits, Math.max(...recencySlopes.flat())),
  };
  return { ...files, config: { ...files.config, limits } };
}
