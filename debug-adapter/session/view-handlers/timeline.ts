/** Answers to what the Timeline view asks: what is known of the calls is kept as long as the branch's session. */
import type { Breakpoints } from '../../breakpoints/breakpoints.ts';
import type { Past } from '../../explain/past/past.ts';
import { Timeline } from '../../explain/timeline/timeline.ts';
import type { Handlers } from '../../protocol/protocol.ts';
import type { TIMELINE_REQUESTS } from '../../protocol/view-requests/timeline.ts';
import type { OutputCollector } from '../output.ts';

/** What the answers need of the session. */
export interface Charted {
  readonly past: Past;
  readonly output: OutputCollector;
  readonly breakpoints: Breakpoints;
}

export function timelineHandlers(session: Charted): Pick<Handlers, keyof typeof TIMELINE_REQUESTS> {
  let made: Timeline | undefined;
  const timeline = () => {
    made ??= new Timeline(session.past);
    return made;
  };
  return {
    'stepformer/timeline': (args) => {
      const { lying, misuse } = session.breakpoints;
      return timeline().answer(args, { output: session.output.printed, breakpoints: lying, misuse });
    },
    'stepformer/moment': (args) => timeline().momentAt(args),
  };
}
