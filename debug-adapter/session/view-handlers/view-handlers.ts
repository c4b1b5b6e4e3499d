/** Answers to what views ask: for each of them a file, and here all together. */
import type { Handlers } from '../../protocol/protocol.ts';
import type { VIEW_REQUESTS } from '../../protocol/view-requests/view-requests.ts';
import { editorHandlers } from './editor.ts';
import { hullHandlers, type Pictured } from './hull.ts';
import { type Charted, timelineHandlers } from './timeline.ts';
import { type Dissecting, tokenHandlers } from './token.ts';

/** What the answers need of the session. */
export type Viewed = Charted & Pictured & Dissecting;

export function viewHandlers(session: Viewed): Pick<Handlers, keyof typeof VIEW_REQUESTS> {
  return {
    ...editorHandlers(session),
    ...hullHandlers(session),
    ...timelineHandlers(session),
    ...tokenHandlers(session),
  };
}
