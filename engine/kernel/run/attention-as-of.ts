/**
 * Attention as of a token: which earlier token a query finds, by what is known of the keys of its class.
 *
 * Each class names a few candidates among which the winner and the runner-up must be; they are scored exactly as the
 * reference scores them. Nothing is recorded per token: address heads follow the links of their records, tables
 * count tokens from a snapshot, the rest is a function of the position.
 */
import { type Choice, chooseAmong } from '../../transformer/attention.ts';
import type { Group } from '../analysis/classify.ts';
import { RECORD } from '../code/memory-map.ts';
import type { IdKeys, Lookup } from '../graph/lookup.ts';
import type { Heap } from './heap.ts';

/** A choice, with what the values need: the record of the winner (0 for none), and the ids that share. */
export interface Found extends Choice {
  record: number;
  /** Ids of the tokens that share, and how many of each; only for keys by id. */
  tied: readonly (readonly [id: number, count: number])[] | undefined;
  /** Positions that share, where keys are not by id. */
  positions: readonly number[] | undefined;
}

/** Occurrences of each id among the tokens before `until`: how many, and the last. */
interface Counted {
  until: number;
  readonly counts: Int32Array;
  readonly last: Int32Array;
}

/** Tokens between two snapshots of the counts. */
const SNAPSHOT = 2 ** 17;

export class AttentionAsOf {
  private readonly groups: () => readonly Group[];
  private readonly heap: Heap;
  private readonly vocabulary: number;
  /** Per multiple of SNAPSHOT: how often each id occurred before, and where last. */
  private readonly snapshots: Pick<Counted, 'counts' | 'last'>[];
  /** Counts up to the last snapshot, and those that were asked for last. */
  private readonly ahead: Counted;
  private readonly counted: Counted;

  /** @param groups asked for when somebody looks back: a sequence that is only continued needs none */
  constructor(groups: () => readonly Group[], heap: Heap, vocabulary: number) {
    this.groups = groups;
    this.heap = heap;
    this.vocabulary = vocabulary;
    const none = (): Counted => ({
      until: 0,
      counts: new Int32Array(vocabulary),
      last: new Int32Array(vocabulary).fill(-1),
    });
    this.snapshots = [none()];
    this.ahead = none();
    this.counted = none();
  }

  /** The choice of a query at token `t` among tokens 0..t. */
  choose(lookup: Lookup, qx: number, qy: number, t: number): Found {
    switch (lookup.kind) {
      case 'self':
        return { ...one(t, Number.NaN, t - 1, 0) };
      case 'shift':
      case 'position':
        return this.byPosition(qx, qy, t, lookup.kind === 'position' && lookup.latest);
      case 'table':
      case 'few':
        return this.byId(lookup.keys, qx, qy, t, false);
      case 'flag':
        return this.byId(lookup.keys, qx, qy, t, true);
      case 'address':
        return this.byAddress(lookup.group, qx, qy, t);
      case 'general': {
        const { store } = this.heap.general.get(lookup.group)!;
        const choice = chooseAmong(store, t + 1, qx, qy, this.groups()[lookup.group].latest);
        const shares = (_: unknown, p: number) => store.score(p, qx, qy) === choice.score;
        const positions = choice.target < 0 ? upTo(t).filter(shares) : undefined;
        return { ...choice, record: 0, tied: undefined, positions };
      }
    }
  }

  private byPosition(qx: number, qy: number, t: number, latest: boolean): Found {
    if (qx === 0 && qy === 0) {
      if (latest) return one(t, 0, t - 1, t > 0 ? 0 : Number.POSITIVE_INFINITY);
      const positions = t > 0 ? upTo(t) : undefined;
      return { ...one(t, 0, -1, Number.POSITIVE_INFINITY), target: t > 0 ? -1 : 0, shared: t + 1, positions };
    }
    // The score is a parabola in the position: its ends and what is around its vertex are all that can be first or second.
    const centre = qy === 0 ? 0 : Math.min(t, Math.max(0, Math.round(qx / qy))) || 0;
    const around = new Set<number>();
    for (let i = -3; i <= 3; i++) {
      around.add(centre + i);
      around.add(i);
      around.add(t + i);
    }
    const positions = [...around].filter((p) => p >= 0 && p <= t).sort((a, b) => a - b);
    return pick(
      positions,
      positions.map((p) => qx * (2 * p) + qy * -(p * p)),
      latest,
    );
  }

  /** Takes note of the tokens before `length`, so that later counts start near. */
  note(length: number): void {
    const { ahead, snapshots } = this;
    while (length >= snapshots.length * SNAPSHOT) {
      this.advance(ahead, snapshots.length * SNAPSHOT);
      snapshots.push({ counts: ahead.counts.slice(), last: ahead.last.slice() });
    }
  }

  private advance(counted: Counted, until: number): void {
    const { counts, last } = counted;
    const { u16, firstToken } = this.heap.store;
    for (let p = counted.until; p < until; p++) {
      const id = u16[firstToken + p];
      counts[id]++;
      last[id] = p;
    }
    counted.until = until;
  }

