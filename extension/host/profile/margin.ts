/** How a profile is told: beside the lines of a source, and as rows of a table of functions. */
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';

export type Profile = AnswerOf<'stepformer/profile'>;

/** How much of the tokens a line took, for its colour. */
export type Heat = 'hot' | 'warm' | 'cool';

/** Shares of all tokens from which on a line is warm or hot. */
const WARM = 0.02;
const HOT = 0.1;

/** Characters in front of a line: a count of up to `9,999,999`, a share of up to `100 %`, and the bar. */
export const WIDTH = 18;
const COUNT = 10;
const SHARE = 6;

/** 12345 as 12,345. */
const number = (value: number): string => value.toLocaleString('en');

/** Wide as a digit, and never taken away. */
const SPACE = '\u00a0';
const BAR = '▎';

export function heatOf(tokens: number, all: number): Heat {
  const share = all > 0 ? tokens / all : 0;
  return share >= HOT ? 'hot' : share >= WARM ? 'warm' : 'cool';
}

/** What stands in front of a line: how often it was executed and its share of all tokens; nothing where it never was. */
export function marginOf({ count, tokens }: { count: number; tokens: number }, all: number): string {
  if (count === 0) return SPACE.repeat(WIDTH);
  const times = `×${number(count)}`.padStart(COUNT, SPACE);
  return `${times}${shareOf(tokens, all).padStart(SHARE + 1, SPACE)}${BAR}`;
}

/** The same for a hover, in words. */
export function wordsOf({ count, tokens }: { count: number; tokens: number }, all: number): string {
  if (count === 0) return 'Not executed so far.';
  const times = count === 1 ? 'once' : `${number(count)} times`;
  const each = count === 1 ? '' : `, ${number(Math.round(tokens / count))} each time`;
  return `Executed ${times}: ${number(tokens)} tokens${each}; ${shareOf(tokens, all)} of all.`;
}

/** A function's row; `detail`: the numbers. */
export function rowOf(
  { name, calls, own, total }: Profile['functions'][number],
  all: number,
): { label: string; detail: string } {
  const times = calls === 1 ? 'one call' : `${number(calls)} calls`;
  const detail = `${shareOf(total, all)} in all (${number(total)} tokens) · ${shareOf(own, all)} itself (${number(own)}) · ${times}`;
  return { label: name, detail };
}

/** In percent, with a digit behind the point below ten. */
function shareOf(tokens: number, all: number): string {
  const percent = all > 0 ? (100 * tokens) / all : 0;
  if (percent > 0 && percent < 0.1) return `<0.1${SPACE}%`;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)}${SPACE}%`;
}
