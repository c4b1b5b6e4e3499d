/** Answers to the Token view: what is asked here is which token is meant. */
import type { Explanations } from '../../explain/explanations.ts';
import { counterfactual } from '../../inspect/counterfactual.ts';
import type { Inspector } from '../../inspect/inspector.ts';
import { tokenView } from '../../inspect/token-view.ts';
import type { Handlers, Whereabouts } from '../../protocol/protocol.ts';
import type { TOKEN_REQUESTS } from '../../protocol/view-requests/token.ts';
import type { Pace } from '../../recording/pace.ts';
import type { Recording } from '../../recording/recording.ts';

/** What the answers need of the session. */
export interface Dissecting {
  readonly recording: Recording;
  readonly inspector: Inspector;
  readonly explanations: Explanations;
  readonly pace: Pace;
  where(): Whereabouts;
}

export function tokenHandlers(session: Dissecting): Pick<Handlers, keyof typeof TOKEN_REQUESTS> {
  /** The token in focus; behind an edit the next has yet to be said, and the last is meant. */
  const focus = () => {
    const { token, now } = session.where();
    return Math.min(token, now);
  };
  return {
    'stepformer/token': ({ token = focus(), rival }) => {
      const view = tokenView(session.recording, session.inspector.headViews, token, rival);
      const headline = session.explanations.headline(view.traceLine);
      return { ...view, headline: headline.map(({ text }) => text).join('') };
    },
    'stepformer/counterfactual': ({ token = focus(), changed, to }) =>
      counterfactual(session.recording, session.pace, token, { token: changed, to }),
  };
}
