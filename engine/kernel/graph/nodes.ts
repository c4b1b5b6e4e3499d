/**
 * The forward pass as a graph of values (node.ts): what a model's weights say, with the matrices gone.
 *
 * Equal nodes are one object (hash-consing), so heads that share a projection
 * share its computation, and `x - x` disappears. Each node knows an interval and whether it is an integer: with that
 * a neuron whose gate cannot be positive is recognised as nothing, and one whose gate cannot be negative as a
 * product. Re-association is sound because the model's arithmetic is exact (docs/exactness.md).
 */

import { rangeOf, span } from './intervals.ts';
import { type Lookup, mayShare } from './lookup.ts';
import { memo } from './memo.ts';
import {
  type Algebra,
  type Column,
  entryAt,
  type Fields,
  type LookupNode,
  MAX_POSITION,
  type Node,
  type NodeOf,
  type Tabulated,
} from './node.ts';
import { joinSteps, Sum } from './sum.ts';

/** Largest computation that is done again at another position instead of being stored. */
const LOCAL_SIZE = 48;

/** Ids are below this: a kind and two of them make one exact number. */
const MOST_NODES = 2 ** 25;
/** Kinds of nodes that are made of two. */
const PAIR = { product: 1, mul: 2, value: 3 } as const;

/** A key for a node that is made of two. */
function pair(kind: number, a: Node, b: Node): number {
  return (kind * MOST_NODES + a.id) * MOST_NODES + b.id;
}

export class Nodes implements Algebra {
  readonly columns: readonly Column[];
  private readonly whole: boolean;
  readonly position: Node;
  readonly square: Node;
  readonly zero: Node;
  readonly one: Node;
  /** Number of tokens so far. */
  private readonly tokens: Node;
  /** All but sums and constants, by what they are made of. */
  private readonly known = new Map<number | string, Node>();
  private readonly constants = new Map<number, Node>();
  /** Sums by their hash. */
  private readonly lins = new Map<number, NodeOf<'lin'>[]>();
  private readonly families = new Map<Node, number>();
  private readonly tables = new Map<Tabulated, { number: number; lo: number; hi: number; integer: boolean }>();
  private count = 0;

  /** `whole`: what a look-up brings of integers is an integer. Not so where equal scores share, and a mean comes out. */
  constructor(columns: readonly Column[], whole: boolean) {
    this.columns = columns;
    this.whole = whole;
    this.zero = this.constant(0);
    this.one = this.constant(1);
    this.position = this.make('p', { kind: 'position' }, 0, MAX_POSITION, true, true, 1);
    this.square = this.make('s', { kind: 'square' }, 0, MAX_POSITION ** 2, true, true, 1);
    this.tokens = this.lin(1, [this.position], [1]);
  }

  /** How many there are. */
  get size(): number {
    return this.count;
  }

  private make(
    key: number | string,
    fields: Fields,
    lo: number,
    hi: number,
    integer: boolean,
    local: boolean,
    size: number,
  ): Node {
    return memo(this.known, key, () => this.made(fields, lo, hi, integer, local, size));
  }

  private made(fields: Fields, lo: number, hi: number, integer: boolean, local: boolean, size: number): Node {
    if (this.count >= MOST_NODES) throw new RangeError(`a graph of more than ${MOST_NODES} nodes`);
    const base = { id: this.count++, lo, hi, integer, local: local && size <= LOCAL_SIZE, size };
    return Object.assign(fields, base) as Node;
  }

  constant(value: number): Node {
    let node = this.constants.get(value);
    if (!node) {
      const exact = value === 0 ? 0 : value;
      const fields = { kind: 'const', value: exact } as const;
      node = this.make(`c${exact}`, fields, exact, exact, Number.isInteger(exact), true, 1);
      this.constants.set(value, node);
    }
    return node;
  }

  feature(column: number): Node {
    const { lo, hi, integer } = this.columns[column];
    if (lo === hi) return this.constant(lo);
    return this.make(`f${column}`, { kind: 'feature', column }, lo, hi, integer, true, 1);
  }

  /** constant + Σ weights · terms. */
  lin(constant: number, terms: readonly Node[], weights: readonly number[]): Node {
    const sum = new Sum(constant);
    for (let i = 0; i < terms.length; i++) sum.add(terms[i], weights[i]);
    joinSteps(this, sum);
    if (sum.terms.length === 0) return this.constant(sum.constant);
    if (sum.terms.length === 1 && sum.constant === 0 && sum.weights[0] === 1) return sum.terms[0];
    const hash = sum.hash();
    const bucket = memo(this.lins, hash, () => []);
    const known = bucket.find((node) => sum.equals(node));
    if (known) return known;
    let size = 1;
    let integer = Number.isInteger(sum.constant);
    let local = true;
    for (let i = 0; i < sum.terms.length; i++) {
      const node = sum.terms[i];
      size += node.size;
      integer &&= node.integer && Number.isInteger(sum.weights[i]);
      local &&= node.local;
    }
    const [lo, hi] = rangeOf(this, sum.constant, sum.terms, sum.weights);
    const fields = { kind: 'lin', terms: sum.terms, weights: sum.weights, constant: sum.constant } as const;
    const node = this.made(fields, lo, hi, integer, local, size) as NodeOf<'lin'>;
    bucket.push(node);
    return node;
  }

  /** The same number for gates that differ by a constant. */
  family(gate: Node): number {
    let family = this.families.get(gate);
    if (family === undefined) {
      family = gate.kind === 'lin' ? this.lin(0, gate.terms, gate.weights).id : gate.id;
      this.families.set(gate, family);
    }
    return family;
  }

