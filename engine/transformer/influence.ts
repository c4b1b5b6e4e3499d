/**
 * Which heads mattered: those whose value reaches the next token's logit through open gates.
 *
 * Walks the pass backwards from the slots that the winner's and the runner-up's rows of the unembedding read. A slot matters if it goes on
 * to a slot that matters; a ReGLU neuron passes on only where its gate is open; a head whose value lands in a slot
 * that matters matters itself, and so does what its query was made of. Circuits of other instructions end at closed
 * gates, so what remains is the path by which this token came about. It follows weights and activations, no names.
 */
import type { Inspection } from './generator.ts';
import type { Layer, Model, SparseMatrix } from './model.ts';
import { onlyColumn } from './tenants.ts';

/** For each of the inspection's heads: whether it had a part in the token with the greatest logit. */
export function influence(model: Model, inspection: Inspection): boolean[] {
  return answerPath(model, inspection).heads;
}

/** What had a part in the token with the greatest logit: heads of the inspection, and at each of its residuals the slots. */
export function answerPath(
  model: Model,
  { heads, residuals, logits }: Inspection,
): { heads: boolean[]; slots: Uint8Array[] } {
  const { unembed, layers } = model;
  const live = new Uint8Array(model.config.dModel);
  for (const row of twoGreatest(logits)) mark(unembed, row, live);
  const result = new Array<boolean>(heads.length).fill(false);
  const slots = [live.slice()];
  let at = heads.length;
  for (let l = layers.length - 1; l >= 0; l--) {
    beforeFeedForward(layers[l], residuals[2 * l + 1], live);
    slots.unshift(live.slice());
    const queries = live.slice();
    for (; at > 0 && heads[at - 1].layer === l; at--) {
      const { head } = heads[at - 1];
      if (![2 * head, 2 * head + 1].some((row) => reaches(layers[l].o, row, live))) continue;
      result[at - 1] = true;
      mark(layers[l].q, 2 * head, queries);
      mark(layers[l].q, 2 * head + 1, queries);
    }
    live.set(queries);
    slots.unshift(live.slice());
  }
  return { heads: result, slots };
}

/** Replaces the slots that matter after a feed-forward by those that matter before it, where the stream was x. */
function beforeFeedForward({ gate, up, down }: Layer, x: Float64Array, live: Uint8Array): void {
  const read = new Uint8Array(x.length);
  /** How much of a slot is left: a neuron that subtracts a slot from itself erases it. */
  const kept = new Float64Array(x.length).fill(1);
  for (let n = 0; n < gate.rows; n++) {
    if (!reaches(down, n, live)) continue;
    const open = gate.dot(n, x);
    if (open <= 0) continue;
    const own = onlyColumn(up, n);
    if (own >= 0) kept[own] += open * up.weight(n, own) * down.weight(n, own);
    if (own >= 0 && onlyColumn(down, n) === own) continue;
    mark(gate, n, read);
    mark(up, n, read);
  }
  for (let slot = 0; slot < x.length; slot++) live[slot] = Number(read[slot] || (live[slot] && kept[slot] !== 0));
}

/** Marks the columns of a row. */
function mark(matrix: SparseMatrix, row: number, columns: Uint8Array): void {
  for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++) columns[matrix.columns[i]] = 1;
}

/** Whether a row has a marked column. */
function reaches(matrix: SparseMatrix, row: number, columns: Uint8Array): boolean {
  for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++) if (columns[matrix.columns[i]]) return true;
  return false;
}

/** The winner and the runner-up: what tells them apart decided. */
function twoGreatest(logits: Float64Array): [number, number] {
  let [first, second] = logits[0] >= logits[1] ? [0, 1] : [1, 0];
  for (let row = 2; row < logits.length; row++) {
    if (logits[row] > logits[first]) [first, second] = [row, first];
    else if (logits[row] > logits[second]) second = row;
  }
  return [first, second];
}
