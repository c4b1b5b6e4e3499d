/**
 * The keys of one head as a cloud of points: which lie on the convex hull, towards the side that the query looks to, and
 * how many tokens have each of them. All others can never win with a query to that side, now or later.
 */
import { Envelope } from '../../../engine/transformer/envelope.ts';
import type { Pace, Work } from '../../recording/pace.ts';
import type { HeadKeys } from '../../recording/token-source.ts';

/** Tokens whose keys are read at once. */
const BATCH = 1 << 14;

/** A sample: so many stretches of so many tokens. Lines are a few tokens long, so a stretch has tokens of every kind. */
const SAMPLE = { stretches: 32, tokens: 1024 };

/** Queries are no steeper than this: positions, addresses and cells are below 2^26, their squares must be exact. */
const STEEPEST = 2 ** 26;

/** Which way a query looks. */
export interface Direction {
  /** Which number of a key goes across: the other one counts more. */
  readonly axis: 'x' | 'y';
  /** Whether the hull is that above the keys or that below them. */
  readonly sign: 1 | -1;
}

/** The direction of a query. With (0, 0) all keys are alike: any will do. */
export function directionOf([x, y]: readonly [number, number]): Direction {
  if (y !== 0 || x === 0) return { axis: 'x', sign: y < 0 ? -1 : 1 };
  return { axis: 'y', sign: x < 0 ? -1 : 1 };
}

/** The keys on the hull, in the order of the axis that goes across. */
export interface Cloud {
  /** [n]: the number that goes across, and the other one. */
  readonly across: Float64Array;
  readonly along: Float64Array;
  /** [n]: how many tokens have the key, and the last of them. */
  readonly tokens: Int32Array;
  readonly latest: Int32Array;
  /** Tokens whose keys can never win. */
  readonly below: number;
  /** Of so many keys one was looked at. */
  readonly sampled: number;
}

/** Told of every token that is looked at. */
export type Look = (token: number, x: number, y: number) => void;

/**
 * The cloud of the tokens before `until`, or of a sample of them that has those in `always`. `look` is told of the keys.
 */
export function* cloudOf(
  keys: HeadKeys,
  until: number,
  { axis, sign }: Direction,
  { sample, always, look }: { sample: boolean; always: readonly number[]; look?: Look },
  pace: Pace,
): Work<Cloud> {
  const points = new Points(sign);
  const flip = axis === 'y' ? 1 : 0;
  const take = (from: number, to: number) => {
    const read = keys.read(from, to);
    for (let token = from, i = 0; token < to; token++, i += 2) {
      points.add(token, read[i + flip], read[i + 1 - flip]);
      look?.(token, read[i], read[i + 1]);
    }
  };
  const isSampled = sample && until > 4 * SAMPLE.stretches * SAMPLE.tokens;
  if (!isSampled) {
    for (let from = 0; from < until; from += BATCH) {
      take(from, Math.min(from + BATCH, until));
      if (pace.due()) yield;
    }
    return points.cloud(1);
  }
  for (const { from, to } of sampleOf(until, always)) {
    take(from, to);
    if (pace.due()) yield;
  }
  return points.cloud(Math.round(until / (SAMPLE.stretches * SAMPLE.tokens)));
}

/** Stretches of tokens that are evenly spread, and single ones that are in none of them: in their order, none twice. */
function sampleOf(until: number, always: readonly number[]): { from: number; to: number }[] {
  const stretches = Array.from({ length: SAMPLE.stretches }, (_, i) => {
    const from = Math.floor((i * (until - SAMPLE.tokens)) / (SAMPLE.stretches - 1));
    return { from, to: from + SAMPLE.tokens };
  });
  const single = always.filter((token) => !stretches.some(({ from, to }) => token >= from && token < to));
  return [...stretches, ...single.map((token) => ({ from: token, to: token + 1 }))].sort((a, b) => a.from - b.from);
}

/** Points as they come: those that were on the hull at some time are kept, with how many tokens have them. */
class Points {
  private readonly hull: Envelope;
  private readonly sign: number;
  private length = 0;
  private keys = new Float64Array(2 * 1024);
  private tokens = new Int32Array(1024);
  private latest = new Int32Array(1024);
  private all = 0;
  /**
   * Whether all so far are (2k, -k²) with ascending k, as positions are: then each is a vertex, and the hull, which is exact
   * where doubles are not and takes its time for it, need not be asked.
   */
  private isArc: boolean;

  constructor(sign: 1 | -1) {
    this.hull = new Envelope(sign);
    this.sign = sign;
    this.isArc = sign > 0;
  }

  add(token: number, across: number, along: number): void {
    const { hull, length } = this;
    this.all++;
    if (length === this.tokens.length) this.grow();
    this.keys[2 * length] = across;
    this.keys[2 * length + 1] = along;
    if (this.isVertex()) {
      this.tokens[length] = 1;
      this.latest[length] = token;
      this.length++;
    } else if (hull.met >= 0) {
      this.tokens[hull.met]++;
      this.latest[hull.met] = Math.max(token, this.latest[hull.met]);
    }
  }

  /** Whether the point behind the last one kept is a vertex. */
  private isVertex(): boolean {
    const { hull, keys, length } = this;
    if (this.isArc) {
      const across = keys[2 * length];
      const isNext = length === 0 || across > keys[2 * length - 2];
      if (isNext && keys[2 * length + 1] === -((across / 2) ** 2)) return true;
      this.isArc = false;
      for (let i = 0; i < length; i++) hull.insert(keys, i, false);
    }
    return hull.insert(keys, length, false);
  }

  private grow(): void {
    const larger = <A extends Float64Array | Int32Array>(array: A, into: A): A => {
      into.set(array);
      return into;
    };
    this.keys = larger(this.keys, new Float64Array(2 * this.keys.length));
    this.tokens = larger(this.tokens, new Int32Array(2 * this.tokens.length));
    this.latest = larger(this.latest, new Int32Array(2 * this.latest.length));
  }

  cloud(sampled: number): Cloud {
    const { keys } = this;
    const vertices = this.withinReach(this.isArc ? upTo(this.length) : this.hull.vertices());
    const across = new Float64Array(vertices.length);
    const along = new Float64Array(vertices.length);
    let onHull = 0;
    for (let i = 0; i < vertices.length; i++) {
      across[i] = keys[2 * vertices[i]];
      along[i] = keys[2 * vertices[i] + 1];
      onHull += this.tokens[vertices[i]];
    }
    return {
      across,
      along,
      tokens: vertices.map((vertex) => this.tokens[vertex] * sampled),
      latest: vertices.map((vertex) => this.latest[vertex]),
      below: (this.all - onHull) * sampled,
      sampled,
    };
  }

  /**
   * Without what was pushed far down: at an end of the hull there may be a key that is on it, but that only a steeper query
   * than there are could choose.
   */
  private withinReach(vertices: Int32Array): Int32Array {
    const { keys, sign } = this;
    /** How steep the fall from one vertex to another is. */
    const fall = (from: number, to: number) => {
      const [a, b] = [2 * vertices[from], 2 * vertices[to]];
      return (sign * (keys[a + 1] - keys[b + 1])) / Math.abs(keys[a] - keys[b]);
    };
    let first = 0;
    let last = vertices.length - 1;
    while (first < last && fall(first + 1, first) > STEEPEST) first++;
    while (last > first && fall(last - 1, last) > STEEPEST) last--;
    return vertices.subarray(first, last + 1);
  }
}

function upTo(length: number): Int32Array {
  const all = new Int32Array(length);
  for (let i = 0; i < length; i++) all[i] = i;
  return all;
}
