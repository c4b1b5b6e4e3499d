/**
 * What is known of a graph's variables: an abstract value (values.ts) for each, in each of the graph's cases,
 * and what follows from them for linear combinations. Facts narrow both.
 */
import type { Case, Fact, Graph, Linear, Variable } from '../../graph/graph.ts';
import { constant, type Form, magnitude, PartialSum, unitOf, type Value } from './values.ts';

/** A linear combination in one case. */
export interface Bound extends Value {
  readonly form: Form;
  /** Largest magnitude of a partial sum of its terms, in whatever order, and the unit of the finest term. */
  readonly partial: number;
  readonly finest: number;
}

/** A linear combination by numbers of variables. */
interface Terms {
  readonly ids: Int32Array;
  readonly weights: Float64Array;
  /** Units of the weights. */
  readonly units: Float64Array;
  /** By case, if it is read in several places. */
  known: Bound[] | undefined;
}

/** Facts by the number of the latest variable in them. */
interface Facts {
  /** About one variable alone. */
  readonly alone: Map<number, Fact[]>;
  /** Relations, which stand for a root of their own. */
  readonly relations: Map<number, { fact: Fact; root: number }>;
}

const NONE: readonly number[] = [];
/** Relative error of one rounding. */
export const ROUNDING = 2 ** -53;

export class Domain {
  readonly graph: Graph;
  readonly cases: readonly Case[];
  /** By variable and case. */
  readonly values: Value[][] = [];
  private readonly index: ReadonlyMap<Variable, number>;
  private readonly facts: Facts;
  private readonly factsIn: readonly Facts[];
  private readonly rootFacts: Fact[] = [];
  /** Of sums of neurons, over all cases: how great a partial sum of the neurons can be, and the finest unit of one. */
  readonly terms = new Map<Variable, { readonly partial: number; readonly finest: number }>();
  private readonly linears = new Map<Linear, Terms>();
  private readonly linearsByText = new Map<string, Terms>();
  /** Coefficients of the form that is being added up, by root, and the roots it has touched. */
  private readonly scratch: Float64Array;
  private readonly touched: number[] = [];

  constructor(graph: Graph, cases: readonly Case[]) {
    this.graph = graph;
    this.cases = cases;
    this.index = new Map(graph.variables.map((variable, i) => [variable, i]));
    this.facts = this.sorted(graph.facts);
    this.factsIn = cases.map((each) => this.sorted(each.facts));
    this.scratch = new Float64Array(graph.variables.length + this.rootFacts.length);
  }

  private sorted(facts: readonly Fact[]): Facts {
    const alone = new Map<number, Fact[]>();
    const relations: Facts['relations'] = new Map();
    for (const fact of facts) {
      const latest = Math.max(...Array.from(fact.of.keys(), (variable) => this.numberOf(variable)));
      if (fact.of.size === 1) alone.set(latest, [...(alone.get(latest) ?? []), fact]);
      else relations.set(latest, { fact, root: this.graph.variables.length + this.rootFacts.push(fact) - 1 });
    }
    return { alone, relations };
  }

  numberOf(variable: Variable): number {
    return this.index.get(variable)!;
  }

  valueOf(variable: Variable, c: number): Value {
    return this.values[this.numberOf(variable)][c];
  }

  private termsOf(linear: Linear): Terms {
    const known = this.linears.get(linear);
    if (known) return known;
    const ids = Int32Array.from(linear.keys(), (variable) => this.numberOf(variable));
    const weights = Float64Array.from(linear.values());
    const text = `${ids}:${weights}`;
    let terms = this.linearsByText.get(text);
    if (terms) terms.known ??= [];
    else terms = { ids, weights, units: weights.map(unitOf), known: undefined };
    this.linearsByText.set(text, terms);
    this.linears.set(linear, terms);
    return terms;
  }

  /** Takes note of the neurons of a sum in one case. */
  noteTerms(variable: Variable, partial: number, finest: number): void {
    const known = this.terms.get(variable);
    this.terms.set(variable, {
      partial: Math.max(partial, known?.partial ?? 0),
      finest: Math.min(finest, known?.finest ?? Number.POSITIVE_INFINITY),
    });
  }

  /** A linear combination in case c. */
  bound(linear: Linear, c: number): Bound {
    const terms = this.termsOf(linear);
    if (!terms.known) return this.boundOf(terms, c);
    terms.known[c] ??= this.boundOf(terms, c);
    return terms.known[c];
  }

