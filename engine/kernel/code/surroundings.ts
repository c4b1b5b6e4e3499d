/** What generated code is told of its surroundings: where things lie, what it may call, what it has to do besides. */

import type { Group } from '../analysis/classify.ts';
import type { Classes } from '../analysis/pivots.ts';
import type { LookupNode, Node, NodeOf } from '../graph/node.ts';
import type { Field } from './memory-map.ts';

/** Result of a function that leaves its token to the graph pass. */
export const DEOPT = -2;
/** Parameters of every function: position and id of the current token. */
export const T = 0;
export const ID = 1;

/** A typed table in memory, indexed by token id or by key. */
export interface TableAt {
  readonly address: number;
  readonly load: readonly [number, number];
  /** log2 of the bytes per entry. */
  readonly shift: number;
  readonly float: boolean;
}

/** Where everything lies: what the emitter asks of the kernel. */
export interface Layout {
  readonly tokensCell: number;
  /** Token ids by kind and byte, two bytes each. */
  readonly unembedTable: number;
  /** Table of classes, two bytes each. */
  classTable(classes: Classes): number;
  featureTable(column: number): TableAt;
  /** Values of a form over the keys of a table look-up. */
  keyTable(lookup: LookupNode, form: Node): TableAt | { readonly factor: number };
  /** Values of an entry's table, from its first on; as floats where the entry is computed as one. */
  entryTable(entry: NodeOf<'entry'>): TableAt;
  groupCell(group: number): number;
  directory(group: number): number;
  /** Place and type of a stored form in the records of a group. */
  recordField(group: number, index: number): Field;
  /** Index of a stored form in the records of a group. */
  storedIndex(group: number, form: Node): number;
  flagCell(lookup: LookupNode['lookup']): number;
  sumCell(form: Node): number;
  /** Table of a stream's chunks, and the type of its numbers. */
  stream(form: Node): { readonly cell: number; readonly field: Field };
  scratch(node: Node): number;
}

/** Something that has to happen once per token. */
export type Effect =
  | {
      readonly kind: 'insert';
      readonly group: Group;
      readonly keyX: Node;
      readonly keyY: Node;
    }
  /** The values of the record that this token may have left; `after` is its insertion, if that is still to happen. */
  | {
      readonly kind: 'store';
      readonly group: Group;
      readonly values: readonly Node[];
      readonly after: Effect | undefined;
    }
  | { readonly kind: 'stream'; readonly form: Node; readonly value: Node }
  | { readonly kind: 'sum'; readonly form: Node; readonly value: Node }
  | { readonly kind: 'flag'; readonly lookup: LookupNode['lookup'] };
