/**
 * What stands in the hover of an expression besides its value: the type, and who wrote it last: "5 · int · written by line 5,
 * 12 instructions ago".
 */

import { basename } from 'node:path';
import type { Moment } from '../../engine/trace/moment.ts';
import type { DataInfo } from '../inspect/data-info.ts';
import type { AnswerOf } from '../protocol/protocol.ts';
import { placeAt } from '../recording/frames.ts';
import type { Past } from './past/past.ts';

type Answer = AnswerOf<'evaluate'>;

/** Bytes of an object whose writers are looked up: a hover is not to be waited for. */
const MOST_BYTES = 4096;

/** The hover for an answer; `data`: where the expression's value lies before trace line `line`, if anywhere. */
export function hoverAnswer(past: Past, line: number, answer: Answer, data: DataInfo | undefined): Answer {
  const place = data?.bound?.place;
  const isSmall = place?.kind === 'cell' || (place?.length ?? 0) <= MOST_BYTES;
  const written = place && isSmall && writer(past, line, lastWrite(past.recording.moment(line), place));
  return { ...answer, result: [answer.result, answer.type, written].filter(Boolean).join(' · ') };
}

/** The newest token that wrote any of its bytes; -1 for none. */
function lastWrite(moment: Moment, place: NonNullable<DataInfo['bound']>['place']): number {
  if (place.kind === 'cell') return moment.cellWrite(place.cell)?.write ?? -1;
  let last = -1;
  for (let i = 0; i < place.length; i++) last = Math.max(last, moment.memoryWrite(place.address + i));
  return last;
}

function writer({ recording, debuggee: { code } }: Past, now: number, token: number): string {
  if (token < 0) return 'never written';
  const line = recording.lineOfToken(token);
  if (line < 0) return 'its value from the beginning';
  const ago = now - line;
  const when = ago === 1 ? 'one instruction ago' : `${ago.toLocaleString('en')} instructions ago`;
  if (!recording.history.executes(line)) return `changed by hand, ${when}`;
  const [place, here] = [placeAt(recording, code, line), placeAt(recording, code, now)];
  if (!place) return `written ${when}`;
  const name = place.file === here?.file ? `line ${place.line}` : `${basename(place.file)}:${place.line}`;
  return `written by ${name}, ${when}`;
}
