/**
 * Attention at the limit of zero temperature: what the three caches have in common.
 *
 * A cache serves the heads of a layer that have the same keys. It is ordinary causal attention: the score of token j
 * is query · key_j, the best score wins. What happens to equal scores depends on the head's recency slope, as in
 * ALiBi (Press et al. 2022): slope 0 averages them, a positive one lets the latest win.
 */

/** Keys [n, 2] and values [n, width] of the tokens so far, growing. */
export class KeyValueStore {
  /** Tokens so far. */
  length = 0;
  /** Value components per token. */
  readonly width: number;
  keys = new Float64Array(2 * 1024);
  values: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.values = new Float64Array(width * 1024);
  }

  get bytes(): number {
    return this.keys.byteLength + this.values.byteLength;
  }

  append(x: number, y: number, values: ArrayLike<number>): void {
    const n = this.length++;
    if (2 * n === this.keys.length) {
      const room = Math.ceil(1.5 * n);
      this.keys = grown(this.keys, 2 * room);
      this.values = grown(this.values, this.width * room);
    }
    this.keys[2 * n] = x;
    this.keys[2 * n + 1] = y;
    for (let c = 0; c < this.width; c++) this.values[n * this.width + c] = values[c];
  }

  /** Score of token j: exact, since keys and queries are. */
  score(j: number, qx: number, qy: number): number {
    return qx * this.keys[2 * j] + qy * this.keys[2 * j + 1];
  }

  value(j: number, component: number): number {
    return this.values[j * this.width + component];
  }
}

function grown(array: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length);
  larger.set(array);
  return larger;
}

/** One implementation of attention. */
export interface AttentionCache {
  readonly bytes: number;
  /** Takes in the token that the store got last. */
  append(): void;
  /**
   * Attends with a query to all tokens of the store. Returns the token attended to, or -1 if several share the attention;
   * `result` then reads the values.
   */
  attend(qx: number, qy: number): number;
  /** Component of what the last `attend` brought. */
  result(component: number): number;
}

/** What a look at a past token tells of a head. */
export interface Choice {
  target: number;
  shared: number;
  score: number;
  runnerUp: number;
  margin: number;
}

/**
 * The choice of a head among the first `length` tokens, by looking at every one of them. The runner-up is the best
 * token that does not share the attention: where the latest of equal scores wins, it may have the same score.
 */
export function chooseAmong(store: KeyValueStore, length: number, qx: number, qy: number, latest: boolean): Choice {
  const { keys } = store;
  let score = Number.NEGATIVE_INFINITY;
  let target = -1;
  let shared = 0;
  let nextScore = Number.NEGATIVE_INFINITY;
  let runnerUp = -1;
  for (let j = 0; j < length; j++) {
    const s = qx * keys[2 * j] + qy * keys[2 * j + 1];
    if (s > score || (latest && s === score)) {
      runnerUp = target;
      nextScore = score;
      score = s;
      target = j;
      shared = 1;
    } else if (s === score) {
      shared++;
      target = j;
    } else if (s >= nextScore) {
      nextScore = s;
      runnerUp = j;
    }
  }
  return {
    target: shared > 1 ? -1 : target,
    shared,
    score,
    runnerUp,
    margin: runnerUp < 0 ? Number.POSITIVE_INFINITY : score - nextScore,
  };
}

/** Mean of a value component over the tokens below `length` that have this score. */
export function meanOfTied(
  store: KeyValueStore,
  length: number,
  qx: number,
  qy: number,
  score: number,
  component: number,
): number {
  let sum = 0;
  let count = 0;
  for (let j = 0; j < length; j++) {
    if (store.score(j, qx, qy) !== score) continue;
    sum += store.value(j, component);
    count++;
  }
  return sum / count;
}
