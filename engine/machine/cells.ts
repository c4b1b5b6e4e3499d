/** Cells, which hold locals, globals and the size of memory: looked up among the tokens that set them, the latest first. */
import type { Neuron } from '../graph/graph.ts';
import { fetchAt, fetchLatest, fetchWritten } from '../graph/lookups.ts';
import type { Opcode } from '../isa/opcodes.ts';
import { PAGES_CELL } from '../isa/program.ts';
import type { OperandContext } from './stack.ts';

/** Instruction and operands, and the cells. */
export interface CellContext extends OperandContext {
  readonly cells: ReturnType<typeof cells>;
}

/**
 * The byte of the local or global that the instruction names, and the pages of memory.
 *
 * A set writes no bytes: it notes where the value was computed, the position behind its bytes on the stack.
 *
 * Operands: the immediate, the first cell of the frame, the position of the stack's top. Result: neurons of the next byte,
 * 0 to 255; `pages`, a word; `pointer`, the position behind a value. What was never written in this frame is 0. Depth: the
 * cell is found in layer 4, its byte in layer 5. Attention by address is Percepta's; that locals of a new frame are 0 though
 * an old one wrote there is seen by comparing positions.
 */
export function cells(context: OperandContext) {
  const { graph: g, limits, features, line, counters, instruction, dispatch, stack } = context;
  const local = g.of([1, instruction.immediate], [1, counters.base]);
  const address = (row: Opcode) => {
    if (row.name === 'memory.size') return PAGES_CELL;
    return row.variant === 'local' ? local : instruction.immediate;
  };
  const get = g.sum(
    'cell read',
    dispatch.when((row) => row.circuit === 'cell-get', address),
  );
  const numbered = 'the toolchain numbers cells inside their frame';
  g.bounded(get, 0, limits.cells, numbered);
  // An edit of a cell writes at its last value byte; a set writes at the token before its line, where it is fetched.
  const edits = g.sum('edits a cell', g.stepIf(line.opener.cellEdit, g.of([1, line.index], [-8])));
  const sets = (row: Opcode) => row.circuit === 'cell-set';
  const key = g.sum('cell written', dispatch.when(sets, address, line.index), g.neuron(edits, line.editAddress));
  g.bounded(key, 0, limits.cells, numbered);
  const writes = g.sum('writes a cell', dispatch.when(sets, 1, line.index), g.neuron(edits, 1));
  const write = { key, square: g.sum('cell written²', g.neuron(key, key)), writes };
  const pointer = g.sum(
    'value of cell',
    g.neuron(1, stack.top.position),
    g.neuron(edits, g.of([1, g.position], [1], [-1, stack.top.position])),
  );
  g.bounded(pointer, 0, limits.tokens, 'it is one of two positions');
  const word = g.sum(
    'number in cell',
    g.neuron(1, stack.top.word),
    g.neuron(edits, g.of([1, line.wordHere], [-1, stack.top.word])),
  );

  const { found, missing } = fetchWritten(g, 'local or global', write, get, { pointer, wrote: g.position });
  const pages = fetchLatest(g, 'memory size', write, PAGES_CELL, { pages: word }).pages;
  const isLocal = dispatch.is('local.get', (row) => row.circuit === 'cell-get' && row.variant === 'local');
  const never = g.sum(
    'cell never written in this frame',
    missing,
    g.reluIf(isLocal, g.of([1, stack.frame.position], [-1, found.wrote])),
  );
  const isWideGet = dispatch.is('cell get of eight bytes', (row) => row.circuit === 'cell-get' && row.bytes === 8);
  const behind = g.of([1, found.pointer], [-4], [-4, isWideGet], [1, line.index]);
  const byte = fetchAt(g, 'byte of local or global', behind, { byte: features.byte }).byte;
  const isGet = dispatch.is('cell get', (row) => row.circuit === 'cell-get');
  const result: Neuron[] = [g.neuron(g.of([1, isGet], [-1, never]), byte)];
  return { pages, pointer: found.pointer, result };
}
