/** Draws the window on a canvas: calls as boxes, the tracks below them, and the lines of position and pointer across all. */
/// <reference lib="dom" />
import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { curveStepAfter, line as lineOf } from 'd3-shape';
import { number } from '../dom.ts';
import { amount } from '../parts/chips.tsx';
import { boxAt, colourNumbers, eachBox } from './model/boxes.ts';
import { type Content, type Mark, rowHeight, type Track } from './model/tracks.ts';
import type { Range } from './model/window.ts';
import { COLOURS, type Paint } from './paint.ts';

/** What is drawn. */
export interface Scene extends Content {
  readonly tracks: readonly Track[];
  readonly range: Range;
  readonly position: number;
  /** The token under pointer or keyboard, and at which depth. */
  readonly cursor?: { readonly token: number; readonly depth?: number };
  /** The token that views have selected. */
  readonly selected?: number;
  readonly width: number;
  readonly height: number;
}

/** From this height on a row of calls has names. */
const READABLE = 9;

/** Pixels of a line of the trace. */
const LINE_HEIGHT = 14;

/** Pixels of a label that is worth drawing. */
const LEAST_LABEL = 24;

export function drawScene(context: CanvasRenderingContext2D, scene: Scene, paint: Paint): void {
  const { tracks, range, width } = scene;
  const x = scaleLinear([range.from, range.to], [0, width]);
  context.font = paint.font;
  context.textBaseline = 'middle';
  drawGrid(context, scene, x, paint);
  for (const track of tracks) {
    if (track.kind !== 'calls' && track.kind !== 'axis') {
      context.fillStyle = paint.ground;
      context.fillRect(0, track.top, width, track.height);
    }
    DRAW[track.kind](context, scene, track, paint, x);
  }
  drawLines(context, scene, paint, x);
}

type Scale = ScaleLinear<number, number>;

type Draw = (context: CanvasRenderingContext2D, scene: Scene, track: Track, paint: Paint, x: Scale) => void;

const DRAW: Record<Track['kind'], Draw> = {
  calls: drawCalls,
  axis: drawAxis,
  output: drawOutput,
  breakpoint: drawHits,
  print: drawPrint,
  branches: drawBranches,
  moments: drawMoments,
};

function drawCalls(context: CanvasRenderingContext2D, scene: Scene, { top }: Track, paint: Paint): void {
  const { answer, range, width } = scene;
  const { functions, spans } = answer;
  const high = rowHeight(scene);
  const colours = colourNumbers(functions, COLOURS);
  const box = Math.max(high - (high >= 4 ? 1 : 0), 0.5);
  const labels: { text: string; x: number; y: number }[] = [];
  const letter = context.measureText('m').width;
  spans.forEach((row, depth) => {
    const y = top + depth * high;
    context.globalAlpha = depth % 2 === 1 ? 0.84 : 1;
    eachBox(row, range, width, (x, wide, fn, calls) => {
      const colour = colours[fn];
      context.fillStyle = colour < 0 ? paint.library : paint.functions[colour];
      context.fillRect(x, y, wide > 3 ? wide - 0.5 : wide, box);
      if (high < READABLE || wide < LEAST_LABEL || calls > 1) return;
      const text = shortened(functions[fn].name, Math.floor((wide - 6) / letter));
      if (text) labels.push({ text, x: x + 4, y: y + high / 2 - 0.5 });
    });
  });
  context.globalAlpha = 1;
  context.fillStyle = paint.onFunction;
  for (const { text, x, y } of labels) context.fillText(text, x, y);
  outline(context, scene, top, high, paint);
}

/** The call under the pointer. */
function outline(context: CanvasRenderingContext2D, scene: Scene, top: number, high: number, paint: Paint): void {
  const { answer, range, width, cursor } = scene;
  if (cursor?.depth === undefined) return;
  const scale = width / (range.to - range.from);
  const found = boxAt(answer.spans[cursor.depth], cursor.token, 2 / scale);
  if (!found) return;
  const left = Math.max((found.from - range.from) * scale, 0);
  const right = Math.min((found.to - range.from) * scale, width);
  context.strokeStyle = paint.position;
  context.strokeRect(left + 0.5, top + cursor.depth * high + 0.5, Math.max(right - left - 1, 1), Math.max(high - 1, 1));
}

