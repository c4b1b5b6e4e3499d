/**
 * Where in its line a token stands, and what the line just written holds: everything that needs only the tokens
 * themselves. Then the running sums: cursor, stack depth, call depth.
 */
import { BIG, type Graph, type LinearLike } from '../graph/graph.ts';
import { fetchAt, fetchLast, means } from '../graph/lookups.ts';
import { INSTRUCTION_TOKENS, PROGRAM_START } from '../isa/prompt.ts';
import type { TokenFeatures } from './tokens.ts';

export type Line = ReturnType<typeof line>;

/** Indices of the bytes of a value. */
export const BYTES = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** `knownStride`: cells per frame, where the machine is made for one program. */
export function line(g: Graph, f: TokenFeatures, knownStride?: number) {
  const marker = fetchLast(g, 'start of line', f.marker, {
    position: g.position,
    branchTaken: f.branchTaken,
    edit: f.opensEdit,
    memoryEdit: f.opensMemoryEdit,
    cellEdit: f.opensCellEdit,
  });
  /** Bytes since the last token that is none: the index of the byte that comes next. */
  const index = g.of([1, g.position], [-1, marker.position]);
  const from = (k: number) => g.sum(`byte index ≥ ${k}`, g.step(g.of([1, index], [-k])));
  const atLeast = BYTES.map((k) => (k === 0 ? g.linear(1) : g.linear(from(k))));
  /** [index = k], for the eight bytes that a value can have. */
  const at = BYTES.map((k) => (k < 7 ? g.of([1, atLeast[k]], [-1, atLeast[k + 1]]) : atLeast[7]));

  const last = fetchAt(g, 'byte 1 back', g.of([1, g.position], [-1]), { byte: f.byte, sign: f.sign });
  /** Bytes of the tokens before this one: `back[k]` is k + 1 tokens back. */
  const back = BYTES.map((k) =>
    k === 0 ? last.byte : fetchAt(g, `byte ${k + 1} back`, g.of([1, g.position], [-k - 1]), { byte: f.byte }).byte,
  );
  /** The four bytes before this token as a number, and the four that end with it. */
  const word = g.of([2 ** 24, back[0]], [2 ** 16, back[1]], [256, back[2]], [1, back[3]]);
  const wordHere = g.of([2 ** 24, f.byte], [2 ** 16, back[0]], [256, back[1]], [1, back[2]]);

  // Running sums: the mean over all tokens, times their number. Off by rounding, so they may be queries, not keys.
  const count = g.of([1, g.position], [1]);
  const mean = means(g, 'depth (running sums)', { stack: f.depthChange, calls: f.callChange });
  const read = means(g, 'input read (running sum)', { bytes: f.isRead });
  const running = (name: string, average: Parameters<Graph['neuron']>[1]) => g.sum(name, g.neuron(count, average));
  /** The nearest integer of a number that is off by rounding, and its square: those of that token's position. */
  const snapped = (name: string, rough: LinearLike) => fetchAt(g, name, rough, { value: g.position, square: g.square });
  const depth = snapped('stack depth', running('stack depth, rounded off', mean.stack));
  const callDepth = snapped('call depth', running('call depth, rounded off', mean.calls));

  const close = fetchLast(g, 'end of program', f.isClose, { position: g.position });
  const input = fetchAt(
    g,
    'next input byte',
    g.of([1, close.position], [1], [1, running('input read, rounded off', read.bytes)]),
    { byte: f.byte, end: f.isRun },
  );

  /** By how much a token moves the cursor. */
  const jump = g.sum('jump', g.neuron(f.jumps, g.of([1, word], [-(2 ** 32), last.sign])));
  const advance = g.of([1, jump], [1, f.advances]);
  const moved = means(g, 'cursor (running sum)', { advance });
  // In an edit line the cursor is held at 0, whose instruction does nothing.
  const roughCursor = g.sum('cursor, rounded off', g.neuron(g.of([1, count], [-BIG, marker.edit]), moved.advance));
  const cursor = snapped('cursor', roughCursor);
  const stride = g.linear(knownStride ?? fetchAt(g, 'frame stride', PROGRAM_START + 4, { stride: wordHere }).stride);
  const base = g.sum('cell of local 0', g.neuron(callDepth.value, stride));

  const editAddress = fetchAt(g, 'address of edit', g.of([1, marker.position], [5]), { word }).word;
  // The commit of an edit starts a line itself: the edit's start is that of the token before.
  const start = fetchAt(g, 'start of line before', g.of([1, g.position], [-1]), { position: marker.position }).position;
  const slotOfEdit = fetchAt(g, 'slot of edit', g.of([1, start], [5]), { word }).word;
  /** Position of the instruction's first token. */
  const instruction = g.of([PROGRAM_START], [INSTRUCTION_TOKENS, roughCursor]);
  return {
    marker,
    index,
    atLeast,
    at,
    back,
    sign: last.sign,
    word,
    wordHere,
    depth,
    callDepth,
    input,
    advance,
    cursor,
    stride,
    base,
    editAddress,
    slotOfEdit,
    instruction,
  };
}
