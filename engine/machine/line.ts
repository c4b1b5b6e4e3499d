/**
 * Where in its line a token stands, and what the line just written holds: everything that needs only the tokens
 * themselves. Then the running sums: cursor, stack depth, call depth.
 */
import { BIG, type Graph } from '../graph/graph.ts';
import { fetchAt, fetchLast, means } from '../graph/lookups.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../isa/program.ts';
import type { TokenFeatures } from './tokens.ts';

export type Line = ReturnType<typeof line>;

export function line(g: Graph, f: TokenFeatures) {
  const marker = fetchLast(g, 'start of line', f.marker, {
    position: g.position,
    branchTaken: f.branchTaken,
    edit: f.opensEdit,
    memoryEdit: f.opensMemoryEdit,
    cellEdit: f.opensCellEdit,
  });
  /** Bytes since the last token that is none: the index of the byte that comes next. */
  const index = g.of([1, g.position], [-1, marker.position]);
  const from = (k: number) =>
    g.sum(`byte index ≥ ${k}`, g.step(g.of([1, index], [-k])));
  const atLeast = [0, 1, 2, 3].map((k) => (k === 0 ? g.linear(1) : g.linear(from(k))));
  /** [index = k], for the four bytes of a value. */
  const at = [0, 1, 2, 3].map((k) => (k < 3 ? g.of([1, atLeast[k]], [-1, atLeast[k + 1]]) : atLeast[3]));

  const b1 = fetchAt(g, 'byte 1 back', g.of([1, g.position], [-1]), { byte: f.byte, sign: f.sign });
  const [b2, b3, b4] = [2, 3, 4].map((k) =>
    fetchAt(g, `byte ${k} back`, g.of([1, g.position], [-k]), { byte: f.byte }),
  );
  /** The four bytes before this token as a number, and the four that end with it. */
  const word = g.of([2 ** 24, b1.byte], [2 ** 16, b2.byte], [256, b3.byte], [1, b4.byte]);
  const wordHere = g.of([2 ** 24, f.byte], [2 ** 16, b1.byte], [256, b2.byte], [1, b3.byte]);

  // Running sums: the mean over all tokens, times their number. Off by rounding, so they may be queries, not keys.
  const count = g.of([1, g.position], [1]);
  const mean = means(g, 'depth (running sums)', { stack: f.depthChange, calls: f.callChange });
  const read = means(g, 'input read (running sum)', { bytes: f.isRead });
  const running = (name: string, average: Parameters<Graph['neuron']>[1]) => g.sum(name, g.neuron(count, average));
  const depth = fetchAt(g, 'stack depth', running('stack depth, rounded off', mean.stack), { depth: g.position }).depth;
  const callDepth = fetchAt(g, 'call depth', running('call depth, rounded off', mean.calls), {
    depth: g.position,
  }).depth;

  const close = fetchLast(g, 'end of program', f.isClose, { position: g.position });
  const input = fetchAt(
    g,
    'next input byte',
    g.of([1, close.position], [1], [1, running('input read, rounded off', read.bytes)]),
    { byte: f.byte, end: f.isRun },
  );

  /** By how much a token moves the cursor. */
  const jump = g.sum('jump', g.neuron(f.jumps, g.of([1, word], [-(2 ** 32), b1.sign])));
  const advance = g.of([1, jump], [1, f.advances]);
  const moved = means(g, 'cursor (running sum)', { advance });
  // In an edit line the cursor is held at 0, whose instruction does nothing.
  const roughCursor = g.sum('cursor, rounded off', g.neuron(g.of([1, count], [-BIG, marker.edit]), moved.advance));
  const cursor = fetchAt(g, 'cursor', roughCursor, { cursor: g.position }).cursor;
  const stride = fetchAt(g, 'frame stride', PROGRAM_START + 4, { stride: wordHere }).stride;
  const base = g.sum('cell of local 0', g.neuron(callDepth, stride));

  const editAddress = fetchAt(g, 'address of edit', g.of([1, marker.position], [5]), { word }).word;
  const wordBefore = fetchAt(g, 'word before', g.of([1, g.position], [-4]), { word }).word;
  /** Position of the instruction's first token. */
  const instruction = g.of([PROGRAM_START], [INSTRUCTION_TOKENS, roughCursor]);
  return {
    marker, index, atLeast, at, b1, b2, b3, b4, word, wordHere, depth, callDepth, input,
    advance, cursor, stride, base, editAddress, wordBefore, instruction,
  };
}
