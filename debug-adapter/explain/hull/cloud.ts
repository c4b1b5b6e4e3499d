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
  for (const token of always) take(token, token + 1);
  for (let i = 0; i < SAMPLE.stretches; i++) {
    const from = Math.floor((i * (until - SAMPLE.tokens)) / (SAMPLE.stretches - 1));
    take(from, from + SAMPLE.tokens);
    if (pace.due()) yield;
  }
  return points.cloud(Math.round(until / (SAMPLE.stretches * SAMPLE.tokens)));
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

  constructor(sign: 1 | -1) {
    this.hull = new Envelope(sign);
    this.sign = sign;
  }

  add(token: number, across: number, along: number): void {
    const { hull, length } = this;
    this.all++;
    if (length === this.tokens.length) this.grow();
    this.keys[2 * length] = across;
    this.keys[2 * length + 1] = along;
    if (hull.insert(this.keys, length, false)) {
      this.tokens[length] = 1;
      this.latest[length] = token;
      this.length++;
    } else if (hull.met >= 0) {
      this.tokens[hull.met]++;
      this.latest[hull.met] = Math.max(token, this.latest[hull.met]);
    }
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
    const vertices = this.withinReach(this.hull.vertices());
    const tokens = Int32Array.from(vertices, (vertex) => this.tokens[vertex]);
    const onHull = tokens.reduce((sum, count) => sum + count, 0);
    return {
      across: Float64Array.from(vertices, (vertex) => this.keys[2 * vertex]),
      along: Float64Array.from(vertices, (vertex) => this.keys[2 * vertex + 1]),
      tokens: tokens.map((count) => count * sampled),
      latest: Int32Array.from(vertices, (vertex) => this.latest[vertex]),
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
