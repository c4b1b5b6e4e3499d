/**
 * Unembedding without scoring the vocabulary.
 *
 * Where the logits are functions of two numbers, u and x, of the form 2·k·W·u − k²·W + (2·v·x − v²), the greatest is
 * at the k nearest to u and, among its tokens, at the v nearest to x, as long as W outweighs what x can do. Rows are
 * grouped by their large coefficient; whatever does not fit this shape is left to the full argmax.
 */
import type { Model } from '../../transformer/model.ts';
import { memo } from '../graph/memo.ts';
import type { Node } from '../graph/node.ts';

export interface Unembedding {
  /** Null when the logits do not depend on it. */
  readonly u: Node;
  readonly x: Node;
  /** Least k, number of k, and number of v per k. */
  readonly least: number;
  readonly kinds: number;
  readonly width: number;
  /** [kinds][width]: token id; 0xffff where a k has no token. Tokens without v fill their row. */
  readonly ids: Uint16Array;
  /** |x| below this cannot outweigh a kind. */
  readonly bound: number;
}

interface Row {
  readonly id: number;
  readonly constant: number;
  readonly onU: number;
  readonly onX: number;
}

/** Recognises the shape; undefined when it is another. */
export function unembeddingOf(model: Model, final: readonly Node[]): Unembedding | undefined {
  const { unembed } = model;
  const sizes = new Float64Array(final.length);
  for (let i = 0; i < unembed.weights.length; i++) {
    const size = Math.abs(unembed.weights[i]);
    if (size > sizes[unembed.columns[i]]) sizes[unembed.columns[i]] = size;
  }
  const variables = new Map<Node, number>();
  final.forEach((node, slot) => {
    if (sizes[slot] > 0 && node.kind !== 'const') variables.set(node, Math.max(variables.get(node) ?? 0, sizes[slot]));
  });
  if (variables.size !== 2) return undefined;
  const [u, x] = [...variables.keys()].sort((a, b) => variables.get(b)! - variables.get(a)!);
  const rows: Row[] = [];
  for (let id = 0; id < unembed.rows; id++) {
    const row = { id, constant: 0, onU: 0, onX: 0 };
    for (let i = unembed.starts[id]; i < unembed.starts[id + 1]; i++) {
      const node = final[unembed.columns[i]];
      const weight = unembed.weights[i];
      if (node.kind === 'const') row.constant += weight * node.value;
      else if (node === u) row.onU += weight;
      else row.onX += weight;
    }
    rows.push(row);
  }
  return shape(rows, u, x);
}

function shape(all: readonly Row[], u: Node, x: Node): Unembedding | undefined {
  // Of rows that differ in nothing but the constant, the best, and of equal ones the first, can win.
  const best = new Map<number, Map<number, Row>>();
  for (const row of all) {
    const group = memo(best, row.onU, () => new Map<number, Row>());
    const other = group.get(row.onX);
    if (!other || row.constant > other.constant) group.set(row.onX, row);
  }
  let scale = 0;
  const byKind = new Map<number, Row[]>();
  let width = 1;
  for (const [onU, group] of best) {
    const rows = [...group.values()].sort((a, b) => a.onX - b.onX);
    const base = rows[0].constant;
    // onU = 2kW and base = -k²W.
    const k = onU === 0 ? 0 : (-2 * base) / onU;
    if (onU !== 0) {
      const w = onU / (2 * k);
      if (scale === 0) scale = w;
      if (!(w > 0) || w !== scale) return undefined;
    } else if (base !== 0) return undefined;
    if (!Number.isInteger(k) || byKind.has(k)) return undefined;
    if (!rows.every((row, v) => row.onX === 2 * v && row.constant === base - v * v)) return undefined;
    if (rows.length > 1 && width > 1 && rows.length !== width) return undefined;
    width = Math.max(width, rows.length);
    byKind.set(k, rows);
  }
  const least = Math.min(...byKind.keys());
  const kinds = Math.max(...byKind.keys()) - least + 1;
  // |2vx − v²| ≤ 2·width·bound + width² must stay below half of W.
  const bound = (scale / 2 - width * width) / (2 * width);
  if (!(bound >= width) || kinds * width > 2 ** 20) return undefined;
  const ids = new Uint16Array(kinds * width).fill(0xffff);
  for (const [k, rows] of byKind) {
    for (let v = 0; v < width; v++) ids[(k - least) * width + v] = rows[Math.min(v, rows.length - 1)].id;
  }
  return { u, x, least, kinds, width, ids, bound };
}
