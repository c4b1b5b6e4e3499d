/**
 * The language in which a machine is written: every quantity a token computes is a linear expression of
 * variables, and a variable is one of
 *   - a feature of the token itself (a column of the embedding), the constant one, the position or its square;
 *   - what an attention head brought from an earlier token (`attend`);
 *   - a sum of ReGLU neurons `c · relu(gate) · up` (`sum`).
 *
 * Nothing here computes: the graph is compiled to weights. All integers (or dyadic fractions), so float64 is exact.
 * The idea of writing programs as transformer circuits is RASP's and tracr's; ReGLU as a product is Shazeer's GLU.
 */

/** A linear combination of variables. */
export type Linear = ReadonlyMap<Variable, number>;
/** What functions accept where they need a linear combination: a number is that multiple of the constant one. */
export type LinearLike = Linear | Variable | number;

/** One scalar in the residual stream, with the operation that makes it. */
export interface Variable {
  readonly name: string;
  readonly source:
    | { readonly kind: 'feature'; readonly values: Float64Array }
    | { readonly kind: 'position' | 'square' }
    | { readonly kind: 'head'; readonly head: Head; readonly component: number }
    | { readonly kind: 'sum'; readonly neurons: readonly Neuron[] };
}

/** `coefficient · relu(gate) · up`, one neuron of a feed-forward layer. */
export interface Neuron {
  readonly coefficient: number;
  readonly gate: Linear;
  readonly up: Linear;
}

/** One attention look-up; takes as many heads of size 2 as its values need, all with the same key and query. */
export interface Head {
  readonly role: string;
  readonly key: readonly [Linear, Linear];
  readonly query: readonly [Linear, Linear];
  readonly values: readonly Linear[];
  /** Among equal scores the latest token wins (positive recency slope); otherwise they share equally. */
  readonly latest: boolean;
}

/**
 * What holds of a linear combination although its parts alone do not say so: an invariant of programs, or a relation
 * between variables. The analysis of exactness (weights/exactness) builds on these, and tests check them.
 */
export interface Fact {
  readonly of: Linear;
  readonly low: number;
  readonly high: number;
  readonly reason: string;
}

/**
 * One of the situations in which a token can be: its own id is among `tokens`, and the facts hold. Every token is in
 * one of a graph's cases at least.
 */
export interface Case {
  readonly name: string;
  /** [vocabulary]: 1 for the ids that the token itself can have. */
  readonly tokens: Uint8Array;
  readonly facts: readonly Fact[];
}

/** Beyond every gated quantity: subtracting it from a gate closes the neuron. */
export const BIG = 2 ** 34;

export class Graph {
  readonly vocabulary: number;
  readonly variables: Variable[] = [];
  readonly one: Variable;
  readonly position: Variable;
  readonly square: Variable;
  /** Rows of the unembedding: logit of token id as a linear expression. */
  readonly logits = new Map<number, Linear>();
  /** What holds of every token. */
  readonly facts: Fact[] = [];
  /** Situations to tell apart; without any, every token is in the same. */
  readonly cases: Case[] = [];

  constructor(vocabulary: number) {
    this.vocabulary = vocabulary;
    this.one = this.feature('one', () => 1);
    this.position = this.add({ name: 'position', source: { kind: 'position' } });
    this.square = this.add({ name: 'position²', source: { kind: 'square' } });
  }

  private add(variable: Variable): Variable {
    this.variables.push(variable);
    return variable;
  }

  /** Linear combination from alternating coefficients and expressions: `of([1, a], [-2, b], [5])` is a − 2b + 5. */
  of(...parts: (readonly [number, LinearLike?])[]): Linear {
    const sum = new Map<Variable, number>();
    for (const [coefficient, what = 1] of parts) {
      for (const [variable, weight] of this.linear(what)) {
        const total = (sum.get(variable) ?? 0) + coefficient * weight;
        if (total === 0) sum.delete(variable);
        else sum.set(variable, total);
      }
    }
    return sum;
  }

  /** Anything linear as a map. */
  linear(what: LinearLike): Linear {
    if (typeof what === 'number') return new Map(what === 0 ? [] : [[this.one, what]]);
    return what instanceof Map ? what : new Map([[what as Variable, 1]]);
  }

  /** States that `low` ≤ `what` ≤ `high` for every token, and why. */
  bounded(what: LinearLike, low: number, high: number, reason: string): void {
    this.facts.push({ of: this.linear(what), low, high, reason });
  }

  /** A column of the embedding: `value(token id)`. */
  feature(name: string, value: (token: number) => number): Variable {
    const values = Float64Array.from({ length: this.vocabulary }, (_, token) => value(token));
    return this.add({ name, source: { kind: 'feature', values } });
  }

  /** A variable that accumulates neurons; they may lie in different layers. */
  sum(name: string, ...neurons: (Neuron | readonly Neuron[])[]): Variable {
    return this.add({ name, source: { kind: 'sum', neurons: neurons.flat() as Neuron[] } });
  }

  /** `coefficient · relu(gate) · up`: an exact product where the gate is never negative. */
  neuron(gate: LinearLike, up: LinearLike, coefficient = 1): Neuron {
    return { coefficient, gate: this.linear(gate), up: this.linear(up) };
  }

  /** `coefficient · [x ≥ 0]` for integer x. */
  step(x: LinearLike, coefficient = 1): Neuron[] {
    return [this.neuron(this.of([1, x], [1]), 1, coefficient), this.neuron(x, 1, -coefficient)];
  }

  /** `relu(x)` where `flag` is 1, nothing where it is 0 (flags are 0 or 1, |x| < BIG). */
  reluIf(flag: LinearLike, x: LinearLike): Neuron {
    return this.neuron(this.of([1, x], [BIG, flag], [-BIG]), 1);
  }

  /** `coefficient · [x ≥ 0]` where `flag` is 1, nothing where it is 0 (flags are 0 or 1, |x| < BIG). */
  stepIf(flag: LinearLike, x: LinearLike, coefficient = 1): Neuron[] {
    return this.step(this.of([1, x], [BIG, flag], [-BIG]), coefficient);
  }

  /** Values that the winning earlier token brings, one variable per value. */
  attend<Name extends string>(head: {
    role: string;
    key: readonly [LinearLike, LinearLike];
    query: readonly [LinearLike, LinearLike];
    values: Readonly<Record<Name, LinearLike>>;
    latest?: boolean;
  }): Record<Name, Variable> {
    const names = Object.keys(head.values) as Name[];
    const made: Head = {
      role: head.role,
      key: [this.linear(head.key[0]), this.linear(head.key[1])],
      query: [this.linear(head.query[0]), this.linear(head.query[1])],
      values: names.map((name) => this.linear(head.values[name])),
      latest: head.latest ?? false,
    };
    return Object.fromEntries(
      names.map((name, component) => [
        name,
        this.add({ name: `${head.role}: ${name}`, source: { kind: 'head', head: made, component } }),
      ]),
    ) as Record<Name, Variable>;
  }
}
