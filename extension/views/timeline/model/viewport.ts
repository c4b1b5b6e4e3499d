/** The window and the run as they are now, for whoever draws them: changes are told at once, many within one frame. */
import { clamped, grown, type Range } from './window.ts';

export class Viewport {
  range: Range = { from: 0, to: 1 };
  run: Range = { from: 0, to: 1 };
  private readonly listeners = new Set<() => void>();
  private isKnown = false;

  /** `kept`: the window that was looked at before the page was taken down. */
  constructor(kept: Range | undefined) {
    if (kept) this.range = kept;
  }

  /** Calls `listener` after every change. Returns how to end that. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  show(range: Range): void {
    this.range = clamped(range, this.run);
    for (const listener of this.listeners) listener();
  }

  /** The run is so long, by now. */
  grow(run: Range): void {
    if (this.isKnown && run.from === this.run.from && run.to === this.run.to) return;
    const before = this.isKnown ? this.run : undefined;
    this.run = run;
    this.isKnown = true;
    if (before) this.show(grown(this.range, before, run));
    else this.show(this.range.to <= 1 ? run : this.range);
  }
}
