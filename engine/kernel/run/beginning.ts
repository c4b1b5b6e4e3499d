/**
 * What a sequence begins with, before its first token: memory with the cells of a plan in it, the driver that runs over
 * it, and functions that are there already. It is made from the plan; or it was made before (prepare.ts), and then
 * a sequence begins without the plan.
 */
import type { ModelConfig } from '../../transformer/model.ts';
import type { Plan } from '../analysis/plan.ts';
import type { Unembedding } from '../analysis/unembed.ts';
import { driverModule } from '../code/driver.ts';
import { type Cells, placeCells } from './cells.ts';
import { type GroupPlace, placeGroups } from './heap.ts';
import { writeClasses } from './layout.ts';
import { keysOfTables } from './occurrences.ts';
import type { Store } from './store.ts';

/** Tokens between two checkpoints of the running sums: a power of two. */
export const CHECKPOINT = 1024;

/** A look-up among few keys. */
export interface FewKeys {
  /** The look-up's. */
  readonly id: number;
  readonly ids: readonly number[];
  /** Their keys; behind them that of all other ids, if there are any. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Where things lie in memory, and what generated code asks of JavaScript: numbers only. */
export interface Places {
  readonly groups: readonly GroupPlace[];
  readonly cells: Cells;
  /** Ids that are keys of tables. */
  readonly keys: readonly number[];
  readonly few: readonly FewKeys[];
  /** Cell for why the driver stopped. */
  readonly status: number;
}

/** A beginning without functions: they are made when they are first called. */
export interface Beginning {
  readonly places: Places;
  /** Bytes of the driver's module. */
  readonly driver: Uint8Array;
}

/** First slots of the decision tree: [tables complete][generates]. */
export type Roots = readonly (readonly number[])[];

/** A beginning with functions, which are made for this memory. */
export interface Prepared extends Beginning {
  /** Memory from its first byte on. */
  readonly image: Uint8Array;
  /** A module that puts functions into slots of the table of stages; slots without one are left as they are. */
  readonly functions: Uint8Array;
  readonly roots: Roots;
  /** Slots that the decision tree takes. */
  readonly slots: number;
}

/** Places all that a plan needs in memory that is empty. */
export function begin(plan: Plan, config: ModelConfig, store: Store, unembedding: Unembedding | undefined): Beginning {
  const groups = placeGroups(plan, store);
  const cells = placeCells(plan, store, unembedding);
  const status = store.allocate(8);
  const eos = store.allocate(config.vocabulary);
  for (const id of config.eos) store.u8[eos + id] = 1;
  const driver = driverModule({
    groups,
    emptyPage: store.emptyPage,
    tokenClass: writeClasses(store, plan.tokens),
    eos,
    status,
    checkpoint: CHECKPOINT,
  });
  return { places: { groups, cells, keys: keysOfTables(plan), few: fewKeys(plan), status }, driver };
}

function fewKeys(plan: Plan): FewKeys[] {
  const found = new Map<number, FewKeys>();
  for (const { at } of plan.heads.flat()) {
    if (at?.lookup.kind !== 'few') continue;
    const { id, keys, ids, rest } = at.lookup;
    const all = rest < 0 ? ids : [...ids, rest];
    found.set(id, { id, ids, x: all.map((key) => keys.x[key]), y: all.map((key) => keys.y[key]) });
  }
  return [...found.values()];
}
