/**
 * Long work in short slices: what may take long is a generator that yields when its slice is over, so that whoever
 * drives it can answer requests in between.
 */

import type { Steps } from '../../engine/steps.ts';

export { finish } from '../../engine/steps.ts';

/** Work that yields whenever its slice is over. */
export type Work<T = void> = Generator<void, T, void>;

/** Milliseconds of a slice. */
export const SLICE = 8;

/** The end of the current slice. */
export class Pace {
  private end = 0;

  begin(milliseconds: number): void {
    this.end = performance.now() + milliseconds;
  }

  /** Whether the slice is over. */
  due(): boolean {
    return performance.now() >= this.end;
  }
}

/** Steps as work. */
export function* paced<T>(steps: Steps<T>, pace: Pace): Work<T> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (pace.due()) yield;
  }
}
