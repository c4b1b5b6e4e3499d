/** Where in its line a token stands, and what the line just written holds: everything that needs only the tokens themselves. */
import { fetchAt, fetchLast } from '../graph/lookups.ts';
import type { TokenContext } from './tokens.ts';

/** The features, and the line. */
export interface LineContext extends TokenContext {
  readonly line: ReturnType<typeof line>;
}

/** Indices of the bytes of a value. */
export const BYTES = [0, 1, 2, 3, 4, 5, 6, 7] as const;
/** Indices of the bytes of a line, the longest being a product's. */
const LINE_BYTES = Array.from({ length: 14 }, (_, k) => k);

/**
 * The line that a token is in.
 *
 * Operands: features of the tokens so far. Result: `index`, how many bytes the line has, with flags for those that a line can
 * have (0 or 1); the bytes before the token, 0 to 255, and as numbers of four, below 2^32; what opened the line. Depth: layer 0,
 * for the place of an edited slot layers 1 and 2. The idea is the notation's: a line's bytes are those since the last token
 * that is none.
 */
export function line({ graph: g, limits, features }: TokenContext) {
  const opener = fetchLast(g, 'start of line', features.marker, {
    position: g.position,
    branchTaken: features.branchTaken,
    edit: features.opensEdit,
    memoryEdit: features.opensMemoryEdit,
    cellEdit: features.opensCellEdit,
    input: features.opensInput,
  });
  /** Bytes since the last token that is none: the index of the byte that comes next. */
  const index = g.of([1, g.position], [-1, opener.position]);
  g.bounded(index, 0, limits.tokens - 1, 'a line starts at a token that is not later');
  const from = (k: number) => g.sum(`byte index ≥ ${k}`, g.step(g.of([1, index], [-k])));
  const atLeast = LINE_BYTES.map((k) => (k === 0 ? g.linear(1) : g.linear(from(k))));
  /** [index = k], of the last byte that a line can have: [index ≥ k]. */
  const at = LINE_BYTES.map((k) => (k < 13 ? g.of([1, atLeast[k]], [-1, atLeast[k + 1]]) : atLeast[13]));

  const last = fetchAt(g, 'byte 1 back', g.of([1, g.position], [-1]), { byte: features.byte, sign: features.sign });
  /** Bytes of the tokens before this one: `back[k]` is k + 1 tokens back. */
  const back = BYTES.map((k) => {
    if (k === 0) return last.byte;
    return fetchAt(g, `byte ${k + 1} back`, g.of([1, g.position], [-k - 1]), { byte: features.byte }).byte;
  });
  /** The four bytes before this token as a number, and the four that end with it. */
  const word = g.of([2 ** 24, back[0]], [2 ** 16, back[1]], [256, back[2]], [1, back[3]]);
  const wordHere = g.of([2 ** 24, features.byte], [2 ** 16, back[0]], [256, back[1]], [1, back[2]]);

  const editAddress = fetchAt(g, 'address of edit', g.of([1, opener.position], [5]), { word }).word;
  // The commit of an edit starts a line itself: the edit's start is that of the token before.
  const start = fetchAt(g, 'start of line before', g.of([1, g.position], [-1]), { position: opener.position }).position;
  const slotOfEdit = fetchAt(g, 'slot of edit', g.of([1, start], [5]), { word }).word;
  return { opener, index, atLeast, at, back, sign: last.sign, word, wordHere, editAddress, slotOfEdit };
}
