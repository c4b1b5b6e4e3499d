/** Says which instruction is executed: a neuron per opcode, gated by a dot product on the circle. */
import type { Linear, LinearLike, Neuron, Variable } from '../graph/graph.ts';
import { OPCODES, type Opcode } from '../isa/opcodes.ts';
import type { CounterContext } from './counters.ts';
import type { Instruction } from './instruction.ts';
import { OPCODE_POINTS, RADIUS_SQUARED } from './tokens.ts';

/** Where the machine stands, and the instruction that it executes there. */
export interface InstructionContext extends CounterContext {
  readonly instruction: Instruction;
  readonly dispatch: ReturnType<typeof dispatch>;
}

type OpcodeTest = (opcode: Opcode) => boolean;

/**
 * Neurons and flags by opcode.
 *
 * Operands: the point that is the opcode, x² + y² = `RADIUS_SQUARED`, or (0, 0) where there is none. Result: what is asked
 * for, 0 where no opcode passes. Depth: a layer of neurons. Points of one circle have the greatest dot product with
 * themselves, and for integers the next is less by 1 at least: so `p · q - r² + 1` is 1 or at most 0.
 */
export function dispatch({ graph: g }: CounterContext, { opcode }: Instruction) {
  /** 1 for the opcode with this index, at most 0 for every other. */
  const isOpcode = (index: number): Linear => {
    const [x, y] = OPCODE_POINTS[index];
    return g.of([x, opcode.x], [y, opcode.y], [1 - RADIUS_SQUARED]);
  };
  /** Neurons that give `value` for the opcodes that pass. `less` (0 or more) closes them where it is positive. */
  const when = (test: OpcodeTest, value: LinearLike | ((o: Opcode) => LinearLike), less: LinearLike = 0): Neuron[] =>
    OPCODES.flatMap((row, index) => {
      if (!test(row)) return [];
      const up = g.linear(typeof value === 'function' ? value(row) : value);
      return up.size === 0 ? [] : [g.neuron(g.of([1, isOpcode(index)], [-1, less]), up)];
    });
  /** A number that the opcode's row says. */
  const number = (name: string, value: (o: Opcode) => number): Variable =>
    g.sum(
      name,
      when(() => true, value),
    );
  const flags = new Map<string, Variable>();
  /** 1 when the instruction passes the test, else 0. */
  const is = (name: string, test: OpcodeTest): Variable => {
    let made = flags.get(name);
    if (!made) {
      made = g.sum(`is ${name}`, when(test, 1));
      flags.set(name, made);
    }
    return made;
  };
  return { when, number, is };
}