  private boundOf({ ids, weights, units }: Terms, c: number): Bound {
    const { values } = this;
    let low = 0;
    let high = 0;
    const partial = new PartialSum();
    let finest = Number.POSITIVE_INFINITY;
    let error = 0;
    let varies = false;
    for (let i = 0; i < ids.length; i++) {
      const value = values[ids[i]][c];
      const weight = weights[i];
      const least = weight > 0 ? weight * value.low : weight * value.high;
      const most = weight > 0 ? weight * value.high : weight * value.low;
      low += least;
      high += most;
      partial.add(least, most);
      if (least !== 0 || most !== 0) finest = Math.min(finest, units[i] + value.unit);
      error += Math.abs(weight) * value.error;
      if (value.low !== value.high) varies = true;
    }
    if (!varies && error === 0) {
      const form = { constant: low, roots: NONE, coefficients: NONE };
      return { low, high, unit: unitOf(low), error, form, partial: partial.magnitude, finest };
    }
    let start = 0;
    for (let i = 0; i < ids.length; i++) start += this.addForm(values[ids[i]][c], ids[i], weights[i]);
    const form = this.takeForm(start);
    [low, high] = this.within(form, c, low, high);
    const unit = low === high ? unitOf(low) : finest;
    return { low, high, unit, error, form, partial: partial.magnitude, finest };
  }

  private addToRoot(root: number, weight: number): void {
    this.touched.push(root);
    this.scratch[root] += weight;
  }

  /** Adds a multiple of a value's form (or of the variable `id`, if it has none) to the one being added up; returns the constant. */
  addForm({ form }: Value, id: number, weight: number): number {
    if (!form) {
      this.addToRoot(id, weight);
      return 0;
    }
    const { roots, coefficients } = form;
    for (let k = 0; k < roots.length; k++) this.addToRoot(roots[k], weight * coefficients[k]);
    return weight * form.constant;
  }

  /** The form that has been added up, plus a constant. */
  takeForm(start: number): Form {
    const { scratch, touched } = this;
    const roots: number[] = [];
    const coefficients: number[] = [];
    for (const root of touched) {
      const coefficient = scratch[root];
      if (coefficient === 0) continue;
      scratch[root] = 0;
      roots.push(root);
      coefficients.push(coefficient);
    }
    touched.length = 0;
    return { constant: start, roots, coefficients };
  }

  /** Narrows an interval by that of a form. */
  within({ constant: start, roots, coefficients }: Form, c: number, low: number, high: number): [number, number] {
    const { variables } = this.graph;
    let least = start;
    let most = start;
    for (let k = 0; k < roots.length; k++) {
      const id = roots[k];
      const root = id < variables.length ? this.values[id][c] : this.rootFacts[id - variables.length];
      const weight = coefficients[k];
      least += weight > 0 ? weight * root.low : weight * root.high;
      most += weight > 0 ? weight * root.high : weight * root.low;
    }
    return [Math.max(low, least), Math.min(high, most)];
  }

  /**
   * Narrows a value by the facts about its variable.
   * @throws RangeError if they contradict it
   */
  constrained(variable: Variable, c: number, value: Value): Value {
    const v = this.numberOf(variable);
    let { low, high, form } = value;
    for (const { alone } of [this.facts, this.factsIn[c]]) {
      for (const fact of alone.get(v) ?? []) {
        const weight = fact.of.get(variable)!;
        low = Math.max(low, fact.low / weight);
        high = Math.min(high, fact.high / weight);
      }
    }
    if (low > high) {
      throw new RangeError(`the facts leave no value for "${variable.name}" in the case "${this.cases[c].name}"`);
    }
    // A running sum whose magnitude is known: one rounding of the mean, one of the product.
    const isSum = value.error > 0 && variable.source.kind === 'sum';
    const error = isSum ? magnitude({ low, high }) * 2 * ROUNDING * (1 + ROUNDING) : value.error;
    if (low === high) return error === 0 ? constant(low) : { low, high, unit: unitOf(low), error };
    if (low > value.low || high < value.high) form = undefined;
    const relation = this.factsIn[c].relations.get(v) ?? this.facts.relations.get(v);
    if (relation) {
      form = this.formBy(relation, v, c);
      [low, high] = this.within(form, c, low, high);
    }
    return { low, high, unit: value.unit, error, form };
  }

  /** A variable as what a relation makes of the others: (root − others) / its weight. */
  private formBy({ fact, root }: { fact: Fact; root: number }, v: number, c: number): Form {
    const weight = fact.of.get(this.graph.variables[v])!;
    let start = 0;
    for (const [other, coefficient] of fact.of) {
      const id = this.numberOf(other);
      if (id !== v) start += this.addForm(this.values[id][c], id, -coefficient / weight);
    }
    if (fact.low === fact.high) start += fact.low / weight;
    else this.addToRoot(root, 1 / weight);
    return this.takeForm(start);
  }
}
