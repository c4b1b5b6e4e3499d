/**
 * How long something that belongs to a call is there: from the line behind the call to the one that it returns to. What
 * lies at the same address, or in the same cell, before and after that is something else.
 */
import type { History } from '../../engine/trace/history.ts';

export class Lifetime {
  /** The first line of the call. */
  readonly start: number;
  /** Calls that are open in it. */
  readonly depth: number;
  private readonly history: History;
  private end: number | undefined;
  /** Lines that are known to belong to the call. */
  private scanned: number;

  /** `call`: the trace line that made the call; it is complete. */
  constructor(history: History, call: number) {
    this.history = history;
    this.start = call + 1;
    this.depth = history.depthOf(this.start);
    this.scanned = this.start;
  }

  /** The line behind the call, if that is known to lie before `to`; otherwise undefined. */
  endBefore(to: number): number | undefined {
    const last = Math.min(to, this.history.lines + 1);
    if (this.end === undefined && this.scanned < last) {
      const found = this.history.firstShallower(this.depth, this.scanned, last);
      if (found >= 0) this.end = found;
      else this.scanned = last;
    }
    return this.end !== undefined && this.end < to ? this.end : undefined;
  }
}
