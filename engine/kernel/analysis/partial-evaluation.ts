/**
 * Partial evaluation: the graph as it is for tokens of one class, when some look-ups are known to have found a token
 * of one class. Flags become constants, gates close, and what only closed gates need disappears.
 */

import type { Lookup } from '../graph/lookup.ts';
import type { LookupNode, Node, NodeOf } from '../graph/node.ts';
import type { Nodes } from '../graph/nodes.ts';

/** What is known in a context. */
export interface Known {
  /** Values of nodes that depend on nothing but what is known. */
  readonly values: readonly ReadonlyMap<Node, number>[];
  /** Value of a feature of the current token, if all tokens of its class agree. */
  feature(column: number): number | undefined;
  /** Whether the look-up finds the current token itself; undefined where that is not known. */
  isSelf(lookup: Lookup): boolean | undefined;
  /** Value of a form at the token which a look-up (its query evaluated) finds, if known. */
  found(at: LookupNode, form: Node): number | undefined;
}

export class PartialEvaluator {
  private readonly nodes: Nodes;
  private readonly known: Known;
  private readonly memo = new Map<Node, Node>();

  constructor(nodes: Nodes, known: Known) {
    this.nodes = nodes;
    this.known = known;
  }

  of(node: Node): Node {
    if (node.kind === 'const') return node;
    let result = this.memo.get(node);
    if (result) return result;
    const value = this.valueOf(node);
    result = value === undefined ? this.make(node) : this.nodes.constant(value);
    this.memo.set(node, result);
    return result;
  }

  /** A node's value where it depends on nothing but what is known. */
  private valueOf(node: Node): number | undefined {
    for (const values of this.known.values) {
      const value = values.get(node);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  private sum(node: NodeOf<'lin'>): Node {
    let { constant } = node;
    let changed = false;
    const terms: Node[] = [];
    const weights: number[] = [];
    for (let i = 0; i < node.terms.length; i++) {
      const made = this.of(node.terms[i]);
      changed ||= made !== node.terms[i];
      // Most of what changes is nothing now.
      if (made.kind === 'const') constant += node.weights[i] * made.value;
      else {
        terms.push(made);
        weights.push(node.weights[i]);
      }
    }
    return changed ? this.nodes.lin(constant, terms, weights) : node;
  }

  private make(node: Node): Node {
    const { nodes, known } = this;
    switch (node.kind) {
      case 'feature': {
        const value = known.feature(node.column);
        return value === undefined ? node : nodes.constant(value);
      }
      case 'lin':
        return this.sum(node);
      case 'product': {
        // Most gates are closed for good: seen without making a node of it.
        const value = this.valueOf(node.gate);
        if (value !== undefined && value <= 0) return nodes.zero;
        const gate = this.of(node.gate);
        if (gate.hi <= 0) return nodes.zero;
        return nodes.product(gate, this.of(node.up));
      }
      case 'mul': {
        const a = this.of(node.a);
        return a === nodes.zero ? a : nodes.mul(a, this.of(node.b));
      }
      case 'clamp':
        return nodes.clamp(this.of(node.x), node.limit);
      case 'entry': {
        const x = this.of(node.x);
        return x === node.x ? node : nodes.entry(node.table, x);
      }
      case 'value': {
        const isSelf = known.isSelf(node.at.lookup);
        if (isSelf) return this.of(node.form);
        const at = this.of(node.at) as LookupNode;
        const value = known.found(at, node.form);
        if (value !== undefined) return nodes.constant(value);
        // A flag that this token does not have is on an earlier one: how far back is a number that cannot be 0.
        if (isSelf === false && at.lookup.kind === 'flag' && node.form === nodes.position) {
          return nodes.lin(0, [nodes.position, nodes.distance(at)], [1, -1]);
        }
        return at === node.at ? node : nodes.value(at, node.form);
      }
      case 'lookup':
        if (node.lookup.kind === 'shift') return node;
        return nodes.lookup(node.lookup, this.of(node.x), this.of(node.y));
      default:
        return node;
    }
  }
}
