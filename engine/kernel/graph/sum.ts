/** Sums before they are nodes: equal terms meet, and pairs of neurons that make up a step become one term. */
import { type Algebra, constantOf, type Node, type NodeOf } from './node.ts';

/** Longest inner sum that is written out inside another. */
const FLATTEN = 6;

export class Sum {
  constant: number;
  /** In the order of their ids; no constants, no weights of 0. */
  readonly terms: Node[] = [];
  readonly weights: number[] = [];

  constructor(constant: number) {
    this.constant = constant;
  }

  add(node: Node, weight: number): void {
    if (weight === 0) return;
    if (node.kind === 'const') this.constant += weight * node.value;
    else if (node.kind === 'lin' && node.terms.length <= FLATTEN) {
      this.constant += weight * node.constant;
      for (let i = 0; i < node.terms.length; i++) this.add(node.terms[i], weight * node.weights[i]);
    } else this.insert(node, weight);
  }

  private insert(node: Node, weight: number): void {
    const { terms, weights } = this;
    // Terms come from other sums, mostly in order already.
    let at = terms.length;
    while (at > 0 && terms[at - 1].id > node.id) at--;
    if (at === 0 || terms[at - 1] !== node) {
      if (at === terms.length) {
        terms.push(node);
        weights.push(weight);
      } else {
        terms.splice(at, 0, node);
        weights.splice(at, 0, weight);
      }
      return;
    }
    weights[at - 1] += weight;
    if (weights[at - 1] === 0) this.remove(at - 1);
  }

  remove(index: number): void {
    this.terms.splice(index, 1);
    this.weights.splice(index, 1);
  }

  /** The same for equal sums. */
  hash(): number {
    let hash = hashOf(this.constant);
    for (let i = 0; i < this.terms.length; i++) {
      hash = Math.imul(hash ^ this.terms[i].id, 0x9e3779b1) ^ (hash >>> 15) ^ hashOf(this.weights[i]);
    }
    return hash;
  }

  equals(node: NodeOf<'lin'>): boolean {
    const { terms, weights } = this;
    if (node.constant !== this.constant || node.terms.length !== terms.length) return false;
    for (let i = 0; i < terms.length; i++) {
      if (node.terms[i] !== terms[i] || node.weights[i] !== weights[i]) return false;
    }
    return true;
  }
}

/** Of a number: its integer part and what comes behind the point. */
function hashOf(value: number): number {
  return Math.imul(value | 0, 0x85ebca6b) ^ ((value * 65536) | 0);
}

/** relu(g + c) − relu(g), times the same input, is one clamp: cheaper, and its interval is known. */
export function joinSteps(nodes: Algebra, sum: Sum): void {
  let products = 0;
  for (const { kind } of sum.terms) if (kind === 'product') products++;
  if (products < 2) return;
  const partners = new Map<string, NodeOf<'product'>>();
  for (const node of [...sum.terms]) {
    const index = node.kind === 'product' ? sum.terms.indexOf(node) : -1;
    if (node.kind !== 'product' || index < 0) continue;
    const weight = sum.weights[index];
    const { gate, up } = node;
    const key = `${nodes.family(gate)},${up.id},${Math.abs(weight)}`;
    const other = partners.get(key);
    const at = other ? sum.terms.indexOf(other) : -1;
    if (!other || sum.weights[at] !== -weight) {
      partners.set(key, node);
      continue;
    }
    partners.delete(key);
    sum.remove(Math.max(index, at));
    sum.remove(Math.min(index, at));
    const offset = constantOf(gate) - constantOf(other.gate);
    const [high, sign] = offset > 0 ? [gate, weight] : [other.gate, -weight];
    sum.add(nodes.mul(nodes.clamp(high, Math.abs(offset)), up), sign);
  }
}
