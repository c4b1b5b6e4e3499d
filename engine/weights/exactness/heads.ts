/**
 * Heads, abstractly: what they can bring, and whether their scores are exact.
 *
 * A score has two terms. If both products are exact and so is their sum, it is the same in either order, with or
 * without a fused product. That lets positions and addresses go up to 2^26: 2qk - k² passes 2^53 before its second
 * term is there, but in units of 2, and is below 2^53 with it.
 */
import type { Head, Linear } from '../../graph/graph.ts';
import { type Bound, type Domain, ROUNDING } from './domain.ts';
import type { Rows } from './rows.ts';
import { bitsOf, magnitude, product, union, type Value } from './values.ts';

/** True for a head that shares its attention between all tokens. */
const isMean = (head: Head) => head.key.every((linear) => linear.size === 0);

/** What a head can bring, by component: what any token has there, in whatever case it is. Notes the rows. */
export function headValues(domain: Domain, rows: Rows, head: Head): Value[] {
  return head.values.map((linear, component) => {
    const name = `${head.role}, ${component}`;
    const row = rows.row('value', name);
    const all = overCases(domain, linear, (bound, c) => {
      if (bound.error > 0) rows.problem(`a value of "${head.role}" is rounded`);
      rows.note(row, c, bitsOf(bound.partial, bound.finest));
    });
    if (!isMean(head)) return canTie(domain, head) ? { ...all, unit: all.unit - 1 } : all;
    // The sum over all tokens is exact, so that the mean is off by one rounding.
    const tokens = domain.valueOf(domain.graph.position, 0).high + 1;
    rows.note(rows.row('mean', name), 0, bitsOf(tokens * magnitude(all), all.unit));
    return { ...all, error: magnitude(all) * ROUNDING };
  });
}

/**
 * Whether two neighbours on the parabola of keys can share the attention, which then brings their mean: where the latest
 * does not win and the query can be halfway. (That happens in circuits whose result is not used.)
 */
function canTie(domain: Domain, head: Head): boolean {
  if (head.latest) return false;
  const [n, by] = head.query;
  // The query of a division (`floorDivide`): k and k + 1 tie where 2n + 1 = 2b(k + 1), which no integers do.
  const dividend = domain.graph.of([1, n], [0.5, by], [-0.5]);
  return domain.cases.some((_, c) => {
    const [x, y] = head.query.map((linear) => domain.bound(linear, c));
    if (x.error > 0 || (y.low === 1 && y.high === 1 && x.unit >= 0)) return false;
    return y.unit < 0 || domain.bound(dividend, c).unit < 0;
  });
}

function overCases(domain: Domain, linear: Linear, look: (bound: Bound, c: number) => void): Value {
  return domain.cases
    .map((_, c): Value => {
      const bound = domain.bound(linear, c);
      look(bound, c);
      return bound;
    })
    .reduce(union);
}

/** A position that a head brings is not after the token's own. */
export function causal(domain: Domain, value: Value, brought: Linear, c: number): Value {
  const { position } = domain.graph;
  if (brought.size !== 1 || brought.get(position) !== 1) return value;
  const { high } = domain.valueOf(position, c);
  return value.high > high ? { ...value, high } : value;
}

/** Notes the rows of a head's key and query, and its score. */
export function scoreRows(domain: Domain, rows: Rows, head: Head): void {
  if (isMean(head)) return;
  const { graph, cases } = domain;
  const keyRow = rows.row('key', head.role);
  const keys = head.key.map((linear) =>
    overCases(domain, linear, (bound, c) => {
      if (bound.error > 0) rows.problem(`the key of "${head.role}" is rounded`);
      rows.note(keyRow, c, bitsOf(bound.partial, bound.finest));
    }),
  );
  const byPosition =
    graph.of([1, head.key[0]], [-2, graph.position]).size === 0 &&
    graph.of([1, head.key[1]], [1, graph.square]).size === 0;
  const underParabola = byPosition || isUnderParabola(domain, head);
  const queryRow = rows.row('query', head.role);
  const scoreRow = rows.row('score', head.role);
  for (let c = 0; c < cases.length; c++) {
    const [x, y] = head.query.map((linear) => domain.bound(linear, c));
    if (x.error > 0 || y.error > 0) {
      if (byPosition && y.low === 1 && y.high === 1 && y.error === 0) roundedQuery(rows, head, x, c);
      else rows.problem(`the query of "${head.role}" is rounded, and its keys are no positions`);
      continue;
    }
    rows.note(queryRow, c, Math.max(bitsOf(x.partial, x.finest), bitsOf(y.partial, y.finest)));
    rows.note(scoreRow, c, scoreBits([x, y], keys, underParabola));
  }
}

/**
 * Whether every key is (2k, -k² - d) with d ≥ 0: addresses are, where d pushes down the tokens that do not write. The
 * square is a variable that is one neuron, `relu(k) · k`, and k is never negative; what the second component adds to
 * it is never positive.
 */
function isUnderParabola(domain: Domain, { key: [x, y] }: Head): boolean {
  const { graph, cases } = domain;
  return Array.from(y.keys()).some((square) => {
    if (y.get(square) !== -1 || square.source.kind !== 'sum' || square.source.neurons.length !== 1) return false;
    const [{ coefficient, gate, up }] = square.source.neurons;
    const isSquare =
      coefficient === 1 && graph.of([1, gate], [-1, up]).size === 0 && graph.of([1, x], [-2, gate]).size === 0;
    const rest = graph.of([1, y], [1, square]);
    return isSquare && cases.every((_, c) => domain.bound(gate, c).low >= 0 && domain.bound(rest, c).high <= 0);
  });
}

function scoreBits(query: readonly Value[], keys: readonly Value[], underParabola: boolean): number {
  const products = query.map((q, i) => product(q, keys[i]));
  const units = query.map((q, i) => q.unit + keys[i].unit);
  const low = products[0][0] + products[1][0];
  const [x, y] = query;
  // There and with y = 1 a score is 2xk - k² - d = x² - (x - k)² - d, which is at most x².
  const highest = underParabola && y.low === 1 && y.high === 1 ? magnitude(x) ** 2 : Number.POSITIVE_INFINITY;
  const high = Math.min(highest, products[0][1] + products[1][1]);
  return Math.max(
    ...products.map(([least, most], i) => bitsOf(magnitude({ low: least, high: most }), units[i])),
    bitsOf(magnitude({ low, high }), Math.min(...units)),
  );
}

/**
 * A rounded query against the keys (2j, -j²) finds the nearest j if twice its error, and the roundings of two scores of
 * about q² (of the product 2qj, then of the difference), together are less than 1, by which the nearest leads.
 */
function roundedQuery(rows: Rows, head: Head, x: Bound, c: number): void {
  const q = magnitude(x) + 1;
  // A product and an addition a term.
  const error = x.error + 2 * head.query[0].size * x.partial * ROUNDING;
  const lost = 2 * error + 2 * (2 * q * q + q * q) * ROUNDING;
  if (lost >= 1) rows.problem(`rounding can lead "${head.role}" to a neighbour (${lost.toFixed(2)} of its lead)`);
  rows.note(rows.row('rounded query', head.role), c, Math.max(0, 53 + Math.log2(lost)));
}
