/**
 * What the tokens were spent on, as far as the user has come: by function, as the tree of calls has it, and by line of a
 * source. A line without one of C (of the library, of a prologue) belongs to the line of C that it was executed for.
 */
import { basename } from 'node:path';
import { writeProfile } from '../../../engine/profile/file.ts';
import { costs, profile } from '../../../engine/profile/profile.ts';
import type { AnswerOf } from '../../protocol/protocol.ts';
import { NO_LINE } from '../../recording/code-map.ts';
import { paced, type Work } from '../../recording/pace.ts';
import type { Past } from './past.ts';

type Answer = AnswerOf<'stepformer/profile'>;

/** Lines scanned between two looks at the clock. */
const BATCH = 1 << 14;

export function* profileOf(past: Past): Work<Answer> {
  const { code } = past.debuggee;
  const found = yield* made(past);
  const functions = costs(found).map(({ file, line = 0, ...cost }) => ({
    ...cost,
    ...(file !== undefined && line > 0 && { place: { path: code.sourceOf(file), line } }),
  }));
  return { tokens: found.tokens, functions, lines: yield* lines(past) };
}

/** Returns the bytes written. @throws PlacedError when the file cannot be written */
export function* exportProfile(past: Past, path: string): Work<{ bytes: number }> {
  const { files } = past.debuggee.loaded;
  return { bytes: writeProfile(path, yield* made(past), basename(files[0])) };
}

function* made({ debuggee, recording, pace }: Past) {
  return yield* paced(profile(debuggee.loaded, recording.history, recording.reached), pace);
}

function* lines({ debuggee, recording, pace }: Past): Work<Answer['lines']> {
  const { code } = debuggee;
  const { lineKeys, starts } = code;
  const costs = new Map<number, { count: number; tokens: number }>();
  for (const [cursor, key] of lineKeys.entries()) {
    if (key !== NO_LINE && starts[cursor] === 1) costs.set(key, { count: 0, tokens: 0 });
  }
  // Of each open call the line of C that it is at, or that its caller is at.
  const at: (number | undefined)[] = [];
  for (let line = 0; line < recording.reached; line++) {
    const cursor = recording.cursorOf(line);
    const depth = recording.depthOf(line);
    at.length = Math.min(at.length, depth + 1);
    if (lineKeys[cursor] !== NO_LINE) at[depth] = lineKeys[cursor];
    else if (at.length <= depth) at[depth] = at[depth - 1];
    const cost = costs.get(at[depth] ?? NO_LINE);
    if (cost) {
      cost.tokens += recording.firstToken(line + 1) - recording.firstToken(line);
      cost.count += starts[cursor];
    }
    if (line % BATCH === 0 && pace.due()) yield;
  }
  return [...costs].map(([key, cost]) => {
    const { file, line } = code.lineOf(key);
    return { place: { path: file, line }, ...cost };
  });
}
