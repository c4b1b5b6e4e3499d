/**
 * Cells in the kernel's memory besides records: flags, running sums, streams of values that every token stores. What
 * stands here is numbers only, in the order of the plan that they were made for.
 */
import type { Plan } from '../analysis/plan.ts';
import type { Unembedding } from '../analysis/unembed.ts';
import { type Field, STREAM } from '../code/memory-map.ts';
import { isInt } from '../graph/integers.ts';
import type { Store } from './store.ts';

/** Table of a stream's chunks, and the type of its numbers. */
export interface StreamPlace {
  readonly cell: number;
  readonly field: Field;
}

/** Addresses. */
export interface Cells {
  /** Token ids by kind and byte, two bytes each. */
  readonly unembedTable: number;
  readonly flags: readonly number[];
  /** Two floats each, for even and odd positions. */
  readonly sums: readonly number[];
  readonly streams: readonly StreamPlace[];
}

/** Makes room for the cells of a plan, as they are before the first token. */
export function placeCells(plan: Plan, store: Store, unembedding: Unembedding | undefined): Cells {
  const unembedTable = store.allocate(2 * (unembedding?.ids.length ?? 0));
  if (unembedding) store.u16.set(unembedding.ids, unembedTable >> 1);
  const flags = plan.flags.map(() => {
    const cell = store.allocate(8);
    store.i32[cell >> 2] = -1;
    return cell;
  });
  const sums = plan.sums.map(() => store.allocate(16));
  const streams = plan.streams.map((form) => ({
    cell: store.allocate(4 * STREAM.chunks),
    field: { offset: 0, int: isInt(form), unsigned: form.lo >= 0 },
  }));
  return { unembedTable, flags, sums, streams };
}

/** Room in the streams: it grows with the tokens. */
export class StreamRoom {
  private readonly store: Store;
  private readonly streams: readonly StreamPlace[];
  private chunks = 0;

  constructor(store: Store, streams: readonly StreamPlace[]) {
    this.store = store;
    this.streams = streams;
  }

  /** Makes room in every stream for the tokens before `tokens`. */
  reserve(tokens: number): void {
    for (; this.chunks << STREAM.bits < tokens; this.chunks++) {
      for (const { cell, field } of this.streams) {
        const address = this.store.allocate((field.int ? 4 : 8) << STREAM.bits);
        this.store.i32[(cell >> 2) + this.chunks] = address;
      }
    }
  }
}
