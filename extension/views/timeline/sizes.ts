/** How much room there is. */
/// <reference lib="dom" />
import { useLayoutEffect, useState } from 'preact/hooks';
import { useWindowHeight } from '../parts/window-height.ts';

/** Of the height, how much calls may take. */
const CALLS_PART = 0.45;

/** The width of an element in pixels, as it is; 0 before it is known. */
export function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    if (!element.current) return;
    setWidth(element.current.clientWidth);
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(Math.floor(contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Pixels that calls may take of the page's height: the other tracks want to be seen too. */
export function useRoom(): number {
  const height = useWindowHeight();
  return Math.round(height * CALLS_PART);
}
