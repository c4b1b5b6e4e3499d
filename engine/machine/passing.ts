/** Result bytes that are somebody else's as they are: constants, jumps, stores, output, selection, extension, input. */
import type { Neuron } from '../graph/graph.ts';
import type { CircuitContext } from './ending.ts';

/**
 * Bytes that pass through.
 *
 * Operands: the byte of the immediate, of each operand, of the input; how many bytes an access or an extension has. Result:
 * neurons of the next byte, 0 to 255. Depth: a layer of neurons behind the bytes of the operands, layer 4; at the
 * end of the input one more. Each is a gated copy: `relu(flag) · byte`.
 */
export function passing(context: CircuitContext): Neuron[] {
  const { graph: g, line, instruction, dispatch, operands, input } = context;
  return [
    ...dispatch.when((row) => row.circuit === 'const' || row.immediate === 'jump', instruction.immediateByte),
    ...dispatch.when((row) => row.circuit === 'store' || row.circuit === 'write', operands.top.byte),
    ...selection(context),
    ...extension(context),
    g.neuron(g.of([1, input.isRead], [-1, line.index], [-1, input.atEnd]), input.byte),
    g.neuron(input.atEnd, 255),
  ];
}

/** `select`: the first value if the condition is not zero. `br_table`: the index, or the default if it is beyond the table. */
function selection({ graph: g, instruction, dispatch, stack, operands }: CircuitContext): Neuron[] {
  const isSelect = dispatch.is('select', (row) => row.circuit === 'select');
  const takesFirst = g.sum('condition holds', g.stepIf(isSelect, g.of([1, stack.top.anyOfFour], [-1])));
  const isTable = dispatch.is('br_table', (row) => row.variant === 'table');
  const inTable = g.sum(
    'index lies in the table',
    g.stepIf(isTable, g.of([1, instruction.immediate], [-1, stack.top.word])),
  );
  return [
    g.neuron(takesFirst, operands.third.byte),
    g.neuron(g.of([1, isSelect], [-1, takesFirst]), operands.second.byte),
    g.neuron(inTable, operands.top.byte),
    g.neuron(g.of([1, isTable], [-1, inTable]), instruction.immediateByte),
  ];
}

/** The bytes that an extension keeps, and what fills up behind them or behind a load: 255 where the byte before is negative. */
function extension({ graph: g, features, line, dispatch, operands, memory }: CircuitContext): Neuron[] {
  const { access, isLoad } = memory;
  const isExtend = dispatch.is('extend', (row) => row.circuit === 'extend');
  const kept = g.sum('byte is kept', g.stepIf(isExtend, g.of([1, access], [-1, line.index], [-1])));
  // As long as there are bytes of the access to come, more than 0.
  const within = g.sum(
    'byte is within',
    g.reluIf(g.of([1, isExtend], [1, isLoad]), g.of([1, access], [-1, line.index])),
  );
  const fills = dispatch.is(
    'sign filling',
    (row) => row.signed === true && (row.circuit === 'load' || row.circuit === 'extend'),
  );
  return [g.neuron(kept, operands.top.byte), g.neuron(g.of([1, fills], [1, features.sign], [-1, within], [-1]), 255)];
}
