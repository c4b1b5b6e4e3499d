/** A cloud of keys thinned to the columns of a picture: each has its best key, and says how many there are. */
import type { AnswerOf } from '../../protocol/protocol.ts';
import type { Cloud } from './cloud.ts';

type Column = AnswerOf<'stepformer/hull'>['columns'][number];

export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Where the keys are. */
export function wholeOf({ across }: Cloud): Stretch {
  return { from: across[0] ?? 0, to: across[across.length - 1] ?? 0 };
}

/**
 * At most `points` columns of the window, and beside it the nearest key on either side, so that the hull goes on there.
 * `score` is that of a key by its two numbers in the picture.
 */
export function columnsOf(
  { across, along, tokens, latest }: Cloud,
  { from, to }: Stretch,
  points: number,
  score: (across: number, along: number) => number,
): Column[] {
  const columns: Column[] = [];
  const first = Math.max(firstNotBelow(across, from) - 1, 0);
  const width = (to - from) / points;
  const place = (at: number) => {
    if (at < from) return -1;
    return at > to ? points : Math.min(Math.floor((at - from) / width), points - 1);
  };
  let last = Number.NaN;
  for (let i = first; i < across.length; i++) {
    // A window of no width has one column.
    const at = width > 0 ? place(across[i]) : 0;
    const here = { across: across[i], score: score(across[i], along[i]), token: latest[i] };
    const column = columns.at(-1);
    if (column && at === last) {
      column.places++;
      column.tokens += tokens[i];
      if (here.score > column.score) Object.assign(column, here);
    } else columns.push({ ...here, places: 1, tokens: tokens[i] });
    last = at;
    if (across[i] > to) break;
  }
  return columns;
}

/** How many tokens have a key; 0 for one that is not on the hull. */
export function tokensAt({ across, along, tokens }: Cloud, at: number, height: number): number {
  const i = firstNotBelow(across, at);
  return across[i] === at && along[i] === height ? tokens[i] : 0;
}

/** Index of the first number that is not below a limit, in an ascending list. */
function firstNotBelow(numbers: Float64Array, limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
