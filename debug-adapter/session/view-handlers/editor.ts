/** Answers for what stands in editors, beside the lines of trace pages and of sources. */
import { traceLines } from '../../explain/lines/trace-lines.ts';
import { exportProfile, profileOf } from '../../explain/past/profile.ts';
import type { Handlers } from '../../protocol/protocol.ts';
import type { EDITOR_REQUESTS } from '../../protocol/view-requests/editor.ts';
import type { Remembering } from '../past-handlers.ts';

export function editorHandlers(session: Pick<Remembering, 'past'>): Pick<Handlers, keyof typeof EDITOR_REQUESTS> {
  return {
    'stepformer/lines': (args) => traceLines(session.past, args),
    'stepformer/profile': () => profileOf(session.past),
    'stepformer/exportProfile': ({ path }) => exportProfile(session.past, path),
  };
}
