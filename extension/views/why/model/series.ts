/**
 * Values over time as a chart of steps: one for each value, evenly spaced, as writes come in bursts. Of very many so many
 * are drawn as the picture has room for, and of what is left out the lowest and the highest stay.
 */

export interface Sample {
  readonly value: string;
  readonly traceLine: number;
  readonly token: number;
}

export interface Point {
  /** Which of the samples, from 0. */
  readonly index: number;
  readonly value: number;
}

/** The number that a value begins with; NaN for what is none. An enumerator or a pointer to a text is none. */
export function numberIn(value: string): number {
  const [found] = /^[-+]?(?:0x[\da-f]+|\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?=$|[\s'])/i.exec(value) ?? [];
  return found === undefined ? Number.NaN : Number(found);
}

/** The points of a chart; undefined where not all values are numbers, or there are fewer than two. */
export function pointsOf(samples: readonly Sample[]): Point[] | undefined {
  const points: Point[] = [];
  for (const [index, sample] of samples.entries()) {
    const value = numberIn(sample.value);
    if (Number.isNaN(value)) return undefined;
    points.push({ index, value });
  }
  return points.length < 2 ? undefined : points;
}

/** At most about `most` points: of each run the first, the lowest, the highest and the last, in order. */
export function thinned(points: readonly Point[], most: number): readonly Point[] {
  if (points.length <= most) return points;
  const run = Math.ceil((4 * points.length) / most);
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += run) {
    const some = points.slice(start, start + run);
    let [low, high] = [some[0], some[0]];
    for (const point of some) {
      if (point.value < low.value) low = point;
      if (point.value > high.value) high = point;
    }
    const chosen = new Set([some[0], low, high, some[some.length - 1]]);
    kept.push(...[...chosen].sort((a, b) => a.index - b.index));
  }
  return kept;
}

/** The lowest and the highest value. */
export function rangeOf(points: readonly Point[]): [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { value } of points) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** How many samples are not later than a trace line: where the position stands among them. */
export function reached(samples: readonly Pick<Sample, 'traceLine'>[], traceLine: number): number {
  let [low, high] = [0, samples.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (samples[middle].traceLine <= traceLine) low = middle + 1;
    else high = middle;
  }
  return low;
}
