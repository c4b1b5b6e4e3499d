/**
 * Stack, cells (locals and globals) and memory: nothing is stored, everything is looked up among the tokens that
 * wrote it, the latest first.
 */
import { BIG, type Graph, type Linear, type LinearLike, type Neuron, type Variable } from '../graph/graph.ts';
import { fetchAt, fetchLatest } from '../graph/lookups.ts';
import { PAGE_SIZE } from '../isa/limits.ts';
import type { Dispatch } from './dispatch.ts';
import type { Line } from './line.ts';
import type { TokenFeatures } from './tokens.ts';

/** Cell that holds the number of memory pages; the toolchain puts it first. */
const PAGES_CELL = 0;

export type Stack = ReturnType<typeof stack>;

/**
 * The three topmost values, each with the position behind its bytes, and the frame of the open call.
 *
 * The number of a value's bytes is the instruction's to know: `word` and `sign` are of its last four bytes, which are
 * all that addresses and conditions have; `bytes` are the eight that arithmetic takes, the high four 0 where the
 * instruction's operands have four.
 */
export function stack(g: Graph, f: TokenFeatures, line: Line, d: Dispatch) {
  const { depth, callDepth, back, word } = line;
  // Squares come with the snapped depth: a product would cost a layer. For an edit the gate is closed by its size.
  const edited = g.of([1, line.slotOfEdit], [BIG, f.endsStackEdit], [-BIG]);
  const write = {
    key: g.sum('slot written', g.neuron(f.pushes, depth.value), g.neuron(f.endsStackEdit, line.slotOfEdit)),
    square: g.sum('slot written²', g.neuron(f.pushes, depth.square), g.neuron(edited, line.slotOfEdit)),
    writes: g.of([1, f.pushes], [1, f.endsStackEdit]),
  };
  const values = {
    position: g.position,
    sign: line.sign,
    ...Object.fromEntries(back.map((byte, k) => [`byte ${k + 1} back`, byte])),
  } as { position: Variable; sign: Variable };
  const isWide = d.is('operands of eight bytes', (row) => row.operand === 8);
  const operand = (role: string, below: number) => {
    const found = fetchLatest(g, role, write, g.of([1, depth.value], [-below]), values);
    const from = found as Record<string, Variable>;
    const behind = (k: number) => from[`byte ${k} back`];
    const narrow = [0, 1, 2, 3].map((k) => behind(4 - k));
    const low = narrow.map((byte, k) =>
      g.of(
        [1, byte],
        [1, g.sum(`${role}: byte ${k} of eight`, g.neuron(isWide, g.of([1, behind(8 - k)], [-1, byte])))],
      ),
    );
    const high = [4, 5, 6, 7].map((k) => g.sum(`${role}: byte ${k}`, g.neuron(isWide, behind(8 - k))));
    const bytes = [...low, ...high];
    return {
      position: found.position,
      sign: found.sign,
      narrow,
      word: wordOf(g, narrow),
      /** 0 only if the number is. */
      anyOfFour: g.of(...narrow.map((byte) => [1, byte] as const)),
      before: wordOf(g, [8, 7, 6, 5].map(behind)),
      bytes,
      low: wordOf(g, low),
      high: wordOf(g, high),
    };
  };
  const third = fetchLatest(g, 'third of stack', write, g.of([1, depth.value], [-2]), { position: g.position, word });

  const frame = fetchLatest(
    g,
    'call of this frame',
    {
      key: g.sum('call made', g.neuron(f.isCall, callDepth.value)),
      square: g.sum('call made²', g.neuron(f.isCall, callDepth.square)),
      writes: f.isCall,
    },
    callDepth.value,
    { position: g.position, returnTo: g.of([1, line.cursor.value], [-1, line.advance], [1]) },
  );
  return { top: operand('stack top', 0), second: operand('below stack top', 1), third, frame, isWide };
}

/** The number that four bytes are, the low one first. */
function wordOf(g: Graph, bytes: readonly LinearLike[]): Linear {
  return g.of(...bytes.map((byte, k) => [256 ** k, byte] as const));
}

