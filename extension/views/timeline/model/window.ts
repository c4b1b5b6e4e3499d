/**
 * The window that one looks at: a stretch of tokens inside of the run. Pure arithmetic: zooming keeps the token under the
 * pointer where it is, nothing leaves the run, and nothing gets narrower than a few tokens.
 */

/** Tokens from `from` up to but not including `to`; between two tokens while zooming. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Tokens that one cannot zoom beyond. */
export const NARROWEST = 24;

/** What of a window is moved. */
export type Edge = 'from' | 'to' | 'both';

export const widthOf = ({ from, to }: Range): number => to - from;

/** A range of its width inside of the run, or all of the run. */
export function clamped(range: Range, run: Range): Range {
  const width = Math.min(Math.max(widthOf(range), Math.min(NARROWEST, widthOf(run))), widthOf(run));
  const from = Math.min(Math.max(range.from, run.from), run.to - width);
  return { from, to: from + width };
}

/** Narrower by a factor (wider below 1), with one token staying where it is. */
export function zoomed({ from, to }: Range, run: Range, factor: number, around: number): Range {
  const width = Math.min(Math.max((to - from) / factor, Math.min(NARROWEST, widthOf(run))), widthOf(run));
  const part = (around - from) / (to - from);
  const start = around - part * width;
  return clamped({ from: start, to: start + width }, run);
}

/** Moved by so many tokens, or one of its edges. */
export function moved({ from, to }: Range, run: Range, edge: Edge, by: number): Range {
  if (edge === 'both') return clamped({ from: from + by, to: to + by }, run);
  const least = Math.min(NARROWEST, widthOf(run));
  if (edge === 'from') return { from: Math.min(Math.max(from + by, run.from), to - least), to };
  return { from, to: Math.max(Math.min(to + by, run.to), from + least) };
}

/** Around a token, if it is not in sight. */
export function showing(range: Range, run: Range, token: number): Range {
  if (token >= range.from && token < range.to) return range;
  const half = widthOf(range) / 2;
  return clamped({ from: token - half, to: token + half }, run);
}

/** The run has grown: what showed all of it, or followed its end, goes on doing so. */
export function grown(range: Range, before: Range, run: Range): Range {
  const followed = range.to >= before.to;
  if (followed && range.from <= before.from) return run;
  return clamped(followed ? { from: range.from + run.to - before.to, to: run.to } : range, run);
}

/** What is asked for so that a window can be drawn: more on both sides, for what comes next. */
export function asked(range: Range, run: Range): Range {
  const more = widthOf(range) / 2;
  return { from: Math.max(Math.floor(range.from - more), run.from), to: Math.min(Math.ceil(range.to + more), run.to) };
}

/** Whether an answer for one range shows a window well: it reaches all of it, and is not much coarser. */
export function serves(answered: Range, range: Range, run: Range): boolean {
  const isWhole = answered.from <= Math.max(range.from, run.from) && answered.to >= Math.min(range.to, run.to);
  return isWhole && widthOf(answered) <= 3 * Math.max(widthOf(range), NARROWEST);
}

/** The token at a part of the width. */
export function tokenAt({ from, to }: Range, part: number): number {
  return Math.floor(from + Math.min(Math.max(part, 0), 1) * (to - from));
}
