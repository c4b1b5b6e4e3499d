/** One number per token, as what it is computed from. Nodes are made by `Nodes` alone: equal ones are one object. */
import type { Lookup } from './lookup.ts';

/** Positions stay below this: their squares are exact. */
export const MAX_POSITION = 2 ** 26;

/** What every node knows of its value, whatever it is computed from. */
export interface NodeFacts {
  readonly id: number;
  readonly lo: number;
  readonly hi: number;
  readonly integer: boolean;
  /** Depends on nothing but the tokens at fixed distances before this one: can be computed again at any position. */
  readonly local: boolean;
  /** Nodes it is made of, itself included, if all were written out; saturates. */
  readonly size: number;
}

export type Node = NodeFacts &
  (
    | { readonly kind: 'const'; readonly value: number }
    | { readonly kind: 'feature'; readonly column: number }
    | { readonly kind: 'position' | 'square' }
    | {
        readonly kind: 'lin';
        readonly terms: readonly Node[];
        readonly weights: readonly number[];
        readonly constant: number;
      }
    /** relu(gate) · up */
    | { readonly kind: 'product'; readonly gate: Node; readonly up: Node }
    | { readonly kind: 'mul'; readonly a: Node; readonly b: Node }
    /** min(max(x, 0), limit) */
    | { readonly kind: 'clamp'; readonly x: Node; readonly limit: number }
    /** A table's value at the integer x. */
    | { readonly kind: 'entry'; readonly table: Tabulated; readonly x: Node }
    /** `form` as it was at the token which `at` finds. */
    | { readonly kind: 'value'; readonly at: LookupNode; readonly form: Node }
    /** How far before the current token the one lies which `at` finds: at least 1. */
    | { readonly kind: 'distance'; readonly at: LookupNode }
    /** Mean and sum of `form` over all tokens so far. */
    | { readonly kind: 'mean' | 'sum'; readonly form: Node }
    /** Position of the token which a query finds. */
    | { readonly kind: 'lookup'; readonly lookup: Lookup; readonly x: Node; readonly y: Node }
  );

export type NodeOf<K extends Node['kind']> = Extract<Node, { kind: K }>;
export type LookupNode = NodeOf<'lookup'>;

/** What there is to say of a node of one kind besides its facts; of any kind by default. */
export type Fields<N extends Node = Node> = N extends Node ? Omit<N, keyof NodeFacts> : never;

/** Makes nodes of nodes, simplified as far as intervals allow. */
export interface Algebra {
  /** constant + Σ weights · terms. */
  lin(constant: number, terms: readonly Node[], weights: readonly number[]): Node;
  mul(a: Node, b: Node): Node;
  /** min(max(x, 0), limit). */
  clamp(x: Node, limit: number): Node;
  /** The same number for gates that differ by a constant. */
  family(gate: Node): number;
}

/** A function of one integer, and the neurons that it was made of. */
export interface Tabulated {
  /** `values[k]` at first + k; what is below has the value of the first, what is above that of the last. */
  readonly first: number;
  readonly values: Float64Array;
  /** Σ weight · relu(gate) is the same, also between integers: where a mean of integers takes their place. */
  readonly neurons: readonly { readonly gate: Node; readonly weight: number }[];
}

/** A table's value at an integer. */
export function entryAt({ first, values }: Tabulated, x: number): number {
  return values[Math.min(Math.max(x - first, 0), values.length - 1)];
}

/** Values of an embedding column over the vocabulary. */
export interface Column {
  readonly values: Float64Array;
  readonly lo: number;
  readonly hi: number;
  readonly integer: boolean;
}

/** The constant part of a sum. */
export function constantOf(node: Node): number {
  return node.kind === 'const' ? node.value : node.kind === 'lin' ? node.constant : 0;
}
