/**
 * Proves that float64 computes a graph exactly: for every row of weights, its positive terms add up to less than 2^53 in
 * units of the finest of all, and so do the magnitudes of its negative ones, for every reachable input. Every partial
 * sum lies between the two. Then every sum is exact in any order, and all implementations agree to the last bit.
 *
 * Abstract interpretation (Cousot and Cousot 1977), one variable after the other, separately for each of the graph's
 * cases (machine/cases.ts): in a case, which instruction is executed is a constant, so are the flags that depend on it,
 * and gates are open or closed. What a head brings comes from a token in any case. Where intervals forget too much, the
 * graph states facts.
 *
 * Means are the only rounding. Their error is followed: a rounded value may become a running sum, and that the query of
 * a look-up by position, where the nearest key wins all the same; anywhere else it is reported.
 */
import type { Case, Graph, Head, Linear, Neuron, Variable } from '../../graph/graph.ts';
import type { Schedule } from '../schedule.ts';
import { Domain } from './domain.ts';
import { causal, headValues, scoreRows } from './heads.ts';
import { stepWidths, sumOfNeurons } from './neurons.ts';
import { type Row, Rows } from './rows.ts';
import { bitsOf, constant, magnitude, PartialSum, product, union, type Value } from './values.ts';

/** What the analysis found. */
export interface Exactness {
  readonly cases: readonly Case[];
  /** What a variable can be in case c. */
  valueOf(variable: Variable, c: number): Value;
  /** What a linear combination can be in case c. */
  bound(linear: Linear, c: number): Value;
  /** Those that take most bits first. */
  readonly rows: readonly Row[];
  /** Why something is not exact; empty when all is. */
  readonly problems: readonly string[];
}

/**
 * Analyses a graph. With a schedule also the slots of the residual stream, where a variable and the eraser of the one
 * before it are added up together. `select`: cases to look at, for a quick answer that proves nothing.
 */
export function analyse(graph: Graph, plan?: Schedule, select: (name: string) => boolean = () => true): Exactness {
  const everywhere: Case = { name: 'any', tokens: new Uint8Array(graph.vocabulary).fill(1), facts: [] };
  const cases = graph.cases.length > 0 ? graph.cases.filter(({ name }) => select(name)) : [everywhere];
  const domain = new Domain(graph, cases);
  const rows = new Rows(cases);
  const brought = new Map<Head, Value[]>();
  const widths = new Map<readonly Neuron[], Float64Array>();
  for (const variable of graph.variables) {
    const { source } = variable;
    if (source.kind === 'head' && !brought.has(source.head)) {
      brought.set(source.head, headValues(domain, rows, source.head));
    }
    if (source.kind === 'sum') widths.set(source.neurons, stepWidths(graph, source.neurons));
    const features = new Map<Uint8Array, Value>();
    const computed = (c: number): Value => {
      switch (source.kind) {
        case 'feature': {
          const known = features.get(cases[c].tokens) ?? featureValue(source.values, cases[c].tokens);
          features.set(cases[c].tokens, known);
          return known;
        }
        case 'position':
        case 'square':
          return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, unit: 0, error: 0 };
        case 'head':
          return causal(domain, brought.get(source.head)![source.component], source.head.values[source.component], c);
        case 'sum':
          return sumOfNeurons(domain, rows, variable, source.neurons, widths.get(source.neurons)!, c);
      }
    };
    const values: Value[] = [];
    domain.values.push(values);
    for (let c = 0; c < cases.length; c++) values.push(domain.constrained(variable, c, computed(c)));
  }
  for (const head of brought.keys()) scoreRows(domain, rows, head);
  unembeddingRows(domain, rows);
  if (plan) slotRows(domain, rows, plan);
  return {
    cases,
    valueOf: (variable, c) => domain.valueOf(variable, c),
    bound: (linear, c) => domain.bound(linear, c),
    rows: rows.list(),
    problems: rows.problems(),
  };
}

/** What a column of the embedding holds for these tokens. */
function featureValue(column: Float64Array, tokens: Uint8Array): Value {
  const values = new Set(column.filter((_, id) => tokens[id] === 1));
  return Array.from(values, constant).reduce(union, constant(values.values().next().value ?? 0));
}

function unembeddingRows(domain: Domain, rows: Rows): void {
  const { graph, cases } = domain;
  for (const [token, logit] of graph.logits) {
    const row = rows.row('unembedding', `token ${token}`);
    const terms = Array.from(logit, ([variable, weight]) => ({
      values: domain.values[domain.numberOf(variable)],
      weight: constant(weight),
    }));
    for (let c = 0; c < cases.length; c++) {
      const partial = new PartialSum();
      let finest = Number.POSITIVE_INFINITY;
      for (const { values, weight } of terms) {
        if (values[c].error > 0) rows.problem(`the logit of token ${token} reads a rounded value`);
        partial.add(...product(weight, values[c]));
        finest = Math.min(finest, weight.unit + values[c].unit);
      }
      rows.note(row, c, bitsOf(partial.magnitude, finest));
    }
  }
}

/**
 * What a slot adds up while one variable leaves and the next comes: the old one, its eraser and what makes the new one.
 * The old one and its eraser have opposite signs, so that only one of them makes a partial sum greater, or less.
 */
function slotRows(domain: Domain, rows: Rows, plan: Schedule): void {
  const before = new Map<number, Value>();
  for (const [variable, slot] of plan.slotOf) {
    const values = domain.values[domain.numberOf(variable)];
    const all = values.reduce(union);
    const old = before.get(slot);
    before.set(slot, all);
    // What is rounded is erased a layer earlier, where nothing is added to it.
    if (!old || old.error > 0 || all.error > 0) continue;
    const terms = domain.terms.get(variable) ?? { partial: 0, finest: Number.POSITIVE_INFINITY };
    const partial = magnitude(old) + Math.max(magnitude(all), terms.partial);
    const bits = bitsOf(partial, Math.min(old.unit, all.unit, terms.finest));
    rows.note(rows.row('slot', `slot ${slot}, ${variable.name}`), 0, bits);
  }
}
