/**
 * The requests that step, forwards and backwards, and that go back to a line.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { placeSource } from '../breakpoints/placement.ts';
import type { Handlers } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { type Frame, innermostFrame } from '../recording/frames.ts';
import type { Work } from '../recording/pace.ts';
import { SourceText } from '../recording/source-text.ts';
import type { Granularity, StepKind } from '../recording/stepping.ts';
import { backTo, type Stop, step, stepBack, stepInto, type Traveller } from './motions.ts';
import { stepInTargets } from './step-targets.ts';

/** What steps need of the session. */
export interface Stepper extends Traveller {
  /** Where the session is: the trace line that comes next. */
  readonly position: number;
  /** How far back the reverse commands lead. */
  home(): number;
  /** A frame by its number. @throws BadRequest */
  frameOf(frameId: number): Frame;
  /** Sets out; `stepping`: forward, with what calls return on the way shown. @throws BadRequest while something runs */
  start(title: string, motion: Work<Stop>, stepping?: boolean): void;
  /** Tells that the program goes on, for requests that clients do not know as motions. @throws BadRequest while something runs */
  tellContinued(): void;
}

type StepRequest =
  | 'next'
  | 'stepIn'
  | 'stepInTargets'
  | 'stepOut'
  | 'stepBack'
  | 'stepformer/stepBackIn'
  | 'stepformer/stepBackOut'
  | 'stepformer/reverseToCursor';

/** Answers to the requests that step. */
export function stepHandlers(session: Stepper): Pick<Handlers, StepRequest> {
  const back = (kind: StepKind, granularity: Granularity) => {
    const size = sizeOf(session, granularity);
    session.start('Stepping back', stepBack(session, session.position, kind, size, session.home()));
  };
  const forward = (kind: StepKind, granularity: Granularity) => stepForward(session, kind, granularity);
  return {
    next: ({ granularity }) => forward('over', granularity),
    stepIn: ({ granularity, targetId }) => {
      if (targetId === undefined) forward('in', granularity);
      else stepIntoCall(session, targetId);
    },
    stepInTargets: ({ frameId }) => ({ targets: targetsOf(session, session.frameOf(frameId)) }),
    stepOut: ({ granularity }) => forward('out', granularity),
    stepBack: ({ granularity }) => back('over', granularity),
    'stepformer/stepBackIn': ({ granularity }) => {
      session.tellContinued();
      back('in', granularity);
    },
    'stepformer/stepBackOut': ({ granularity }) => {
      session.tellContinued();
      back('out', granularity);
    },
    'stepformer/reverseToCursor': ({ path, line }) => {
      const { cursors, shown } = placeSource(session.debuggee.code, path, line);
      if (!shown.verified) throw new BadRequest(shown.message ?? 'there is no code on this line');
      session.tellContinued();
      session.start('Running backwards', backTo(session, session.position, cursors, session.home()));
    },
  };
}

/** A step forward from where the session is. @throws BadRequest while something runs */
export function stepForward(session: Stepper, kind: StepKind, granularity: Granularity): void {
  session.start('Stepping', step(session, session.position, kind, sizeOf(session, granularity)), true);
}

/** Without C lines every step is one of instructions. */
function sizeOf({ debuggee }: Stepper, wanted: Granularity): Granularity {
  return debuggee.code.files.size > 0 ? wanted : 'instruction';
}

/** Calls can be stepped into of the frame that goes on, which is the innermost. */
function targetsOf({ debuggee, recording }: Stepper, frame: Frame): DebugProtocol.StepInTarget[] {
  const innermost = innermostFrame(frame.moment, recording, debuggee.code);
  const isInnermost = frame.depth === innermost.depth && frame.inlined === innermost.inlined;
  return isInnermost ? stepInTargets(debuggee.code, new SourceText(), frame) : [];
}

function stepIntoCall(session: Stepper, target: number): void {
  const { position, recording, debuggee } = session;
  const frame = innermostFrame(recording.moment(position), recording, debuggee.code);
  if (!targetsOf(session, frame).some(({ id }) => id === target)) {
    throw new BadRequest(`${target} is not a target of stepIn: ask for stepInTargets anew after every stop`);
  }
  session.start('Stepping', stepInto(session, position, target), true);
}
