/**
 * Going on: from the position, and beyond a pause. A run pauses when as many tokens or as much memory as was allowed is used
 * up; continue allows as much again, and who is tired of being asked says so once.
 */
import type { EventBody, Handlers } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Recording } from '../recording/recording.ts';
import { isOver } from './ending.ts';
import { forward, type Stop } from './motions.ts';
import type { Stepper } from './steps.ts';

/** What going on needs of the session. */
export interface Going extends Stepper {
  /** The end that was told is none any more. */
  goOn(): void;
}

export function goingOnHandlers(session: Going): Pick<Handlers, 'continue' | 'stepformer/goOn'> {
  const start = () => session.start('Running', forward(session, session.position, undefined, 'breakpoint'));
  return {
    continue: () => {
      session.stopped();
      if (session.position === session.recording.lastPosition && session.recording.extend()) session.goOn();
      start();
      return { allThreadsContinued: true };
    },
    'stepformer/goOn': ({ asks }) => {
      session.stopped();
      if (session.position !== session.recording.lastPosition || !session.recording.extend(!asks)) {
        throw new BadRequest('the program does not wait to be let go on: Continue leads on from where the session is');
      }
      session.goOn();
      session.tellContinued();
      start();
      return {};
    },
  };
}

/** The pause that a stop is, for clients that offer to go on. */
export function pauseAt(stop: Stop, { failure }: Recording): EventBody<'stepformer/paused'> | undefined {
  if (!isOver(stop) || failure === undefined || failure.kind === 'error') return undefined;
  return { by: failure.kind === 'budget' ? 'tokens' : 'memory', text: failure.message };
}
