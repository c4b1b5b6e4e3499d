/**
 * Attention as an extreme-point query: the token with the best score is a vertex of the convex hull of the keys, and
 * two-dimensional keys have a hull that can be searched in O(log n). (Percepta's idea for 2D heads.)
 *
 * Right for any keys: queries with y > 0 find their winner on the upper hull, with y < 0 on the lower one (made when
 * the first such query comes), with y = 0 among the leftmost or rightmost keys, and (0, 0) ties with everything.
 */
import type { AttentionCache, KeyValueStore } from './attention.ts';
import { Envelope } from './envelope.ts';

/** What tokens with equal keys have in common, for heads where they share the attention. */
class Tied {
  count = 0;
  readonly sums: Float64Array;

  constructor(width: number) {
    this.sums = new Float64Array(width);
  }

  add(store: KeyValueStore, token: number): void {
    this.count++;
    for (let c = 0; c < this.sums.length; c++) this.sums[c] += store.value(token, c);
  }

  addAll(other: Tied): void {
    this.count += other.count;
    for (let c = 0; c < this.sums.length; c++) this.sums[c] += other.sums[c];
  }

  clear(): void {
    this.count = 0;
    this.sums.fill(0);
  }
}

/** The tokens whose key has the greatest x (sign 1) or the least (sign -1). */
class Side {
  private readonly sign: number;
  private x = Number.NEGATIVE_INFINITY;
  latest = -1;
  readonly tied: Tied;

  constructor(sign: 1 | -1, width: number) {
    this.sign = sign;
    this.tied = new Tied(width);
  }

  add(store: KeyValueStore, token: number, sums: boolean): void {
    const x = this.sign * store.keys[2 * token];
    if (x < this.x) return;
    if (x > this.x) this.tied.clear();
    this.x = x;
    this.latest = token;
    if (sums) this.tied.add(store, token);
  }
}

/** One side of the hull, with the sums of the tokens that share a vertex. */
class HalfHull {
  readonly envelope: Envelope;
  private readonly store: KeyValueStore;
  private readonly latest: boolean;
  /** By the vertex's token, where several tokens have its key and share. */
  private readonly ties = new Map<number, Tied>();

  constructor(sign: 1 | -1, store: KeyValueStore, latest: boolean) {
    this.envelope = new Envelope(sign);
    this.store = store;
    this.latest = latest;
  }

  insert(token: number): void {
    const { envelope, store, latest, ties } = this;
    if (envelope.insert(store.keys, token, latest) || latest || envelope.met < 0) return;
    let tied = ties.get(envelope.met);
    if (!tied) {
      tied = new Tied(store.width);
      tied.add(store, envelope.met);
      ties.set(envelope.met, tied);
    }
    tied.add(store, token);
  }

  /** The latest of the vertices with the best score; their tokens' sums go to `found` where they share. */
  extreme(qx: number, qy: number, found: Tied): number {
    const { envelope, store, latest, ties } = this;
    let vertex = envelope.extreme(store.keys, qx, qy);
    let target = vertex;
    const best = store.score(vertex, qx, qy);
    do {
      if (vertex > target) target = vertex;
      if (!latest) {
        const tied = ties.get(vertex);
        if (tied) found.addAll(tied);
        else found.add(store, vertex);
      }
      vertex = envelope.next();
    } while (vertex >= 0 && store.score(vertex, qx, qy) === best);
    return target;
  }
}

export class HullCache implements AttentionCache {
  private readonly store: KeyValueStore;
  private readonly latest: boolean;
  private readonly upper: HalfHull;
  private lower: HalfHull | undefined;
  private readonly right: Side;
  private readonly left: Side;
  private readonly all: Tied;
  private readonly found: Tied;
  private target = -1;

  /** `latest`: of equal scores the latest wins; otherwise they share. */
  constructor(store: KeyValueStore, latest: boolean) {
    this.store = store;
    this.latest = latest;
    const { width } = store;
    this.upper = new HalfHull(1, store, latest);
    this.right = new Side(1, width);
    this.left = new Side(-1, width);
    this.all = new Tied(width);
    this.found = new Tied(width);
  }

  get bytes(): number {
    return this.upper.envelope.bytes + (this.lower?.envelope.bytes ?? 0);
  }

  append(): void {
    const { store, latest } = this;
    const token = store.length - 1;
    this.right.add(store, token, !latest);
    this.left.add(store, token, !latest);
    if (!latest) this.all.add(store, token);
    this.upper.insert(token);
    this.lower?.insert(token);
  }

  attend(qx: number, qy: number): number {
    const { latest, found } = this;
    if (!latest) found.clear();
    if (qy > 0) this.target = this.upper.extreme(qx, qy, found);
    else if (qy < 0) this.target = this.below().extreme(qx, qy, found);
    else this.target = this.sideways(qx);
    if (!latest && found.count > 1) this.target = -1;
    return this.target;
  }

  /** Queries without y: the rightmost or leftmost keys, or all of them. */
  private sideways(qx: number): number {
    const { store, latest, found } = this;
    if (!latest) found.addAll(qx > 0 ? this.right.tied : qx < 0 ? this.left.tied : this.all);
    return qx > 0 ? this.right.latest : qx < 0 ? this.left.latest : store.length - 1;
  }

  /** The lower hull, of all keys so far. */
  private below(): HalfHull {
    if (!this.lower) {
      this.lower = new HalfHull(-1, this.store, this.latest);
      for (let token = 0; token < this.store.length; token++) this.lower.insert(token);
    }
    return this.lower;
  }

  result(component: number): number {
    return this.target < 0 ? this.found.sums[component] / this.found.count : this.store.value(this.target, component);
  }
}
