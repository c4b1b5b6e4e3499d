/** Which token ids have occurred: tables of keys by id are complete only when each of theirs has. */
import type { Plan } from '../analysis/plan.ts';
import type { Store } from './store.ts';

/** Ids that are keys of tables, ascending. */
export function keysOfTables(plan: Plan): number[] {
  const keys = new Set<number>();
  for (const { at } of plan.heads.flat()) {
    if (at?.lookup.kind !== 'table' && at?.lookup.kind !== 'few') continue;
    for (const id of at.lookup.ids) keys.add(id);
  }
  return [...keys].sort((a, b) => a - b);
}

export class Occurrences {
  /** Number of tokens after which every key of every table has occurred. */
  readyAt = Number.POSITIVE_INFINITY;
  private readonly store: Store;
  private readonly keys: ReadonlySet<number>;
  private readonly seen: Uint8Array;
  private seenUntil = 0;
  /** Keys of tables that have not occurred. */
  private missing: number;

  constructor(store: Store, vocabulary: number, keys: readonly number[]) {
    this.store = store;
    this.keys = new Set(keys);
    this.seen = new Uint8Array(vocabulary);
    this.missing = keys.length;
    if (this.missing === 0) this.readyAt = 0;
  }

  /** True when all of these have occurred. */
  ofAll(ids: readonly number[]): boolean {
    return ids.every((id) => this.seen[id] === 1);
  }

  /** Takes note of the tokens before `length`. */
  see(length: number): void {
    const { store, seen } = this;
    if (this.missing === 0) return;
    const first = store.firstToken;
    for (; this.seenUntil < length; this.seenUntil++) {
      const id = store.u16[first + this.seenUntil];
      if (seen[id] !== 0) continue;
      seen[id] = 1;
      if (this.keys.has(id) && --this.missing === 0) this.readyAt = this.seenUntil + 1;
    }
  }
}