  scale(node: Node, weight: number): Node {
    return weight === 1 ? node : this.lin(0, [node], [weight]);
  }

  /** relu(gate) · up. */
  product(gate: Node, up: Node): Node {
    if (gate.hi <= 0 || up === this.zero) return this.zero;
    if (gate.lo >= 0) return this.mul(gate, up);
    if (up.kind === 'const') {
      if (up.value !== 1) return this.scale(this.product(gate, this.one), up.value);
    }
    const [lo, hi] = span(0, gate.hi, up.lo, up.hi);
    const local = gate.local && up.local;
    const integer = gate.integer && up.integer;
    return this.make(
      pair(PAIR.product, gate, up),
      { kind: 'product', gate, up },
      lo,
      hi,
      integer,
      local,
      gate.size + up.size + 1,
    );
  }

  mul(a: Node, b: Node): Node {
    if (a.kind === 'const') return this.scale(b, a.value);
    if (b.kind === 'const') return this.scale(a, b.value);
    const running = this.sums(a, b);
    if (running) return running;
    const [lo, hi] = span(a.lo, a.hi, b.lo, b.hi);
    const [first, second]: readonly Node[] = a.lo >= 0 || b.lo < 0 ? [a, b] : [b, a];
    const fields = { kind: 'mul', a: first, b: second } as const;
    const local = a.local && b.local;
    return this.make(pair(PAIR.mul, first, second), fields, lo, hi, a.integer && b.integer, local, a.size + b.size + 1);
  }

  /** (position + 1) · mean is the running sum itself, kept exactly. */
  private sums(count: Node, mean: Node): Node | undefined {
    if (count !== this.tokens) return undefined;
    const sum = (node: Node) => {
      const { form } = node as NodeOf<'mean' | 'sum'>;
      const lo = Math.min(form.lo, form.lo * MAX_POSITION);
      const hi = Math.max(form.hi, form.hi * MAX_POSITION);
      return this.make(`S${form.id}`, { kind: 'sum', form }, lo, hi, form.integer, false, 1);
    };
    if (mean.kind === 'mean') return sum(mean);
    if (mean.kind !== 'lin' || mean.constant !== 0 || mean.terms.some((term) => term.kind !== 'mean')) return undefined;
    return this.lin(0, mean.terms.map(sum), mean.weights);
  }

  /** min(max(x, 0), limit). */
  clamp(x: Node, limit: number): Node {
    if (x.hi <= 0) return this.zero;
    if (x.lo >= limit) return this.constant(limit);
    if (x.lo >= 0 && x.hi <= limit) return x;
    const integer = x.integer && Number.isInteger(limit);
    const fields = { kind: 'clamp', x, limit } as const;
    return this.make(
      `k${x.id},${limit}`,
      fields,
      Math.max(0, x.lo),
      Math.min(limit, x.hi),
      integer,
      x.local,
      x.size + 1,
    );
  }

  /** A table's value at the integer x. */
  entry(table: Tabulated, x: Node): Node {
    if (x.kind === 'const') return this.constant(entryAt(table, x.value));
    const { number, lo, hi, integer } = memo(this.tables, table, () => {
      const [lo, hi] = [table.values.reduce(smaller), table.values.reduce(larger)];
      return { number: this.tables.size, lo, hi, integer: table.values.every(Number.isInteger) };
    });
    if (lo === hi) return this.constant(lo);
    return this.make(`e${number},${x.id}`, { kind: 'entry', table, x }, lo, hi, integer, x.local, x.size + 1);
  }

  mean(form: Node): Node {
    if (form.kind === 'const') return form;
    return this.make(`M${form.id}`, { kind: 'mean', form }, form.lo, form.hi, false, false, 1);
  }

  lookup(lookup: Lookup, x: Node, y: Node): LookupNode {
    const local = lookup.kind === 'shift';
    const size = x.size + y.size + 1;
    const fields = { kind: 'lookup', lookup, x, y } as const;
    return this.make(
      `L${lookup.id},${x.id},${y.id}`,
      fields,
      0,
      MAX_POSITION,
      true,
      local,
      local ? 1 : size,
    ) as LookupNode;
  }

  /** Position minus that of the token found, where that is known to be an earlier one. */
  distance(at: LookupNode): Node {
    return this.make(`d${at.id}`, { kind: 'distance', at }, 1, MAX_POSITION, true, false, 1);
  }

  /** `form` at the token that `at` finds. */
  value(at: LookupNode, form: Node): Node {
    if (form.kind === 'const') return form;
    if (at.lookup.kind === 'shift' && at.lookup.back === 0) return form;
    if (form.kind === 'lin') {
      // Sums of what can be computed again are taken apart, so that equal parts meet; the rest is stored as one.
      const parts: Node[] = [];
      const weights: number[] = [];
      const stored: [Node, number][] = [];
      form.terms.forEach((term, i) => {
        if (term.local) {
          parts.push(this.value(at, term));
          weights.push(form.weights[i]);
        } else stored.push([term, form.weights[i]]);
      });
      if (parts.length > 0) {
        const rest = this.lin(
          0,
          stored.map(([term]) => term),
          stored.map(([, weight]) => weight),
        );
        return this.lin(form.constant, [...parts, this.value(at, rest)], [...weights, 1]);
      }
    }
    const local = at.local && form.local;
    const fields = { kind: 'value', at, form } as const;
    const integer = form.integer && (this.whole || !mayShare(at.lookup));
    return this.make(pair(PAIR.value, at, form), fields, form.lo, form.hi, integer, local, at.size + form.size);
  }
}

const smaller = (a: number, b: number) => Math.min(a, b);
const larger = (a: number, b: number) => Math.max(a, b);
