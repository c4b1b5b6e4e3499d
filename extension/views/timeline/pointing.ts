/**
 * Mouse, pen and wheel over the picture: the wheel zooms (d3-zoom), sideways or with Shift it moves the window, a drag leads
 * the session along, a click goes to one moment.
 */
/// <reference lib="dom" />
import { select } from 'd3-selection';
import { type D3ZoomEvent, zoom, zoomIdentity } from 'd3-zoom';
import type { Viewport } from './model/viewport.ts';
import { moved, NARROWEST, type Range, widthOf } from './model/window.ts';

/** What is done about it; places are in pixels from the picture's corner. */
export interface Pointing {
  hover(x: number, y: number): void;
  leave(): void;
  click(x: number, y: number): void;
  /** Zooms to what lies there. */
  enter(x: number, y: number): void;
  scrub(x: number): void;
}

/** Pixels that a hand trembles. */
const TREMBLE = 3;

/** Listens until the function that it returns is called. */
export function pointing(element: HTMLElement, viewport: Viewport, actions: () => Pointing): () => void {
  const ends = [zooming(element, viewport), dragging(element, actions)];
  return () => {
    for (const end of ends) end();
  };
}

function zooming(element: HTMLElement, viewport: Viewport): () => void {
  const width = () => Math.max(element.clientWidth, 1);
  const behaviour = zoom<HTMLElement, unknown>()
    .filter((event: Event) => (event instanceof WheelEvent ? !isSideways(event) : isShifted(event)))
    .on('zoom', ({ transform: { k, x }, sourceEvent }: D3ZoomEvent<HTMLElement, unknown>) => {
      // Without an event it is only told where the window is.
      if (!sourceEvent) return;
      const whole = widthOf(viewport.run);
      const from = viewport.run.from - (x / k / width()) * whole;
      viewport.show({ from, to: from + whole / k });
    });
  const selection = select<HTMLElement, unknown>(element);
  selection.call(behaviour).on('dblclick.zoom', null);
  const follow = () => {
    const { run, range } = viewport;
    const k = widthOf(run) / widthOf(range);
    const most = Math.max(widthOf(run) / NARROWEST, 1);
    behaviour.scaleExtent([1, most]).extent([
      [0, 0],
      [width(), 1],
    ]);
    behaviour.translateExtent([
      [0, 0],
      [width(), 1],
    ]);
    const x = (-(range.from - run.from) / widthOf(run)) * width() * k;
    selection.call(behaviour.transform, zoomIdentity.translate(x, 0).scale(k));
  };
  const wheel = (event: WheelEvent) => {
    if (!isSideways(event)) return;
    event.preventDefault();
    const by = (event.deltaX || event.deltaY) / width();
    viewport.show(moved(viewport.range, viewport.run, 'both', by * widthOf(viewport.range)));
  };
  element.addEventListener('wheel', wheel, { passive: false });
  follow();
  let isFollowing = false;
  const end = viewport.onChange(() => {
    if (isFollowing) return;
    isFollowing = true;
    follow();
    isFollowing = false;
  });
  return () => {
    end();
    element.removeEventListener('wheel', wheel);
    selection.on('.zoom', null);
  };
}

const isSideways = (event: WheelEvent) => event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
const isShifted = (event: Event) => event instanceof MouseEvent && event.shiftKey && event.button === 0;

function dragging(element: HTMLElement, actions: () => Pointing): () => void {
  let start: { x: number; y: number } | undefined;
  let isDrag = false;
  const at = (event: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const listeners = {
    pointerdown: (event: PointerEvent) => {
      if (event.button !== 0 || event.shiftKey) return;
      start = at(event);
      isDrag = false;
      element.setPointerCapture(event.pointerId);
    },
    pointermove: (event: PointerEvent) => {
      const { x, y } = at(event);
      actions().hover(x, y);
      if (start && Math.abs(x - start.x) > TREMBLE) isDrag = true;
      if (isDrag) actions().scrub(x);
    },
    pointerup: (event: PointerEvent) => {
      const { x, y } = at(event);
      if (start && !isDrag) actions().click(x, y);
      start = undefined;
      isDrag = false;
    },
    pointercancel: () => {
      start = undefined;
      isDrag = false;
    },
    pointerleave: () => actions().leave(),
    dblclick: (event: MouseEvent) => {
      const { x, y } = at(event);
      actions().enter(x, y);
    },
  };
  for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener as EventListener);
  return () => {
    for (const [name, listener] of Object.entries(listeners))
      element.removeEventListener(name, listener as EventListener);
  };
}

/** A window around something, with a little of what is around it. */
export function framed({ from, to }: Range): Range {
  const more = (to - from) / 20;
  return { from: from - more, to: to + more };
}
