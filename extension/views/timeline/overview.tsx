/** The whole run as a strip: how deep its calls are, and the window in it, which is dragged or made anew. */
/// <reference lib="dom" />
import { area as areaOf } from 'd3-shape';
import { useEffect, useRef } from 'preact/hooks';
import type { TimelineAnswer } from '../../../debug-adapter/protocol/protocol.ts';
import type { Viewport } from './model/viewport.ts';
import { clamped, type Edge, moved, type Range, tokenAt } from './model/window.ts';
import { fitted, onTheme, paintOf } from './paint.ts';

const HEIGHT = 46;

interface OverviewProps {
  answer: TimelineAnswer;
  viewport: Viewport;
  position: number;
  width: number;
}

export function Overview({ answer, viewport, position, width }: OverviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const strip = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => canvas.current && drawDepths(canvas.current, answer, position, width);
    draw();
    return onTheme(draw);
  }, [answer, position, width]);
  useEffect(() => (strip.current ? followed(strip.current, viewport) : undefined), [viewport]);
  return (
    <div class="overview" ref={strip} aria-hidden="true">
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${HEIGHT}px` }} />
      <div class="brush" data-edge="both">
        <div class="grip from" data-edge="from" />
        <div class="grip to" data-edge="to" />
      </div>
    </div>
  );
}

function drawDepths(canvas: HTMLCanvasElement, answer: TimelineAnswer, position: number, width: number): void {
  const context = fitted(canvas, width, HEIGHT);
  if (!context) return;
  const paint = paintOf(canvas);
  const { depths, first, end } = answer;
  const most = depths.reduce((a, b) => Math.max(a, b), 1);
  context.fillStyle = paint.ground;
  context.fillRect(0, 0, width, HEIGHT);
  context.fillStyle = paint.area;
  context.beginPath();
  areaOf<number>()
    .x((_, i) => (i / Math.max(depths.length - 1, 1)) * width)
    .y0(HEIGHT)
    .y1((depth) => HEIGHT - (depth / most) * (HEIGHT - 4))
    .context(context)(depths);
  context.fill();
  const x = (token: number) => ((token - first) / (end - first)) * width;
  context.fillStyle = paint.now;
  context.fillRect(width - 2, 0, 2, HEIGHT);
  context.font = paint.font;
  context.textAlign = 'right';
  context.fillText('now', width - 6, 10);
  context.fillStyle = paint.position;
  context.fillRect(Math.min(x(position), width - 1.5), 0, 1.5, HEIGHT);
}

/** The brush stands where the window is, and moves it. */
function followed(strip: HTMLDivElement, viewport: Viewport): () => void {
  const brush = strip.querySelector<HTMLElement>('.brush');
  const place = () => {
    const { range, run } = viewport;
    const part = (token: number) => (100 * (token - run.from)) / (run.to - run.from);
    if (!brush) return;
    brush.style.left = `${part(range.from)}%`;
    brush.style.width = `${part(range.to) - part(range.from)}%`;
  };
  let drag: { edge: Edge | undefined; at: number; range: Range } | undefined;
  const tokenOf = (event: PointerEvent) => {
    const { left, width } = strip.getBoundingClientRect();
    return tokenAt(viewport.run, (event.clientX - left) / width);
  };
  const down = (event: PointerEvent) => {
    const named = (event.target as HTMLElement).dataset.edge as Edge | undefined;
    const isAll = named === 'both' && viewport.range.from <= viewport.run.from && viewport.range.to >= viewport.run.to;
    drag = { edge: isAll ? undefined : named, at: tokenOf(event), range: viewport.range };
    strip.setPointerCapture(event.pointerId);
    event.preventDefault();
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const { edge, at, range } = drag;
    const token = tokenOf(event);
    if (edge) viewport.show(moved(range, viewport.run, edge, token - at));
    else if (token !== at) viewport.show({ from: Math.min(at, token), to: Math.max(at, token) });
  };
  const up = (event: PointerEvent) => {
    const { edge, at, range } = drag ?? {};
    drag = undefined;
    // A click beside the window brings it there.
    if (
      range &&
      edge === undefined &&
      tokenOf(event) === at &&
      range.to - range.from < viewport.run.to - viewport.run.from
    ) {
      const half = (range.to - range.from) / 2;
      viewport.show(clamped({ from: (at ?? 0) - half, to: (at ?? 0) + half }, viewport.run));
    }
  };
  strip.addEventListener('pointerdown', down);
  strip.addEventListener('pointermove', move);
  strip.addEventListener('pointerup', up);
  place();
  const end = viewport.onChange(place);
  return () => {
    end();
    strip.removeEventListener('pointerdown', down);
    strip.removeEventListener('pointermove', move);
    strip.removeEventListener('pointerup', up);
  };
}
