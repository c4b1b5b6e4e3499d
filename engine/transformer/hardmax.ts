/** Attention by looking at every key: O(n) per query. The definition that the hull is checked against. */
import type { AttentionCache, KeyValueStore } from './attention.ts';

export class HardmaxCache implements AttentionCache {
  private readonly store: KeyValueStore;
  private readonly latest: boolean;
  private target = -1;
  private readonly mean: Float64Array;

  /** `latest`: of equal scores the latest wins; otherwise they share. */
  constructor(store: KeyValueStore, latest: boolean) {
    this.store = store;
    this.latest = latest;
    this.mean = new Float64Array(store.width);
  }

  get bytes(): number {
    return 0;
  }

  append(): void {}

  attend(qx: number, qy: number): number {
    const { store, latest } = this;
    const { keys, length } = store;
    let best = Number.NEGATIVE_INFINITY;
    let target = -1;
    let shared = 0;
    for (let j = 0; j < length; j++) {
      const score = qx * keys[2 * j] + qy * keys[2 * j + 1];
      if (score > best) {
        best = score;
        target = j;
        shared = 1;
      } else if (score === best) {
        target = j;
        shared++;
      }
    }
    this.target = shared > 1 && !latest ? -1 : target;
    if (this.target < 0) this.average(qx, qy, best, shared);
    return this.target;
  }

  private average(qx: number, qy: number, best: number, shared: number): void {
    const { store, mean } = this;
    mean.fill(0);
    for (let j = 0; j < store.length; j++) {
      if (store.score(j, qx, qy) !== best) continue;
      for (let c = 0; c < mean.length; c++) mean[c] += store.value(j, c);
    }
    for (let c = 0; c < mean.length; c++) mean[c] /= shared;
  }

  result(component: number): number {
    return this.target < 0 ? this.mean[component] : this.store.value(this.target, component);
  }
}
