/**
 * Weights to graph: runs the forward pass with nodes in the place of numbers, so that the residual stream's slots
 * become sums of what was put into them. What a slot held before it was erased and reused is gone by algebra.
 */
import { type Model, type SparseMatrix, workingHeads } from '../../transformer/model.ts';
import type { Column, Node } from '../graph/node.ts';
import { Nodes } from '../graph/nodes.ts';
import { Classifier, type Group } from './classify.ts';
import { Tabulator } from './tabulate.ts';

/** A model as a graph. */
export interface ModelGraph {
  readonly nodes: Nodes;
  /** Nodes made in reading the weights; more are made later. */
  readonly size: number;
  readonly groups: readonly Group[];
  /** The residual stream behind the last layer. */
  readonly final: readonly Node[];
  /** What each working head is, by layer, in the order of `workingHeads`. */
  readonly heads: readonly (readonly GraphHead[])[];
}

export interface GraphHead {
  readonly head: number;
  /** Undefined for a mean over all tokens. */
  readonly at: Extract<Node, { kind: 'lookup' }> | undefined;
  /** What its keys are. */
  readonly keys: readonly [Node, Node];
  readonly forms: readonly [Node, Node];
}

/** What a model turned out not to be, by running it. */
export interface Findings {
  /** Heads (`layer.keyRow`) whose keys are not what they look like. */
  readonly general: ReadonlySet<string>;
  /** Means of tokens that share the attention were stored, so that integers cannot be counted on. */
  readonly fractions: boolean;
}

/** Reads the weights. */
export function modelGraph(model: Model, findings: Findings): ModelGraph {
  const { dModel, vocabulary, position } = model.config;
  const columns = readColumns(model.embed, dModel, vocabulary);
  const nodes = new Nodes(columns, !findings.fractions);
  const classifier = new Classifier(nodes, findings.general);
  const tabulator = new Tabulator(nodes);
  const row = (matrix: SparseMatrix, r: number, slots: readonly Node[]) => {
    const from = matrix.starts[r];
    const to = matrix.starts[r + 1];
    const terms: Node[] = [];
    for (let i = from; i < to; i++) terms.push(slots[matrix.columns[i]]);
    return nodes.lin(0, terms, [...matrix.weights.subarray(from, to)]);
  };
  const slots: Node[] = Array.from({ length: dModel }, (_, column) => nodes.feature(column));
  slots[position.slot] = nodes.lin(0, [slots[position.slot], nodes.position], [1, 1]);
  slots[position.squareSlot] = nodes.lin(0, [slots[position.squareSlot], nodes.square], [1, 1]);
  const heads: GraphHead[][] = [];
  /** Adds Σ weights · inputs to the slots, one sum per slot. */
  const add = (matrix: SparseMatrix, inputs: ReadonlyMap<number, Node>) => {
    const terms: Node[][] = [];
    const weights: number[][] = [];
    for (const [input, node] of inputs) {
      for (let i = matrix.starts[input]; i < matrix.starts[input + 1]; i++) {
        const slot = matrix.columns[i];
        terms[slot] ??= [slots[slot]];
        weights[slot] ??= [1];
        terms[slot].push(node);
        weights[slot].push(matrix.weights[i]);
      }
    }
    terms.forEach((list, slot) => {
      slots[slot] = nodes.lin(0, ...tabulator.fold(list, weights[slot]));
    });
  };
  model.layers.forEach((layer, l) => {
    const outputs = new Map<number, Node>();
    heads[l] = workingHeads(layer).map((head) => {
      const pair = (matrix: SparseMatrix) => [row(matrix, 2 * head, slots), row(matrix, 2 * head + 1, slots)] as const;
      const query = pair(layer.q);
      const keys = pair(layer.k);
      const forms = pair(layer.v);
      const used = forms.map((form, i) => (layer.o.isZero(2 * head + i) ? nodes.zero : form)) as [Node, Node];
      const lookup = classifier.classify(keys, query, used, model.config.recencySlopes[l][head] > 0, l, 2 * head);
      const at = lookup && nodes.lookup(lookup, query[0], query[1]);
      used.forEach((form, i) => {
        if (form === nodes.zero) return;
        outputs.set(2 * head + i, at ? (at.lookup.kind === 'self' ? form : nodes.value(at, form)) : nodes.mean(form));
      });
      return { head, at, keys, forms: used };
    });
    add(layer.o, outputs);
    const activations = new Map<number, Node>();
    for (let n = 0; n < layer.gate.rows; n++) {
      if (layer.gate.isZero(n) || layer.up.isZero(n) || layer.down.isZero(n)) continue;
      activations.set(n, nodes.product(row(layer.gate, n, slots), row(layer.up, n, slots)));
    }
    add(layer.down, activations);
  });
  return { nodes, size: nodes.size, groups: classifier.groups, final: slots, heads };
}

function readColumns(embed: SparseMatrix, dModel: number, vocabulary: number): Column[] {
  // Most slots of the residual stream start as zeros, and most others are zero for most tokens.
  const none = { values: new Float64Array(vocabulary), lo: 0, hi: 0, integer: true };
  const columns = new Array<typeof none>(dModel).fill(none);
  const counts = new Int32Array(dModel);
  for (let id = 0; id < vocabulary; id++) {
    for (let i = embed.starts[id]; i < embed.starts[id + 1]; i++) {
      const at = embed.columns[i];
      const value = embed.weights[i];
      if (counts[at]++ === 0) {
        columns[at] = { values: new Float64Array(vocabulary), lo: value, hi: value, integer: true };
      }
      const column = columns[at];
      column.values[id] = value;
      if (value < column.lo) column.lo = value;
      if (value > column.hi) column.hi = value;
      column.integer &&= Number.isInteger(value);
    }
  }
  return columns.map((column, at) =>
    counts[at] === vocabulary ? column : { ...column, lo: Math.min(0, column.lo), hi: Math.max(0, column.hi) },
  );
}
