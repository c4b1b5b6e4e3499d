/** Memory: loads and stores, and whether an address is outside. A byte is looked up among those that wrote its address. */
import type { Neuron } from '../graph/graph.ts';
import { fetchWritten } from '../graph/lookups.ts';
import { PAGE_SIZE } from '../isa/limits.ts';
import type { CellContext } from './cells.ts';

/** Instruction, operands and cells, and what lies in memory. */
export interface MemoryContext extends CellContext {
  readonly memory: ReturnType<typeof memory>;
}

/**
 * The byte that the instruction loads, and whether it touches what is outside.
 *
 * Operands: addresses from the stack (below 2^32), the static offset, the pages of memory. Result: neurons of the next byte,
 * 0 to 255 (0 where nothing wrote); `outside`, 1 or 0; `access`, how many bytes are touched; `isLoad`. Range: addresses up to
 * the limit of memory; beyond, a load traps, and is held in range all the same. Depth: one head behind the address, layer 5,
 * and a layer of neurons. Memory as attention to the latest write of an address is Percepta's.
 */
export function memory({ graph: g, limits, features, line, instruction, dispatch, stack, cells }: CellContext) {
  const { index } = line;
  const isLoad = dispatch.is('load', (row) => row.circuit === 'load');
  const isStore = dispatch.is('store', (row) => row.circuit === 'store');
  const access = dispatch.number('bytes accessed', (row) => row.access ?? 0);
  const loadAddress = g.of([1, stack.top.word], [1, instruction.immediate]);
  const storeAddress = g.of([1, stack.second.word], [1, instruction.immediate]);
  const reads = g.sum('address read', g.neuron(isLoad, loadAddress));
  const touched = g.sum('address', g.neuron(isLoad, loadAddress), g.neuron(isStore, storeAddress));
  const outside = g.sum(
    'out of bounds',
    g.stepIf(g.of([1, isLoad], [1, isStore]), g.of([1, touched], [1, access], [-PAGE_SIZE, cells.pages], [-1])),
  );
  // Bytes of store lines and of data lines write; queries outside memory trap, and are held in range all the same.
  const stores = g.sum('stores a byte', g.neuron(g.of([1, isStore], [1, features.isByte], [-1]), 1));
  const edits = g.sum('edits memory', g.stepIf(line.opener.memoryEdit, g.of([1, index], [-5])));
  const key = g.sum(
    'address written',
    g.neuron(g.of([1, isStore], [1, features.isByte], [-1]), g.of([1, storeAddress], [1, index], [-1])),
    g.neuron(edits, g.of([1, line.editAddress], [1, index], [-5])),
  );
  g.bounded(key, 0, limits.memory - 1, 'a store outside memory traps before it writes a byte');
  const write = {
    key,
    square: g.sum('address written²', g.neuron(key, key)),
    writes: g.of([1, stores], [1, edits]),
  };
  const beyond = g.sum('beyond any memory', g.neuron(g.of([1, reads], [-limits.memory]), 1));
  g.bounded(g.of([1, reads], [-1, beyond]), 0, limits.memory, 'x - relu(x - m) is the smaller of x and m');
  const address = g.of([1, reads], [-1, beyond], [1, index]);
  const { found, missing } = fetchWritten(g, 'memory load', write, address, { byte: features.byte });
  const never = g.sum('byte never written', missing);
  const inside = g.sum('byte lies in the access', g.stepIf(isLoad, g.of([1, access], [-1, index], [-1])));
  const result: Neuron[] = [g.neuron(g.of([1, inside], [-1, never]), found.byte)];
  return { outside, access, isLoad, result };
}
