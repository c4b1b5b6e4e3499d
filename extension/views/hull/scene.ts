/**
 * What the Hull view draws, in pixels: dots for keys on the hull, squares for the tokens behind the latest of each, the line
 * at right angles to the query. Up is the query's direction: the height of a point is its score.
 */
import { scaleLinear } from 'd3-scale';
import type { HullAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import { askedFor } from './words.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A stretch of the axis across. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly column: HullAnswer['columns'][number];
  /** Squares that hang below, each for up to `Scene.unit` tokens. */
  readonly squares: number;
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

export interface Scene {
  readonly size: Size;
  readonly dots: readonly Dot[];
  /** Side of a square, in pixels, and how many tokens one stands for. */
  readonly side: number;
  readonly unit: number;
  /** Height of the tangent. */
  readonly tangent: number;
  readonly winner?: Spot;
  readonly runnerUp?: Spot;
  /** Where the query's arrow stands. */
  readonly arrow: number;
}

/** Room above the tangent for labels, at the sides, and below for the arrow's. */
const TOP = 58;
const SIDE = 14;
const BOTTOM = 64;
/** Squares of a column at most. */
const ROWS = 14;
const SQUARE = { least: 3, most: 10, gap: 1 };

/** The window in which everything is to be seen, with some room at its sides. */
export function roomy({ from, to }: Window): Window {
  const room = Math.max((to - from) * 0.04, 1);
  return { from: from - room, to: to + room };
}

/** The axis across, in pixels. */
export function axisAcross({ from, to }: Window, { width }: Size) {
  return scaleLinear([from, to], [SIDE, Math.max(width - SIDE, SIDE + 1)]);
}

export function sceneOf(answer: HullAnswer, window: Window, size: Size): Scene {
  const { columns, score: best, winner, runnerUp } = answer;
  const x = axisAcross(window, size);
  const inside = columns.filter(({ across }) => across >= window.from && across <= window.to);
  const deepest = Math.max(...inside.map(({ score }) => best - score), 0);
  const y = scaleLinear([0, deepest || 1], [TOP, Math.max(size.height - BOTTOM, TOP + 1)]);
  const most = Math.max(...inside.map(({ tokens, places }) => tokens - places), 0);
  const unit = roundUp(most / ROWS);
  const at = ({ across, score }: { across: number; score: number }): Spot => ({ x: x(across), y: y(best - score) });
  const dots = columns.map((column) => {
    return { ...at(column), column, squares: Math.ceil((column.tokens - column.places) / unit) };
  });
  const spread = size.width / Math.max(inside.length, 1) - SQUARE.gap;
  return {
    size,
    dots,
    side: Math.min(Math.max(Math.floor(spread), SQUARE.least), SQUARE.most),
    unit,
    tangent: y(0),
    ...(winner ? { winner: at(winner) } : {}),
    ...(runnerUp ? { runnerUp: at(runnerUp) } : {}),
    arrow: x(askedFor(answer) ?? winner?.across ?? (window.from + window.to) / 2),
  };
}

/** 1, 2 or 5 with zeros behind: the least that is not less. */
export function roundUp(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

/** The dot that is nearest to a place across, within reach; of several at one place, the last drawn. */
export function nearest({ dots }: Scene, x: number): Dot | undefined {
  let found: Dot | undefined;
  for (const dot of dots) {
    if (Math.abs(dot.x - x) <= Math.min(found ? Math.abs(found.x - x) : 12, 12)) found = dot;
  }
  return found;
}

/** The window after a zoom: `scale` times as near as `whole`, `shift` pixels to the right, in a picture of some size. */
export function zoomed(whole: Window, scale: number, shift: number, size: Size): Window {
  const x = axisAcross(whole, size);
  const place = (pixel: number) => x.invert((pixel - shift) / scale);
  return { from: place(SIDE), to: place(size.width - SIDE) };
}
