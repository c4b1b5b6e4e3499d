/**
 * The pattern of a head as points: a token is a place from left to right, what it attended to is how far down: the more
 * tokens ago, the lower, by powers of ten; the prompt at the bottom, averages at the top.
 */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { HeadPattern } from '../../../../debug-adapter/protocol/protocol.ts';

/** What is drawn of a token. */
export interface Dot {
  readonly row: HeadPattern['rows'][number];
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A distance that is written at the side. */
export interface Tick {
  readonly text: string;
  readonly y: number;
}

/** Room above for averages, and below for the prompt. */
const EDGE = 14;
const SIDE = 8;

export function plot(pattern: HeadPattern, { width, height }: Size): { dots: Dot[]; ticks: Tick[] } {
  const { first, end, prompt, rows } = pattern;
  const x = scaleLinear([first, Math.max(end - 1, first + 1)], [SIDE, width - SIDE]);
  const most = Math.max(10, ...rows.map(({ token, target }) => (target >= prompt ? token - target : 0)));
  const y = scaleLog([1, most], [EDGE, height - 2 * EDGE]);
  const depth = ({ token, target }: Dot['row']) => {
    if (target < 0) return EDGE / 2;
    return target < prompt ? height - EDGE / 2 : y(Math.max(token - target, 1));
  };
  const ticks = y
    .ticks()
    .filter((distance) => Number.isInteger(Math.log10(distance)))
    .map((distance) => ({ text: distance.toLocaleString('en'), y: y(distance) }));
  return {
    dots: rows.map((row) => ({ row, x: x(row.token), y: depth(row) })),
    ticks: [...ticks, { text: 'prompt', y: height - EDGE / 2 }],
  };
}

/** The trace lines that are shown: so many, up to the position and, if they are more than there are, behind it. */
export function windowAround(position: number, reached: number, lines: number): { from: number; to: number } {
  const to = Math.min(reached + 1, Math.max(position + 1, lines));
  return { from: Math.max(0, to - lines), to };
}

/** How many lines a window may have. */
export const LINES = [8, 64, 512, 4096, 32_768, 1_000_000_000] as const;
