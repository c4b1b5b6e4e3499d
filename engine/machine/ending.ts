/** Whether the line is complete, and whether a branch is taken. */
import type { Linear, Neuron } from '../graph/graph.ts';
import type { Opcode } from '../isa/opcodes.ts';
import type { InputContext } from './input.ts';

/** What a circuit contributes to the next byte, and to the carry mark on it. */
export interface Contributions {
  readonly result: Neuron[];
  readonly carry: Neuron[];
}

/** All that circuits are made of. */
export interface CircuitContext extends InputContext {
  readonly ending: ReturnType<typeof ending>;
}

/** Whether a branch is taken whenever the instruction is executed. */
export function isJump(row: Opcode): boolean {
  return row.circuit === 'return' || ['always', 'call', 'table'].includes(row.variant ?? '');
}

/**
 * How the line goes on, apart from its bytes.
 *
 * Operands: the index in the line, the instruction, the condition on the stack. Result: `complete`, 1 when all bytes are
 * there; `taken`, 1 in a line that began with `branch_taken`; `branches`, 1 where that is what comes next. Depth: a layer of
 * neurons behind the stack's heads, layer 3.
 */
export function ending({ graph: g, line, dispatch, stack }: InputContext) {
  const taken = line.opener.branchTaken;
  const bytes = dispatch.number('bytes in line', (row) => row.bytes);
  const complete = g.sum('line is complete', g.step(g.of([1, line.index], [-1, bytes], [-4, taken])));
  const is = (name: string, test: (row: Opcode) => boolean): Linear => g.of([1, dispatch.is(name, test)], [-1, taken]);
  const branches = g.sum(
    'branch is taken',
    g.stepIf(
      is('branch if', (row) => row.variant === 'nonzero'),
      g.of([1, stack.top.anyOfFour], [-1]),
    ),
    // A number that is not negative is 0 where the flag outweighs it.
    g.neuron(g.of([1, is('branch unless', (row) => row.variant === 'zero')], [-1, stack.top.anyOfFour]), 1),
    g.neuron(is('jump', isJump), 1),
  );
  return { complete, taken, branches };
}
