/**
 * Winners of a head at many positions at once, for columns of keys and queries [position].
 *
 * Keys that occur again and again are scored once per distinct key, with the latest token that has it; keys on the
 * parabola of positions are found by rounding; many queries ask a convex hull. All are plain argmax over all keys so far.
 */

import { KeyValueStore } from '../../engine/transformer/attention.ts';
import { HullCache } from '../../engine/transformer/hull.ts';

export type Column = Float64Array;

/** Keys and queries of a head, and whether the latest of equal scores wins (otherwise they share). */
export interface Search {
  readonly kx: Column;
  readonly ky: Column;
  readonly qx: Column;
  readonly qy: Column;
  readonly latest: boolean;
}

/** What `winners` notes where several tokens share the attention. */
export const SHARED = -1;

/** True when keys are (2j, -j²) at every position j. */
export function isParabola(kx: Column, ky: Column): boolean {
  return kx.every((x, j) => x === 2 * j && ky[j] === -j * j);
}

/** Finds the winners at `positions` (ascending) and writes them into `into`. */
export function findWinners(search: Search, positions: Int32Array, parabola: boolean, into: Int32Array): void {
  if (parabola) onParabola(search, positions, into);
  else if (positions.length > MANY) onHull(search, [], positions, (i, target) => (into[i] = target));
  else amongDistinct(search, positions, into);
}

/** From so many queries on, the convex hull of the keys is worth building. */
const MANY = 64;

/** Asks a hull cache at `positions`; `found` gets the winner and reads the values of what it brings. */
function onHull(
  { kx, ky, qx, qy, latest }: Search,
  values: readonly Column[],
  positions: Int32Array,
  found: (i: number, target: number, result: (component: number) => number) => void,
): void {
  const store = new KeyValueStore(values.length);
  const cache = new HullCache(store, latest);
  const row = new Float64Array(values.length);
  const result = (component: number) => cache.result(component);
  let i = 0;
  for (const position of positions) {
    for (; i <= position; i++) {
      for (let c = 0; c < row.length; c++) row[c] = values[c][i];
      store.append(kx[i], ky[i], row);
      cache.append();
    }
    found(position, cache.attend(qx[position], qy[position]), result);
  }
}

/** What a head brings at `positions`, of a value, when its winners are known. */
export function bring(search: Search, winners: Int32Array, value: Column, positions: Int32Array, into: Column): void {
  let shared = 0;
  for (const i of positions) {
    if (winners[i] === SHARED) shared++;
    else into[i] = value[winners[i]];
  }
  if (shared > MANY) {
    onHull(
      search,
      [value],
      positions.filter((i) => winners[i] === SHARED),
      (i, target, result) => {
        into[i] = target === SHARED ? result(0) : value[target];
      },
    );
  } else if (shared > 0) {
    for (const i of positions) if (winners[i] === SHARED) into[i] = sharedMean(search, value, i);
  }
}

function onParabola({ kx, ky, qx, qy, latest }: Search, positions: Int32Array, into: Int32Array): void {
  for (const i of positions) {
    const [x, y] = [qx[i], qy[i]];
    let from = 0;
    let to = i;
    if (y > 0) {
      const near = Math.round(x / y);
      from = Math.min(i, Math.max(0, near - 1));
      to = Math.min(i, Math.max(0, near + 1));
    }
    let best = Number.NEGATIVE_INFINITY;
    let winner = SHARED;
    for (let j = from; j <= to; j++) {
      const score = x * kx[j] + y * ky[j];
      if (score > best || (latest && score === best)) {
        best = score;
        winner = j;
      } else if (score === best) winner = SHARED;
    }
    into[i] = winner;
  }
}

function amongDistinct({ kx, ky, qx, qy, latest }: Search, positions: Int32Array, into: Int32Array): void {
  const numbers = new Map<number, Map<number, number>>();
  const xs: number[] = [];
  const ys: number[] = [];
  const last: number[] = [];
  const counts: number[] = [];
  let next = 0;
  const end = positions.length === 0 ? -1 : positions[positions.length - 1];
  for (let i = 0; i <= end; i++) {
    let row = numbers.get(kx[i]);
    if (!row) {
      row = new Map();
      numbers.set(kx[i], row);
    }
    const known = row.get(ky[i]);
    if (known === undefined) {
      row.set(ky[i], xs.length);
      xs.push(kx[i]);
      ys.push(ky[i]);
      last.push(i);
      counts.push(1);
    } else {
      last[known] = i;
      counts[known]++;
    }
    if (positions[next] !== i) continue;
    next++;
    const [x, y] = [qx[i], qy[i]];
    let best = Number.NEGATIVE_INFINITY;
    let winner = SHARED;
    for (let d = 0; d < xs.length; d++) {
      const score = x * xs[d] + y * ys[d];
      if (score > best) {
        best = score;
        winner = latest || counts[d] === 1 ? last[d] : SHARED;
      } else if (score === best) {
        if (!latest) winner = SHARED;
        else if (last[d] > winner) winner = last[d];
      }
    }
    into[i] = winner;
  }
}

/** Mean of a value over the tokens up to i with the best score. */
function sharedMean({ kx, ky, qx, qy }: Search, value: Column, i: number): number {
  let best = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let count = 0;
  for (let j = 0; j <= i; j++) {
    const score = qx[i] * kx[j] + qy[i] * ky[j];
    if (score < best) continue;
    if (score > best) {
      best = score;
      sum = 0;
      count = 0;
    }
    sum += value[j];
    count++;
  }
  return sum / count;
}
