/** Going about in the run: to moments and back again, and to the window that one looked at before. */
/// <reference lib="dom" />
import { useMemo } from 'preact/hooks';
import type { Link } from '../link/link.ts';
import { Latest } from './model/latest.ts';
import type { Viewport } from './model/viewport.ts';

/** Longest that a journey is waited for before the next begins, and how long a window rests before it is kept, in milliseconds. */
const PATIENCE = 500;

/** Travelling: to one moment, along with the pointer, and back to where one came from. */
export function useJourney(link: Link) {
  return useMemo(() => {
    const along = new Latest(
      ({ token, isFirst }: { token: number; isFirst: boolean }) => arrived(link, token, isFirst),
      () => {},
      () => {},
    );
    let scrubbing: ReturnType<typeof setTimeout> | undefined;
    return {
      travel: (token: number) => link.travel(token),
      scrub: (token: number) => {
        const isFirst = scrubbing === undefined;
        clearTimeout(scrubbing);
        scrubbing = setTimeout(() => {
          scrubbing = undefined;
        }, PATIENCE);
        along.want({ token, isFirst });
      },
      back: () => link.go(-1),
    };
  }, [link]);
}

/** Travels, and waits until the session has stopped there; the first time it is a journey that one may come back from. */
function arrived(link: Link, token: number, isFirst: boolean): Promise<void> {
  return new Promise((resolve) => {
    const before = link.session.stops;
    const done = () => {
      end();
      clearTimeout(timer);
      resolve();
    };
    const end = link.onChange(() => {
      if (link.session.stops !== before) done();
    });
    const timer = setTimeout(done, PATIENCE);
    if (isFirst) link.travel(token);
    else link.travelAlong(token);
  });
}

/** Keeps the window for when the page is taken down, a while after it has come to rest; all of the run is no window. */
export function keeping(link: Link, viewport: Viewport): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keep = () => {
    const { range, run } = viewport;
    const isWhole = range.from <= run.from && range.to >= run.to;
    link.keep('timeline.window', isWhole ? undefined : range);
  };
  const end = viewport.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(keep, PATIENCE);
  });
  return () => {
    end();
    clearTimeout(timer);
    keep();
  };
}
