/** Nodes as formulas, for people. */
import type { LookupNode, Node } from './node.ts';

/** What a formula calls the things that it is made of. */
export interface Names {
  /** A column of the embedding. */
  column(column: number): string;
  lookup(at: LookupNode): string;
}

/** Deeper parts, and terms behind these, are left out. */
const MOST_DEPTH = 4;
const MOST_TERMS = 4;

/** A node as a formula: whole where it is small, else with `…` in the place of what is left out. */
export function textOf(node: Node, names: Names, depth = MOST_DEPTH): string {
  const part = (inner: Node) => textOf(inner, names, depth - 1);
  /** In parentheses where it is a sum. */
  const factor = (inner: Node) => (inner.kind === 'lin' ? `(${part(inner)})` : part(inner));
  switch (node.kind) {
    case 'const':
      return String(node.value);
    case 'feature':
      return names.column(node.column);
    case 'position':
      return 'position';
    case 'square':
      return 'position²';
  }
  if (depth === 0) return '…';
  switch (node.kind) {
    case 'lin':
      return sumText(node.constant, node.weights, node.terms, factor);
    case 'product':
      return isOne(node.up) ? `relu(${part(node.gate)})` : `relu(${part(node.gate)})·${factor(node.up)}`;
    case 'mul':
      return node.a === node.b ? `${factor(node.a)}²` : `${factor(node.a)}·${factor(node.b)}`;
    case 'clamp':
      return `clamp(${part(node.x)}, 0, ${node.limit})`;
    case 'entry':
      return `table of ${node.table.values.length} at (${part(node.x)})`;
    case 'value':
      return `${factor(node.form)} of [${names.lookup(node.at)}]`;
    case 'distance':
      return `distance to [${names.lookup(node.at)}]`;
    case 'mean':
    case 'sum':
      return `${node.kind} of ${factor(node.form)}`;
    case 'lookup':
      return `[${names.lookup(node)}]`;
  }
}

const isOne = (node: Node) => node.kind === 'const' && node.value === 1;

function sumText(
  constant: number,
  weights: readonly number[],
  terms: readonly Node[],
  factor: (term: Node) => string,
): string {
  const parts = terms.slice(0, MOST_TERMS).map((term, i): [number, string] => {
    const size = Math.abs(weights[i]);
    return [weights[i], size === 1 ? factor(term) : `${size}·${factor(term)}`];
  });
  if (terms.length > MOST_TERMS) parts.push([1, `… (${terms.length - MOST_TERMS} more)`]);
  if (constant !== 0) parts.push([constant, String(Math.abs(constant))]);
  return parts
    .map(([sign, text], i) => (i === 0 ? `${sign < 0 ? '-' : ''}${text}` : `${sign < 0 ? '-' : '+'} ${text}`))
    .join(' ');
}
