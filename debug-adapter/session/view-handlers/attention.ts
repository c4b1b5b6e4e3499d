/** Answers to what the Attention view asks of one head. */
import { headAt } from '../../inspect/heads/forms.ts';
import { pattern } from '../../inspect/heads/pattern.ts';
import type { Handlers } from '../../protocol/protocol.ts';
import type { ATTENTION_REQUESTS } from '../../protocol/view-requests/attention.ts';
import type { Pace } from '../../recording/pace.ts';
import type { Recording } from '../../recording/recording.ts';

/** What the answers need of the session. */
export interface Attending {
  readonly recording: Recording;
  readonly pace: Pace;
}

export function attentionHandlers(session: Attending): Pick<Handlers, keyof typeof ATTENTION_REQUESTS> {
  return {
    'stepformer/head': (args) => headAt(session.recording, args),
    'stepformer/pattern': (args) => pattern(session.recording, args, session.pace),
  };
}
