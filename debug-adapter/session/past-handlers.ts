/** Answers to questions about all of the recording: what is asked here is where in it the question is meant. */
import { callTree } from '../explain/past/call-tree.ts';
import { calls } from '../explain/past/calls.ts';
import { coverage } from '../explain/past/coverage.ts';
import { history } from '../explain/past/history.ts';
import type { Past } from '../explain/past/past.ts';
import { print } from '../explain/past/print.ts';
import { search } from '../explain/past/search.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { PAST_REQUESTS } from '../protocol/past-requests.ts';
import type { Handlers } from '../protocol/protocol.ts';

/** What the answers need of the session. */
export interface Remembering {
  readonly past: Past;
  readonly inspector: Inspector;
  /** The trace line that is shown. */
  shown(): number;
}

export function pastHandlers(session: Remembering): Pick<Handlers, keyof typeof PAST_REQUESTS> {
  return {
    'stepformer/history': ({ expression, frameId, limit }) =>
      history(session.past, session.inspector.dataOf(session.shown(), expression, frameId), limit),
    'stepformer/print': (args) => print(session.past, args),
    'stepformer/calls': (args) => calls(session.past, args),
    'stepformer/callTree': ({ traceLine, ...args }) => callTree(session.past, traceLine ?? session.shown(), args),
    'stepformer/search': (args) => search(session.past, args),
    'stepformer/coverage': ({ traceLine }) => coverage(session.past, traceLine ?? session.shown()),
  };
}
