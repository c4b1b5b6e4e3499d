/**
 * Stack, cells (locals and globals) and memory: nothing is stored, everything is looked up among the tokens that
 * wrote it, the latest first.
 */
import { type Graph, type Neuron } from '../graph/graph.ts';
import { fetchAt, fetchLatest } from '../graph/lookups.ts';
import { LIMITS, PAGE_SIZE } from '../isa/program.ts';
import type { Dispatch } from './dispatch.ts';
import type { Line } from './line.ts';
import type { TokenFeatures } from './tokens.ts';

/** Cell that holds the number of memory pages; the toolchain puts it first. */
const PAGES_CELL = 0;

export type Stack = ReturnType<typeof stack>;

/** The three topmost values, each with the position behind its bytes, and the frame of the open call. */
export function stack(g: Graph, f: TokenFeatures, line: Line) {
  const { depth, callDepth, b1, b2, b3, b4, word } = line;
  const key = g.sum('slot written', g.neuron(f.pushes, depth), g.neuron(f.endsStackEdit, line.wordBefore));
  const write = {
    key,
    square: g.sum('slot written²', g.neuron(key, key)),
    writes: g.of([1, f.pushes], [1, f.endsStackEdit]),
  };
  const values = { position: g.position, word, sign: b1.sign, b3: b1.byte, b2: b2.byte, b1: b3.byte, b0: b4.byte };
  const at = (role: string, below: number) => fetchLatest(g, role, write, g.of([1, depth], [-below]), values);
  const operand = (v: ReturnType<typeof at>) => ({ ...v, bytes: [v.b0, v.b1, v.b2, v.b3] }) as const;
  const third = fetchLatest(g, 'third of stack', write, g.of([1, depth], [-2]), { position: g.position });

  const callKey = g.sum('call made', g.neuron(f.isCall, callDepth));
  const frame = fetchLatest(
    g,
    'call of this frame',
    { key: callKey, square: g.sum('call made²', g.neuron(callKey, callKey)), writes: f.isCall },
    callDepth,
    { position: g.position, returnTo: g.of([1, line.cursor], [-1, line.advance], [1]) },
  );
  return { top: operand(at('stack top', 0)), second: operand(at('below stack top', 1)), third, frame };
}

/** Cells: the byte of the local or global that the instruction names, and the pages of memory. */
export function cells(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack) {
  const { index } = line;
  const local = g.of([1, d.immediate], [1, line.base]);
  const address = (row: { variant?: string }) => (row.variant === 'local' ? local : d.immediate);
  const get = g.sum('cell read', d.when((row) => row.circuit === 'cell-get', address));
  // An edit of a cell writes at its last value byte; a set writes at the token before its line, where it is fetched.
  const edits = g.sum('edits a cell', g.stepIf(line.marker.cellEdit, g.of([1, index], [-8])));
  const sets = (row: { circuit: string }) => row.circuit === 'cell-set';
  const key = g.sum('cell written', d.when(sets, address, index), g.neuron(edits, line.editAddress));
  const writes = g.sum('writes a cell', d.when(sets, 1, index), g.neuron(edits, 1));
  const write = { key, square: g.sum('cell written²', g.neuron(key, key)), writes };
  const pointer = g.sum('value of cell', g.neuron(1, s.top.position), g.neuron(edits, g.of([1, g.position], [1], [-1, s.top.position])));
  const word = g.sum('number in cell', g.neuron(1, s.top.word), g.neuron(edits, g.of([1, line.wordHere], [-1, s.top.word])));

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
    g.step(g.of([1, off], [-1])),
    g.step(g.of([-1, off], [-1])),
    g.stepIf(isLocal, g.of([1, s.frame.position], [-1, found.wrote], [-1])),
  );
  const byte = fetchAt(g, 'byte of local or global', g.of([1, found.pointer], [-4], [1, index]), { byte: f.byte }).byte;
  const isGet = d.is('cell get', (row) => row.circuit === 'cell-get');
  const result: Neuron[] = [g.neuron(g.of([1, byte], [-256, missing], [256, isGet], [-256]), 1)];
  return { pages, result };
}

/** Memory: loads with their sign, stores, and whether the address is outside. */
export function memory(g: Graph, f: TokenFeatures, line: Line, d: Dispatch, s: Stack, pages: ReturnType<typeof cells>['pages']) {
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
  const limit = LIMITS.memoryPages * PAGE_SIZE;
  const beyond = g.sum('beyond any memory', g.neuron(g.of([1, reads], [-limit]), 1));
  const address = g.of([1, reads], [-1, beyond], [1, index]);
  const found = fetchLatest(
    g,
    'memory load',
    { key, square: g.sum('address written²', g.neuron(key, key)), writes },
    address,
    { byte: f.byte, tag: g.of([1, key], [1, writes]) },
  );
  const off = g.of([1, found.tag], [-1, address], [-1]);
  const missing = g.sum('byte never written', g.step(g.of([1, off], [-1])), g.step(g.of([-1, off], [-1])));
  const inside = g.sum('byte lies in the access', g.stepIf(isLoad, g.of([1, access], [-1, index], [-1])));
  const result: Neuron[] = [g.neuron(g.of([1, found.byte], [-256, missing], [256, inside], [-256]), 1)];
  return { outside, access, isLoad, result };
}
