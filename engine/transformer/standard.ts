/**
 * Softmax attention with a finite scale, as any transformer library computes it: O(n) per query.
 *
 * The logit of token j is β·score_j − m·(n − j) with β = 2^(scaleBits + ⌈log2 n⌉) and m the head's recency slope
 * (ALiBi). Scores of different keys are at least 1/2 apart, so β outweighs every recency bias, and the weights are 0
 * or 1 (or equal shares) to the last bit as long as the logits of heads with a slope are exact: |β·score| < 2^63 (a
 * logit is a multiple of 2^10 then). Beyond that range this cache refuses.
 */
import { PlacedError } from '../errors.ts';
import type { AttentionCache, KeyValueStore } from './attention.ts';

const LARGEST_LOGIT = 2 ** 63;

export class StandardCache implements AttentionCache {
  private readonly store: KeyValueStore;
  private readonly slope: number;
  private readonly scaleBits: number;
  private readonly weighted: Float64Array;
  private logits = new Float64Array(1024);

  constructor(store: KeyValueStore, slope: number, scaleBits: number) {
    this.store = store;
    this.slope = slope;
    this.scaleBits = scaleBits;
    this.weighted = new Float64Array(store.width);
  }

  get bytes(): number {
    return this.logits.byteLength;
  }

  append(): void {}

  /** @throws PlacedError when the softmax would no longer be exact */
  attend(qx: number, qy: number): number {
    const { store, slope, weighted } = this;
    const n = store.length;
    if (this.logits.length < n) this.logits = new Float64Array(2 * n);
    const { logits } = this;
    let best = Number.NEGATIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      const score = store.score(j, qx, qy);
      logits[j] = score;
      if (score > best) best = score;
      if (score < least) least = score;
    }
    const scale = 2 ** (this.scaleBits + Math.ceil(Math.log2(n)));
    if (slope > 0 && least < best && Math.abs(best) * scale >= LARGEST_LOGIT) this.refuse(n, scale);
    // The largest logit is subtracted before exp, as everywhere; what remains is exact.
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) {
      logits[j] = scale * (logits[j] - best) - slope * (n - 1 - j);
      if (logits[j] > largest) largest = logits[j];
    }
    let total = 0;
    let target = -1;
    weighted.fill(0);
    for (let j = 0; j < n; j++) {
      const weight = Math.exp(logits[j] - largest);
      if (weight === 0) continue;
      total += weight;
      target = j;
      for (let c = 0; c < weighted.length; c++) weighted[c] += weight * store.value(j, c);
    }
    for (let c = 0; c < weighted.length; c++) weighted[c] /= total;
    return total === 1 ? target : -1;
  }

  private refuse(n: number, scale: number): never {
    const score = LARGEST_LOGIT / scale;
    throw new PlacedError(
      `softmax attention is not exact here: at ${n} tokens of context a score must stay below ${score} (addresses below about ${Math.floor(Math.sqrt(score))}). Use --attention hull or hardmax.`,
      { token: n - 1 },
    );
  }

  result(component: number): number {
    return this.weighted[component];
  }
}
