/** The requests about all of the recording: where values come from, who read them, what was printed, called, covered. */
import type { Explanations } from '../explain/explanations.ts';
import { calls } from '../explain/past/calls.ts';
import { coverage } from '../explain/past/coverage.ts';
import { history } from '../explain/past/history.ts';
import type { Past } from '../explain/past/past.ts';
import { print } from '../explain/past/print.ts';
import { search } from '../explain/past/search.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { Handlers } from '../protocol/protocol.ts';

/** What looking back needs of the session. */
export interface Looker {
  readonly inspector: Inspector;
  readonly explanations: Explanations;
  readonly past: Past;
  /** Where the session is, and the moment that is shown there. */
  here(): number;
  shown(): number;
}

type PastRequest =
  | 'stepformer/origin'
  | 'stepformer/readers'
  | 'stepformer/control'
  | 'stepformer/history'
  | 'stepformer/print'
  | 'stepformer/calls'
  | 'stepformer/search'
  | 'stepformer/coverage'
  | 'stepformer/memory';

/** Answers to the requests that look back. */
export function lookingBackHandlers(session: Looker): Pick<Handlers, PastRequest> {
  const { inspector, explanations, past } = session;
  return {
    'stepformer/origin': (args) => explanations.originAsked(args, () => inspector.frame(session.shown(), args.frameId)),
    'stepformer/readers': ({ token, limit }) => explanations.readersOf(token, limit),
    'stepformer/control': ({ traceLine }) => explanations.controlOf(traceLine ?? session.here()),
    'stepformer/memory': (args) => explanations.memory(session.shown(), args),
    'stepformer/history': ({ expression, frameId, limit }) =>
      history(past, inspector.dataOf(session.here(), expression, frameId), limit),
    'stepformer/print': (args) => print(past, args),
    'stepformer/calls': (args) => calls(past, args),
    'stepformer/search': (args) => search(past, args),
    'stepformer/coverage': ({ traceLine }) => coverage(past, traceLine ?? session.here()),
  };
}