  /** Counts of ids among tokens 0..t. */
  private count(t: number): Counted {
    const { snapshots, counted } = this;
    const near = Math.min(snapshots.length - 1, Math.floor((t + 1) / SNAPSHOT));
    if (counted.until > t + 1 || counted.until < near * SNAPSHOT) {
      counted.until = near * SNAPSHOT;
      counted.counts.set(snapshots[near].counts);
      counted.last.set(snapshots[near].last);
    }
    this.advance(counted, t + 1);
    return counted;
  }

  private byId({ x, y }: IdKeys, qx: number, qy: number, t: number, latest: boolean): Found {
    const { counts, last } = this.count(t);
    let score = Number.NEGATIVE_INFINITY;
    let next = Number.NEGATIVE_INFINITY;
    for (let id = 0; id < this.vocabulary; id++) {
      if (counts[id] === 0) continue;
      const s = qx * x[id] + qy * y[id];
      if (s > score) {
        next = score;
        score = s;
      } else if (s < score && s > next) next = s;
    }
    const tied: [number, number][] = [];
    let shared = 0;
    let target = -1;
    let runnerUp = -1;
    for (let id = 0; id < this.vocabulary; id++) {
      if (counts[id] === 0) continue;
      const s = qx * x[id] + qy * y[id];
      if (s === score) {
        tied.push([id, counts[id]]);
        shared += counts[id];
        target = Math.max(target, last[id]);
      } else if (s === next) runnerUp = Math.max(runnerUp, last[id]);
    }
    let margin = runnerUp < 0 ? Number.POSITIVE_INFINITY : score - next;
    if (latest && shared > 1) {
      runnerUp = this.before(target, tied);
      margin = 0;
    }
    if (latest) shared = 1;
    return { target: shared > 1 ? -1 : target, shared, score, runnerUp, margin, record: 0, tied, positions: undefined };
  }

  /** The last of these ids before a position: it may lie far back. */
  private before(position: number, ids: readonly (readonly [id: number, count: number])[]): number {
    const { u16, firstToken } = this.heap.store;
    const wanted = new Uint8Array(this.vocabulary);
    for (const [id] of ids) wanted[id] = 1;
    let p = firstToken + position - 1;
    while (wanted[u16[p]] === 0) p--;
    return p - firstToken;
  }

  private byAddress(group: number, qx: number, qy: number, t: number): Found {
    const { heap } = this;
    const { low } = this.groups()[group];
    const candidates: { position: number; score: number; record: number }[] = [];
    const add = (key: number) => {
      let record = heap.recordBefore(group, key, t);
      for (let i = 0; i < 2 && record > 0; i++) {
        candidates.push({
          position: heap.field(record, RECORD.position),
          score: qx * (2 * key) + qy * -(key * key),
          record,
        });
        record = heap.field(record, RECORD.previous);
      }
    };
    const centre = Math.min(2 ** 26, Math.max(-1, Math.floor(qx / qy)));
    for (let key = centre, i = 0; i < 2; i++, key--) {
      key = heap.keyBelow(group, key, t);
      if (key < 0) break;
      add(key);
    }
    for (let key = centre + 1, i = 0; i < 2; i++, key++) {
      key = heap.keyAbove(group, key, t);
      if (key < 0) break;
      add(key);
    }
    for (const position of heap.silent(group, t, 2))
      candidates.push({ position, score: qx * low[0] + qy * low[1], record: 0 });
    candidates.sort((a, b) => a.position - b.position);
    const found = pick(
      candidates.map(({ position }) => position),
      candidates.map(({ score }) => score),
      true,
    );
    return { ...found, record: candidates.find(({ position }) => position === found.target)!.record };
  }
}

function one(target: number, score: number, runnerUp: number, margin: number): Found {
  return {
    target,
    shared: 1,
    score,
    runnerUp,
    margin: runnerUp < 0 ? Number.POSITIVE_INFINITY : margin,
    record: 0,
    tied: undefined,
    positions: undefined,
  };
}

/** The choice among candidates in the order of their positions, as the reference makes it. */
function pick(positions: readonly number[], scores: readonly number[], latest: boolean): Found {
  const keys = new Float64Array(2 * positions.length);
  scores.forEach((score, i) => {
    keys[2 * i] = score;
  });
  const choice = chooseAmong({ keys } as Parameters<typeof chooseAmong>[0], positions.length, 1, 0, latest);
  return {
    ...choice,
    target: choice.target < 0 ? -1 : positions[choice.target],
    runnerUp: choice.runnerUp < 0 ? -1 : positions[choice.runnerUp],
    record: 0,
    tied: undefined,
    positions: choice.target < 0 ? positions.filter((_, i) => scores[i] === choice.score) : undefined,
  };
}

function upTo(t: number): number[] {
  return Array.from({ length: t + 1 }, (_, p) => p);
}