/** Lines behind everything, where the axis has numbers. */
function drawGrid(context: CanvasRenderingContext2D, { width, tracks }: Scene, scale: Scale, paint: Paint): void {
  const axis = tracks.find(({ kind }) => kind === 'axis');
  context.fillStyle = paint.line;
  for (const token of ticksOf(scale, width)) context.fillRect(Math.round(scale(token)), 0, 1, axis?.top ?? 0);
}

function drawAxis(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { top, height }: Track,
  paint: Paint,
  x: Scale,
): void {
  const { width } = scene;
  const ticks = ticksOf(x, width);
  const isFine = ticks.length < 2 || ticks[1] - ticks[0] < 100_000;
  context.textAlign = 'center';
  context.fillStyle = paint.faint;
  for (const token of ticks) {
    const at = Math.round(x(token));
    if (at > 24 && at < width - 24) context.fillText(isFine ? number(token) : amount(token), at, top + 7);
  }
  context.textAlign = 'left';
  drawLinesOfTrace(context, scene, top + height - LINE_HEIGHT, paint, x);
}

/** The trace's own lines, when they can be told apart: as they read, where there is room. */
function drawLinesOfTrace(
  context: CanvasRenderingContext2D,
  { answer: { lines, to }, width }: Scene,
  y: number,
  paint: Paint,
  x: Scale,
): void {
  const letter = context.measureText('m').width;
  lines.forEach(({ token, text }, i) => {
    const left = Math.max(x(token), 0);
    const right = Math.min(x(lines[i + 1]?.token ?? to), width);
    if (right <= left) return;
    context.fillStyle = paint.ground;
    context.fillRect(left, y, right - left - 1, LINE_HEIGHT);
    context.fillStyle = paint.faint;
    context.fillRect(left, y, 1, LINE_HEIGHT);
    context.fillText(shortened(text, Math.floor((right - left - 6) / letter)), left + 4, y + LINE_HEIGHT / 2);
  });
}

const ticksOf = (scale: Scale, width: number) => scale.ticks(Math.max(Math.floor(width / 130), 2));

/** All of a name, or enough of it to know it by. */
function shortened(name: string, letters: number): string {
  if (name.length <= letters) return name;
  return letters >= 5 ? `${name.slice(0, letters - 1)}…` : '';
}

function drawOutput(
  context: CanvasRenderingContext2D,
  { answer, width }: Scene,
  { top, height }: Track,
  paint: Paint,
  x: Scale,
): void {
  for (const { token, category } of answer.output) {
    const at = x(token);
    if (at < -2 || at > width + 2) continue;
    context.fillStyle = category === 'stderr' ? paint.error : paint.text;
    context.fillRect(at - 1, top + 4, 2, height - 8);
  }
}

