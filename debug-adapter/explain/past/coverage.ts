/**
 * What one call executed: the lines of its function, how often each, and what share of the tokens it took. A line that
 * was entered counts once for each time that a breakpoint would have stopped there; calls that it made belong to it.
 */
import { Lifetime } from '../../breakpoints/lifetime.ts';
import type { AnswerOf } from '../../protocol/protocol.ts';
import { BadRequest } from '../../protocol/schema.ts';
import { NO_LINE } from '../../recording/code-map.ts';
import { frameInC } from '../../recording/frames.ts';
import type { Work } from '../../recording/pace.ts';
import type { Past } from './past.ts';

type Answer = AnswerOf<'stepformer/coverage'>;

/** Lines scanned between two looks at the clock. */
const BATCH = 1 << 14;

/** Of the innermost call at a trace line that is in C. @throws BadRequest where there is none */
export function* coverage(past: Past, traceLine: number): Work<Answer> {
  const { recording, debuggee, pace } = past;
  const { code } = debuggee;
  if (traceLine > recording.reached) throw new BadRequest(`trace line ${traceLine} was not reached yet`);
  const { depth, moment, cursor: at, fn } = frameInC(recording.moment(traceLine), recording, code);
  if (!fn || code.lineKeys[at] === NO_LINE) throw new BadRequest('No call that is open here is in C.');
  const { start, end } = extent(past, depth === 0 ? undefined : moment.callLine(depth));
  const counts = new Map<number, { count: number; tokens: number }>();
  for (let cursor = fn.body; cursor < fn.end; cursor++) {
    if (code.starts[cursor] === 1) counts.set(code.lineKeys[cursor], { count: 0, tokens: 0 });
  }
  let current: { count: number; tokens: number } | undefined;
  for (let line = start; line < end; line++) {
    if (recording.depthOf(line) === depth) {
      const cursor = recording.cursorOf(line);
      const key = code.lineKeys[cursor];
      if (key !== NO_LINE) current = counts.get(key);
      if (current && code.starts[cursor] === 1) current.count++;
    }
    if (current) current.tokens += recording.firstToken(line + 1) - recording.firstToken(line);
    if (line % BATCH === 0 && pace.due()) yield;
  }
  const lines = [...counts].map(([key, numbers]) => {
    const { file, line } = code.lineOf(key);
    return { place: { path: file, line }, ...numbers };
  });
  lines.sort((a, b) => a.place.line - b.place.line);
  const tokens = recording.firstToken(end) - recording.firstToken(start);
  return { function: code.sourceFunctionAt(at)?.name ?? fn.name, start, end, tokens, lines };
}

/** From where to where a call goes, as far as the user has come; without one, the whole recording. */
function extent({ recording }: Past, call: number | undefined): { start: number; end: number } {
  const { history, reached } = recording;
  if (call === undefined) return { start: 0, end: reached };
  const lifetime = new Lifetime(history, call);
  return { start: lifetime.start, end: lifetime.endBefore(reached + 1) ?? reached };
}
