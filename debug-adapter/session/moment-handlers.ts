/** Answers to questions about a moment: what is asked here is which one is meant. */
import type { Explanations } from '../explain/explanations.ts';
import { hoverAnswer } from '../explain/hover.ts';
import type { Past } from '../explain/past/past.ts';
import type { Inspector } from '../inspect/inspector.ts';
import { type Answering, type ArgumentsOf, type Handlers, isWork, type Whereabouts } from '../protocol/protocol.ts';
import type { Pace } from '../recording/pace.ts';

/** What the answers need of the session. */
export interface Looking {
  readonly past: Past;
  readonly inspector: Inspector;
  readonly explanations: Explanations;
  readonly pace: Pace;
  /** The trace line that the session is at, and the one that is shown there. */
  here(): number;
  shown(): number;
  where(): Whereabouts;
}

type MomentRequest =
  | 'stackTrace'
  | 'scopes'
  | 'variables'
  | 'evaluate'
  | 'completions'
  | 'readMemory'
  | 'disassemble'
  | 'source'
  | 'modules'
  | 'locations'
  | 'loadedSources'
  | 'stepformer/memory'
  | 'stepformer/position'
  | 'stepformer/attention'
  | 'stepformer/origin'
  | 'stepformer/readers'
  | 'stepformer/control';

export function momentHandlers(session: Looking): Pick<Handlers, MomentRequest> {
  return {
    stackTrace: (args) => session.inspector.stackTrace(session.shown(), args),
    scopes: (args) => session.inspector.scopes(args),
    variables: (args) => session.inspector.children(args),
    evaluate: (args) => evaluate(session, args),
    completions: (args) => session.inspector.completions(session.shown(), args),
    readMemory: (args) => session.inspector.readMemory(session.shown(), args),
    disassemble: (args) => session.inspector.disassemble(args),
    source: (args) => session.inspector.source(session.shown(), args),
    modules: (args) => session.inspector.modules(args),
    locations: (args) => session.inspector.location(args),
    loadedSources: () => session.inspector.loadedSources(),
    'stepformer/memory': (args) => session.explanations.memory(session.shown(), args),
    'stepformer/position': () => session.where(),
    'stepformer/attention': ({ token }) => {
      // Behind an edit the next token has yet to be said: the last is shown.
      const { token: here, now } = session.where();
      const view = session.inspector.headViews.view(token ?? Math.min(here, now), session.here());
      return { ...view, headline: session.explanations.headline(view.traceLine) };
    },
    'stepformer/origin': (args) =>
      session.explanations.originAsked(args, () => session.inspector.frame(session.shown(), args.frameId)),
    'stepformer/readers': ({ token, limit }) => session.explanations.readersOf(token, limit),
    'stepformer/control': ({ traceLine }) => session.explanations.controlOf(traceLine ?? session.here()),
  };
}

/** A hover says more than the value. */
function evaluate(session: Looking, args: ArgumentsOf<'evaluate'>): Answering<'evaluate'> {
  const { inspector, past, pace } = session;
  const line = session.shown();
  const answer = inspector.evaluate(line, args, pace);
  if (args.context !== 'hover' || isWork(answer)) return answer;
  return hoverAnswer(past, line, answer, inspector.dataOf(line, args.expression, args.frameId));
}
