/**
 * The history of a value: every write to what an expression denotes, while that is there. A local variable has one as
 * long as its call; what lies at the same place before and after is something else.
 */
import { Accesses, type DataPlace } from '../../../engine/trace/accesses.ts';
import { Lifetime } from '../../breakpoints/lifetime.ts';
import type { DataInfo } from '../../inspect/data-info.ts';
import type { AnswerOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import type { Work } from '../../recording/pace.ts';
import { type Past, standingAt } from './past.ts';

type Answer = AnswerOf<'stepformer/history'>;

/** `info`: what the expression denotes. @throws BadRequest for what is in no place */
export function* history(past: Past, { bound, known, description }: DataInfo, limit: number): Work<Answer> {
  if (!bound) throw new BadRequest(description);
  const { recording, pace } = past;
  const { place, call } = bound;
  const lifetime = call === undefined ? undefined : new Lifetime(recording.history, call);
  const end = lifetime?.endBefore(recording.reached + 1) ?? recording.reached;
  const writes: Answer['writes'][number][] = [];
  const lines = writeLines(past, place, lifetime?.start ?? 0, end);
  const accesses = new Accesses(recording.history, place, { reads: false, writes: true });
  for (const traceLine of lines.slice(0, limit)) {
    const value = known.format(accesses.bytesBefore(traceLine + 1), traceLine + 1);
    writes.push({ ...standingAt(past, traceLine), value });
    if (pace.due()) yield;
  }
  return { writes, total: lines.length };
}

/** The lines from `from` up to but not including `to` that wrote to a place, ascending: read off the write logs. */
function writeLines({ recording }: Past, place: DataPlace, from: number, to: number): number[] {
  const { history } = recording;
  const lines = new Set<number>();
  const first = recording.firstToken(from);
  const add = (tokens: readonly number[]) => {
    for (const token of tokens) {
      const line = recording.lineOfToken(token);
      if (line < to) lines.add(line);
    }
  };
  if (place.kind === 'cell') add(history.cellWrites.from(place.cell, first, Number.POSITIVE_INFINITY));
  else {
    for (let i = 0; i < place.length; i++) {
      add(history.memoryWrites.from(place.address + i, first, Number.POSITIVE_INFINITY));
    }
  }
  return [...lines].sort((a, b) => a - b);
}
