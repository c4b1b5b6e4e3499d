/**
 * Places in the recording that people want to be taken to: other times at a line, the entry of a call. Nothing is
 * executed on the way there, and nothing jumps over code: the position moves to a moment that has been.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineNumber } from '../../engine/trace/notation.ts';
import { placeSource } from '../breakpoints/placement.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import { type CodeMap, NO_LINE } from '../recording/code-map.ts';
import type { Frame } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import { PAGE_LINES, pageOfUri } from '../recording/trace-pages.ts';

/**
 * The last time before a position and the first time after it, as far as the user has seen, that a line began; of a
 * trace page, the line itself. A target's number is its trace line.
 */
export function gotoTargets(
  recording: Recording,
  code: CodeMap,
  position: number,
  { source: path, line }: ArgumentsOf<'gotoTargets'>,
): DebugProtocol.GotoTarget[] {
  const { history, reached } = recording;
  const page = pageOfUri(path);
  if (page !== undefined) {
    const found = page * PAGE_LINES + line - 1;
    return found <= reached ? [{ id: found, label: `line ${lineNumber(found)} of the trace`, line }] : [];
  }
  const { cursors, shown } = placeSource(code, path, line);
  const marks = new Uint8Array(code.program.ops.length);
  for (const cursor of cursors) marks[cursor] = 1;
  const target = (id: number, when: string): DebugProtocol.GotoTarget[] => {
    const label = `${when} time at line ${shown.line} (line ${lineNumber(id)} of the trace)`;
    return id < 0 ? [] : [{ id, label, line: shown.line ?? line, instructionPointerReference: String(cursors[0]) }];
  };
  return [
    ...target(history.lastMarked(marks, 0, position), 'the previous'),
    ...target(history.firstMarked(marks, position + 1, reached + 1), 'the next'),
  ];
}

/** The first trace line of a frame's call; where it is in C, the first of a C line. */
export function entryOfFrame(recording: Recording, code: CodeMap, frame: Frame): number {
  const { depth, line, moment } = frame;
  const { at, shared } = code.inlined;
  const call = code.callOf(frame.cursor, frame.inlined);
  const isInside = (cursor: number) => shared.call(code.inlined, at[cursor], call) === call;
  const first = depth > 0 ? moment.callLine(depth) + 1 : 0;
  let entry = line;
  for (let back = line; back >= first; back--) {
    if (recording.depthOf(back) !== depth) continue;
    const cursor = recording.cursorOf(back);
    if (!isInside(cursor)) return entry;
    if (at[cursor] === call && code.lineKeys[cursor] !== NO_LINE) entry = back;
  }
  return entry === line && code.lineKeys[frame.cursor] === NO_LINE ? first : entry;
}