/** Cells: the byte of the local or global that the instruction names, and the pages of memory. */
export function cells(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack) {
  const { index } = line;
  const local = g.of([1, d.immediate], [1, line.base]);
  // The size of memory is in cell 0.
  const address = (row: { name: string; variant?: string }) =>
    row.name === 'memory.size' ? PAGES_CELL : row.variant === 'local' ? local : d.immediate;
  const get = g.sum(
    'cell read',
    d.when((row) => row.circuit === 'cell-get', address),
  );
  // An edit of a cell writes at its last value byte; a set writes at the token before its line, where it is fetched.
  const edits = g.sum('edits a cell', g.stepIf(line.marker.cellEdit, g.of([1, index], [-8])));
  const sets = (row: { circuit: string }) => row.circuit === 'cell-set';
  const key = g.sum('cell written', d.when(sets, address, index), g.neuron(edits, line.editAddress));
  const writes = g.sum('writes a cell', d.when(sets, 1, index), g.neuron(edits, 1));
  const write = { key, square: g.sum('cell written²', g.neuron(key, key)), writes };
  const pointer = g.sum(
    'value of cell',
    g.neuron(1, s.top.position),
    g.neuron(edits, g.of([1, g.position], [1], [-1, s.top.position])),
  );
  const word = g.sum(
    'number in cell',
    g.neuron(1, s.top.word),
    g.neuron(edits, g.of([1, line.wordHere], [-1, s.top.word])),
  );

  const found = fetchLatest(g, 'local or global', write, get, {
    pointer,
    wrote: g.position,
    tag: g.of([1, key], [1, writes]),
  });
  const pages = fetchLatest(g, 'memory size', write, PAGES_CELL, { pages: word }).pages;
  const off = g.of([1, found.tag], [-1, get], [-1]);
  const isLocal = d.is('local.get', (row) => row.circuit === 'cell-get' && row.variant === 'local');
  const missing = g.sum(
    'cell never written in this frame',
    g.neuron(off, 1),
    g.neuron(g.of([-1, off]), 1),
    g.reluIf(isLocal, g.of([1, s.frame.position], [-1, found.wrote])),
  );
  const isWideGet = d.is('cell get of eight bytes', (row) => row.circuit === 'cell-get' && row.bytes === 8);
  const behind = g.of([1, found.pointer], [-4], [-4, isWideGet], [1, index]);
  const byte = fetchAt(g, 'byte of local or global', behind, { byte: f.byte }).byte;
  const isGet = d.is('cell get', (row) => row.circuit === 'cell-get');
  const result: Neuron[] = [g.neuron(g.of([1, isGet], [-1, missing]), byte)];
  return { pages, result };
}

/** Memory: loads with their sign, stores, and whether the address is outside. `mostMemory`: bytes it can grow to. */
export function memory(
  g: Graph,
  f: TokenFeatures,
  line: Line,
  d: Dispatch,
  s: Stack,
  pages: ReturnType<typeof cells>['pages'],
  mostMemory: number,
) {
  const { index } = line;
  const isLoad = d.is('load', (row) => row.circuit === 'load');
  const isStore = d.is('store', (row) => row.circuit === 'store');
  const access = d.number('bytes accessed', (row) => row.access ?? 0);
  const loadAddress = g.of([1, s.top.word], [1, d.immediate]);
  const storeAddress = g.of([1, s.second.word], [1, d.immediate]);
  const reads = g.sum('address read', g.neuron(isLoad, loadAddress));
  const touched = g.sum('address', g.neuron(isLoad, loadAddress), g.neuron(isStore, storeAddress));
  const outside = g.sum(
    'out of bounds',
    g.stepIf(g.of([1, isLoad], [1, isStore]), g.of([1, touched], [1, access], [-PAGE_SIZE, pages], [-1])),
  );
  // Bytes of store lines and of data lines write; queries outside memory trap, and are held in range all the same.
  const stores = g.sum('stores a byte', g.neuron(g.of([1, isStore], [1, f.isByte], [-1]), 1));
  const edits = g.sum('edits memory', g.stepIf(line.marker.memoryEdit, g.of([1, index], [-5])));
  const key = g.sum(
    'address written',
    g.neuron(g.of([1, isStore], [1, f.isByte], [-1]), g.of([1, storeAddress], [1, index], [-1])),
    g.neuron(edits, g.of([1, line.editAddress], [1, index], [-5])),
  );
  const writes = g.of([1, stores], [1, edits]);
  const beyond = g.sum('beyond any memory', g.neuron(g.of([1, reads], [-mostMemory]), 1));
  const address = g.of([1, reads], [-1, beyond], [1, index]);
  const found = fetchLatest(
    g,
    'memory load',
    { key, square: g.sum('address written²', g.neuron(key, key)), writes },
    address,
    { byte: f.byte, tag: g.of([1, key], [1, writes]) },
  );
  const off = g.of([1, found.tag], [-1, address], [-1]);
  const missing = g.sum('byte never written', g.neuron(off, 1), g.neuron(g.of([-1, off]), 1));
  const inside = g.sum('byte lies in the access', g.stepIf(isLoad, g.of([1, access], [-1, index], [-1])));
  const result: Neuron[] = [g.neuron(g.of([1, inside], [-1, missing]), found.byte)];
  return { outside, access, isLoad, result };
}