function drawHits(
  context: CanvasRenderingContext2D,
  { answer, width, range }: Scene,
  { top, height, index }: Track,
  paint: Paint,
  x: Scale,
): void {
  const { hits, conditional } = answer.breakpoints[index];
  const next = (2 * (range.to - range.from)) / width;
  context.fillStyle = paint.breakpoint;
  context.globalAlpha = conditional ? 0.6 : 1;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < hits.length; i += 2) {
    if (hits[i] < range.from - next || hits[i] > range.to + next || hits[i] - last < next / 2) continue;
    last = hits[i];
    context.beginPath();
    context.arc(x(last), top + height / 2, hits[i + 1] > 1 ? 4.5 : 3.5, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawPrint(
  context: CanvasRenderingContext2D,
  { prints, range, width }: Scene,
  { top, height, index }: Track,
  paint: Paint,
  x: Scale,
): void {
  const { points, least, greatest } = prints[index];
  const known = points.flatMap(({ token, height: value }) => (value === undefined ? [] : [{ token, value }]));
  const before = known.findLastIndex(({ token }) => token < range.from);
  const behind = known.findIndex(({ token }) => token > range.to);
  const seen = known.slice(Math.max(before, 0), behind < 0 ? undefined : behind + 1);
  const y = (value: number) => top + height - 5 - value * (height - 10);
  const path = lineOf<(typeof known)[number]>(
    ({ token }) => x(token),
    ({ value }) => y(value),
  );
  context.strokeStyle = paint.printed;
  context.fillStyle = paint.printed;
  context.beginPath();
  path.curve(curveStepAfter).context(context)(seen);
  context.stroke();
  if (seen.length <= width / 6) {
    for (const { token, value } of seen) {
      context.beginPath();
      context.arc(x(token), y(value), 2, 0, 2 * Math.PI);
      context.fill();
    }
  }
  if (least === undefined || greatest === undefined) return;
  context.textAlign = 'right';
  context.fillStyle = paint.faint;
  context.fillText(String(greatest), width - 3, top + 8);
  if (least !== greatest) context.fillText(String(least), width - 3, top + height - 7);
  context.textAlign = 'left';
}

function drawBranches(
  context: CanvasRenderingContext2D,
  { branches, width }: Scene,
  { top, height }: Track,
  paint: Paint,
  x: Scale,
): void {
  const y = top + 8;
  context.fillStyle = paint.faint;
  context.fillRect(0, y, width, 1);
  context.strokeStyle = paint.whatIf;
  context.fillStyle = paint.whatIf;
  for (const { kind, token, text } of branches) {
    const at = x(token);
    if (at < -400 || at > width + 8) continue;
    context.beginPath();
    context.arc(at, y, 3.5, 0, 2 * Math.PI);
    context.fill();
    const below = top + height - 9;
    if (kind === 'fork') {
      context.beginPath();
      context.moveTo(at, y);
      context.bezierCurveTo(at + 10, y, at + 4, below, at + 18, below);
      context.lineTo(Math.min(at + 30 + context.measureText(text).width, width), below);
      context.stroke();
    }
    context.fillText(text, at + 22, kind === 'fork' ? below - 7 : y + 7);
  }
}

function drawMoments(
  context: CanvasRenderingContext2D,
  { moments, width }: Scene,
  { top, height }: Track,
  paint: Paint,
  x: Scale,
): void {
  const seen = moments.map((mark) => ({ ...mark, at: x(mark.token) })).filter(({ at }) => at > -8 && at < width + 8);
  seen.sort((a, b) => a.at - b.at);
  seen.forEach(({ kind, text, at }, i) => {
    context.fillStyle = paint.text;
    drawFlag(context, kind, at, top + height / 2);
    const room = (seen[i + 1]?.at ?? width) - at - 14;
    const letters = Math.floor(room / context.measureText('m').width);
    if (letters < 4) return;
    context.fillText(text.length > letters ? `${text.slice(0, letters - 1)}…` : text, at + 8, top + height / 2);
  });
}

function drawFlag(context: CanvasRenderingContext2D, kind: Mark['kind'], x: number, y: number): void {
  context.beginPath();
  if (kind === 'bookmark') {
    context.moveTo(x - 4, y - 6);
    context.lineTo(x + 4, y - 6);
    context.lineTo(x + 4, y + 6);
    context.lineTo(x, y + 2);
    context.lineTo(x - 4, y + 6);
  } else {
    context.moveTo(x, y - 5);
    context.lineTo(x + 5, y);
    context.lineTo(x, y + 5);
    context.lineTo(x - 5, y);
  }
  context.closePath();
  context.fill();
}

/** Across all tracks: where one is, where one points, what is selected, where the run ends so far. */
function drawLines(
  context: CanvasRenderingContext2D,
  { position, cursor, selected, answer, height, width }: Scene,
  paint: Paint,
  x: Scale,
): void {
  const across = (token: number, colour: string, wide: number) => {
    const at = x(token);
    if (at < -1 || at > width + 1) return;
    context.fillStyle = colour;
    context.fillRect(Math.min(Math.round(at), width - wide), 0, wide, height);
  };
  across(answer.end, paint.now, 2);
  if (selected !== undefined && selected !== position) across(selected, paint.selected, 1);
  if (cursor) across(cursor.token, paint.faint, 1);
  across(position, paint.position, 1.5);
  const at = x(position);
  context.fillStyle = paint.position;
  context.beginPath();
  context.moveTo(at - 5, 0);
  context.lineTo(at + 6, 0);
  context.lineTo(at + 0.5, 7);
  context.fill();
}
