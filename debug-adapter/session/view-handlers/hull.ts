/** Answers to what the Hull view asks: what is asked here is which token is meant. */
import { Hulls } from '../../explain/hull/hull.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import type { Handlers, Whereabouts } from '../../protocol/protocol.ts';
import type { HULL_REQUESTS } from '../../protocol/view-requests/hull.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import type { Pace } from '../../recording/pace.ts';
import type { Recording } from '../../recording/recording.ts';

/** What the answers need of the session. */
export interface Pictured {
  readonly debuggee: Debuggee;
  readonly recording: Recording;
  readonly inspector: Inspector;
  readonly pace: Pace;
  where(): Whereabouts;
}

export function hullHandlers(session: Pictured): Pick<Handlers, keyof typeof HULL_REQUESTS> {
  let made: Hulls | undefined;
  const hulls = () => {
    made ??= new Hulls(session.debuggee, session.recording, session.inspector.headViews, session.pace);
    return made;
  };
  return {
    'stepformer/hull': (args) => {
      const { token, now } = session.where();
      return hulls().answer({ ...args, token: args.token ?? Math.min(token, now) });
    },
    'stepformer/key': (args) => hulls().key(args),
  };
}
