/** Calls as boxes in a window, one row for each depth; and which call a point lies in. */
import type { TimelineAnswer } from '../../../../debug-adapter/protocol/protocol.ts';
import type { Range } from './window.ts';

/** Numbers of a span in the answer: first token, the one behind its last, function, calls, bucket. */
const SPAN = 5;

/** A call, or several short ones. */
export interface Box {
  readonly from: number;
  readonly to: number;
  /** In the answer's list. */
  readonly fn: number;
  readonly calls: number;
}

/** Gives what lies in the window of one depth (from 0), as pixels: `x` and `width` within 0 and `pixels`. */
export function eachBox(
  row: readonly number[],
  { from, to }: Range,
  pixels: number,
  give: (x: number, width: number, fn: number, calls: number) => void,
): void {
  const scale = pixels / (to - from);
  for (let i = firstIn(row, from); i < row.length && row[i] < to; i += SPAN) {
    const x = Math.max((row[i] - from) * scale, 0);
    const end = Math.min((row[i + 1] - from) * scale, pixels);
    if (end > 0) give(x, Math.max(end - x, 0.75), row[i + 2], row[i + 3]);
  }
}

/** The call at a token and a depth, or else the nearest within `reach` tokens. */
export function boxAt(row: readonly number[] | undefined, token: number, reach: number): Box | undefined {
  if (!row) return undefined;
  let found: Box | undefined;
  let nearest = reach;
  for (let i = firstIn(row, token - reach); i < row.length && row[i] <= token + reach; i += SPAN) {
    const away = Math.max(row[i] - token, token - row[i + 1] + 1, 0);
    if (away > nearest) continue;
    nearest = away;
    found = { from: row[i], to: row[i + 1], fn: row[i + 2], calls: row[i + 3] };
    if (away === 0) break;
  }
  return found;
}

/** Where the first span begins that goes beyond a token. */
function firstIn(row: readonly number[], token: number): number {
  let low = 0;
  let high = row.length / SPAN;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (row[middle * SPAN + 1] <= token) low = middle + 1;
    else high = middle;
  }
  return low * SPAN;
}

/** Which colour each function has: own ones take turns, in the order of their first calls; the library's have none. */
export function colourNumbers(functions: TimelineAnswer['functions'], colours: number): number[] {
  let next = 0;
  return functions.map(({ own }) => (own ? next++ % colours : -1));
}

/** Functions (by their place in the list) by how much of the picture their calls take, the most first. */
export function byRoom({ functions, spans }: Pick<TimelineAnswer, 'functions' | 'spans'>): number[] {
  const room = functions.map(() => 0);
  for (const row of spans) for (let i = 0; i < row.length; i += SPAN) room[row[i + 2]] += row[i + 1] - row[i];
  return functions.map((_, i) => i).sort((a, b) => room[b] - room[a]);
}
