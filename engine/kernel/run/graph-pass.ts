/**
 * A token that generated code leaves to the graph (a tie, a table that is not complete, a key off its pattern): done node
 * by node, leaving behind what generated code would.
 */

import type { Node } from '../graph/node.ts';
import type { KernelLayout } from './layout.ts';
import { type Memory, NodeValues } from './node-values.ts';
import type { Store } from './store.ts';

/** Thrown when the model is not what its weights looked like. */
export class Finding extends Error {
  /** The head whose keys left their class; undefined when a mean was to be stored as an integer. */
  readonly head: string | undefined;

  constructor(head?: string) {
    super('the model is not what it looked like');
    this.head = head;
  }
}

/** What the pass changes. */
export interface Changeable extends Memory {
  readonly store: Store;
  readonly layout: KernelLayout;
  /** Leaves a record under a key; returns its address. */
  insert(group: number, key: number, t: number): number;
  insertGeneral(group: number, t: number, x: number, y: number): void;
}

/** The pass over token t. Returns the next token if asked. @throws Finding */
export function graphPass(memory: Changeable, t: number, generates: boolean): number {
  const { plan, heap, layout, store } = memory;
  for (const lookup of plan.flags) {
    if (lookup.top[heap.token(t)]) store.i32[layout.flagCell(lookup) >> 2] = t;
  }
  const joined = new Set<number>();
  const values = new NodeValues(memory, t, (group) => join(group));
  const stored = (form: Node) => {
    const value = values.of(form);
    if (form.integer && !Number.isInteger(value)) throw new Finding();
    return value;
  };
  const join = (index: number) => {
    if (joined.has(index)) return;
    joined.add(index);
    const group = plan.groups[index];
    const x = values.of(group.keyX);
    const y = values.of(group.keyY);
    if (group.kind === 'general') {
      memory.insertGeneral(index, t, x, y);
      return;
    }
    if (x === group.low[0] && y === group.low[1]) return;
    const key = x / 2;
    if (!Number.isInteger(key) || key < 0 || key > group.limit || y !== -key * key) {
      throw new Finding(`${group.layer}.${group.keyRow}`);
    }
    const record = memory.insert(index, key, t);
    plan.stored[index].forEach((form, i) => {
      heap.setStored(index, record, i, stored(form));
    });
  };
  for (const group of plan.liveGroups) join(group);
  for (const form of plan.streams) layout.setStream(form, t, stored(form));
  for (const form of plan.sums) {
    const cell = layout.sumCell(form) >> 3;
    store.f64[cell + (t & 1)] = (t === 0 ? 0 : store.f64[cell + ((t - 1) & 1)]) + values.of(form);
  }
  return generates ? argmax(memory, values) : 0;
}

function argmax({ plan, layout, model: { unembed } }: Changeable, values: NodeValues): number {
  const residual = Float64Array.from(plan.final, (node, slot) => (layout.readsFinal(slot) ? values.of(node) : 0));
  let best = Number.NEGATIVE_INFINITY;
  let token = 0;
  for (let row = 0; row < unembed.rows; row++) {
    const logit = unembed.dot(row, residual);
    if (logit > best) {
      best = logit;
      token = row;
    }
  }
  return token;
}
