/** The picture of the window: a canvas that mouse and keyboard work on, with what is under the pointer told beside it. */
/// <reference lib="dom" />
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { number } from '../dom.ts';
import { distance } from '../parts/chips.tsx';
import { drawScene, type Scene } from './draw.ts';
import { boxAt } from './model/boxes.ts';
import {
  type Content,
  chainText,
  heightOf,
  rowHeight,
  type Target,
  type Track,
  targetAt,
  trackAt,
} from './model/tracks.ts';
import type { Viewport } from './model/viewport.ts';
import { moved, showing, tokenAt, widthOf, zoomed } from './model/window.ts';
import { fitted, onTheme, type Paint, paintOf } from './paint.ts';
import { framed, pointing } from './pointing.ts';
import { Tooltip } from './tooltip.tsx';
import { useMoment } from './use-run.ts';

/** Pixels beside something that still mean it. */
const REACH = 5;

/** How much of the width an arrow key goes; with Shift it is ten times as much. */
const STEP = 1 / 200;

interface ChartProps {
  content: Content;
  tracks: readonly Track[];
  viewport: Viewport;
  position: number;
  selected?: number;
  width: number;
  travel(token: number): void;
  /** Many times in a row: the latest counts. */
  scrub(token: number): void;
  back(): void;
  branch(id: number): void;
}

/** What the pointer, or the keyboard, is at. */
interface Cursor {
  token: number;
  x: number;
  y: number;
  depth?: number;
  target?: Target;
  isKeyboard?: boolean;
}

export function Chart(props: ChartProps) {
  const { content, tracks, viewport, position, width } = props;
  const picture = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [cursor, setCursor] = useState<Cursor>();
  const moment = useMoment(cursor?.token);
  const height = heightOf(tracks);
  const scene = useMemo<Omit<Scene, 'range'>>(
    () => ({ ...content, tracks, position, selected: props.selected, cursor, width, height }),
    [content, tracks, position, props.selected, cursor, width, height],
  );
  useDrawing(canvas, viewport, scene);

  const at = (x: number, y: number): Cursor => cursorAt(props, x, y);
  const actions = {
    hover: (x: number, y: number) => setCursor(at(x, y)),
    leave: () => setCursor(undefined),
    click: (x: number, y: number) => {
      const { token, target } = at(x, y);
      if (target?.branch !== undefined) props.branch(target.branch);
      else props.travel(target?.token ?? token);
    },
    enter: (x: number, y: number) => {
      const { token, depth } = at(x, y);
      const box = depth === undefined ? undefined : boxAt(content.answer.spans[depth], token, reachOf(props));
      if (box) viewport.show(framed(box));
    },
    scrub: (x: number) => props.scrub(tokenAt(viewport.range, x / width)),
  };
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(
    () => (picture.current ? pointing(picture.current, viewport, () => latest.current) : undefined),
    [viewport, width],
  );

  const move = (token: number) => {
    const { range, run } = viewport;
    const within = Math.min(Math.max(token, run.from), run.to - 1);
    viewport.show(showing(range, run, within));
    const x = ((within - viewport.range.from) / widthOf(viewport.range)) * width;
    setCursor({ token: within, x, y: 0, isKeyboard: true });
  };
  const here = cursor?.token ?? position;
  const keys = (event: KeyboardEvent) => {
    if (!pressed(event, { ...props, here, move, clear: () => setCursor(undefined), isPointing: cursor !== undefined }))
      return;
    event.preventDefault();
    event.stopPropagation();
  };
  const where = moment ? `${chainText(moment.chain)}, ${distance(here, position)}` : distance(here, position);
  return (
    <div
      class="picture"
      ref={picture}
      role="slider"
      tabIndex={0}
      aria-label="Moment in the run. Arrows move, plus and minus zoom, Enter travels, Escape goes back."
      aria-valuemin={viewport.run.from}
      aria-valuemax={viewport.run.to}
      aria-valuenow={here}
      aria-valuetext={`token ${number(here)}: ${where}`}
      style={{ height: `${height}px` }}
      onKeyDown={keys}
      onBlur={() => setCursor(undefined)}
    >
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
      {cursor && <Tooltip {...cursor} width={width} content={content} moment={moment} position={position} />}
    </div>
  );
}

const reachOf = ({ viewport, width }: ChartProps) => (REACH * widthOf(viewport.range)) / width;

function cursorAt(props: ChartProps, x: number, y: number): Cursor {
  const { viewport, width, content, tracks } = props;
  const token = tokenAt(viewport.range, x / width);
  const track = trackAt(tracks, y);
  if (track?.kind !== 'calls') {
    const target = track && targetAt(content, track, token, reachOf(props));
    return { token: target?.token ?? token, x, y, target };
  }
  const { spans } = content.answer;
  const depth = Math.floor((y - track.top) / rowHeight(content));
  return { token, x, y, ...(depth < spans.length ? { depth } : {}) };
}

/** Draws the scene at the next frame after it, the window or the theme has changed. */
function useDrawing(
  canvas: { readonly current: HTMLCanvasElement | null },
  viewport: Viewport,
  scene: Omit<Scene, 'range'>,
): void {
  const shown = useRef(scene);
  const paint = useRef<Paint>(undefined);
  const frame = useRef(0);
  const draw = () => {
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      if (!canvas.current) return;
      const { width, height } = shown.current;
      const context = fitted(canvas.current, width, height);
      paint.current ??= paintOf(canvas.current);
      if (context) drawScene(context, { ...shown.current, range: viewport.range }, paint.current);
    });
  };
  useEffect(() => {
    shown.current = scene;
    draw();
  }, [scene]);
  useEffect(() => {
    const ends = [
      viewport.onChange(draw),
      onTheme(() => {
        paint.current = undefined;
        draw();
      }),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [viewport]);
}

interface Keyed extends ChartProps {
  here: number;
  isPointing: boolean;
  move(token: number): void;
  clear(): void;
}

/** Does what a key stands for; false for keys that stand for nothing. */
function pressed({ key, shiftKey, altKey }: KeyboardEvent, { viewport, here, ...props }: Keyed): boolean {
  if (altKey) return false;
  const { range, run } = viewport;
  const step = Math.max(Math.round(widthOf(range) * STEP * (shiftKey ? 10 : 1)), 1);
  const zoom = (factor: number) => viewport.show(zoomed(range, run, factor, here));
  const page = (by: number) => viewport.show(moved(range, run, 'both', by * widthOf(range)));
  const acts: Record<string, () => void> = {
    ArrowLeft: () => props.move(here - step),
    ArrowRight: () => props.move(here + step),
    Home: () => props.move(run.from),
    End: () => props.move(run.to - 1),
    PageUp: () => page(-0.8),
    PageDown: () => page(0.8),
    '+': () => zoom(1.6),
    '=': () => zoom(1.6),
    '-': () => zoom(1 / 1.6),
    '0': () => viewport.show(run),
    Enter: () => props.travel(here),
    Escape: () => (props.isPointing ? props.clear() : props.back()),
  };
  if (!Object.hasOwn(acts, key)) return false;
  acts[key]();
  return true;
}
