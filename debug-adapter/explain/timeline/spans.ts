/**
 * Calls as a picture of so many columns can show them: those that fill a column are told as they are, shorter ones of one
 * depth together, as the function that takes most of it. What comes out is bounded by columns and depths, however
 * many calls there are.
 */

/** Numbers of a span: see the protocol. */
export const SPAN = 5;

/** Depths that are told call by call: of deeper ones it is only told that they are. */
const MOST_DEPTHS = 400;

/** Where calls are drawn: the tokens from `from` up to but not including `to`, in so many buckets. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly buckets: number;
}

/** Short calls of one depth that begin in one bucket. */
interface Crumbs {
  bucket: number;
  from: number;
  to: number;
  calls: number;
  /** By function, how many tokens. */
  readonly tokens: Map<number, number>;
}

/** See the file's comment. */
export class Spans {
  /** Per bucket: the deepest call. */
  readonly depths: number[];
  private readonly rows: number[][] = [];
  private readonly crumbs: (Crumbs | undefined)[] = [];
  private readonly window: Window;
  private readonly width: number;

  constructor(window: Window) {
    this.window = window;
    this.width = (window.to - window.from) / window.buckets;
    this.depths = new Array<number>(window.buckets).fill(0);
  }

  /** A call from a token up to but not including another, behind all that began before it. `depth`: from 1. */
  add(depth: number, from: number, to: number, fn: number): void {
    const first = this.bucketOf(Math.max(from, this.window.from));
    const last = this.bucketOf(Math.min(to, this.window.to) - 1);
    for (let bucket = first; bucket <= last; bucket++) {
      if (this.depths[bucket] < depth) this.depths[bucket] = depth;
    }
    if (depth > MOST_DEPTHS) return;
    while (this.rows.length < depth) this.rows.push([]);
    if (to - from >= this.width) {
      this.flush(depth);
      this.rows[depth - 1].push(from, to, fn, 1, first);
    } else {
      this.crumble(depth, from, to, fn, first);
    }
  }

  /** The rows, the outermost first. */
  end(): number[][] {
    for (let depth = 1; depth <= this.rows.length; depth++) this.flush(depth);
    return this.rows;
  }

  private bucketOf(token: number): number {
    return Math.min(Math.max(Math.floor((token - this.window.from) / this.width), 0), this.window.buckets - 1);
  }

  private crumble(depth: number, from: number, to: number, fn: number, bucket: number): void {
    let crumbs = this.crumbs[depth - 1];
    if (crumbs && crumbs.bucket !== bucket) {
      this.flush(depth);
      crumbs = undefined;
    }
    crumbs ??= { bucket, from, to, calls: 0, tokens: new Map() };
    crumbs.to = to;
    crumbs.calls++;
    crumbs.tokens.set(fn, (crumbs.tokens.get(fn) ?? 0) + to - from);
    this.crumbs[depth - 1] = crumbs;
  }

  /** Short calls become a span, or a part of the one before that looks the same. */
  private flush(depth: number): void {
    const crumbs = this.crumbs[depth - 1];
    if (!crumbs) return;
    this.crumbs[depth - 1] = undefined;
    const { bucket, from, to, calls, tokens } = crumbs;
    const [most] = [...tokens].reduce((a, b) => (b[1] > a[1] ? b : a));
    const row = this.rows[depth - 1];
    const last = row.length - SPAN;
    const goesOn = last >= 0 && row[last + 2] === most && from - row[last + 1] < this.width / 2;
    if (goesOn && (row[last + 3] > 1 || row[last + 1] - row[last] < this.width)) {
      row[last + 1] = to;
      row[last + 3] += calls;
    } else {
      row.push(from, to, most, calls, bucket);
    }
  }
}
