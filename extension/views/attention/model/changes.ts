/** What is remembered of the stop before: so it is seen what has changed since. */
import type { HeadView } from '../../../../debug-adapter/protocol/protocol.ts';
import { changedSince } from './heads.ts';

export class Changes {
  private stops = -1;
  private heads: readonly HeadView[] | undefined;
  private before: readonly HeadView[] | undefined;

  /** The heads that were answered at a stop, counted; returns the names of those that have changed since the stop before. */
  at(stops: number, heads: readonly HeadView[]): ReadonlySet<string> {
    if (stops !== this.stops) this.before = this.heads;
    this.stops = stops;
    this.heads = heads;
    return changedSince(this.before, heads);
  }
}
