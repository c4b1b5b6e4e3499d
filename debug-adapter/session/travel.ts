/**
 * Places in the recording that people want to be taken to: other times at a line, the entry of a call. Nothing is
 * executed on the way there, and nothing jumps over code: the position moves to a moment that has been.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { lineNumber } from '../../engine/trace/notation.ts';
import { placeSource } from '../breakpoints/placement.ts';
import type { AnswerOf, ArgumentsOf, Handlers, Whereabouts } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import { type CodeMap, NO_LINE } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import type { Frame } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import { PAGE_LINES, pageOfUri } from '../recording/trace-pages.ts';

/**
 * The last time before a position and the first time after it, as far as the user has seen, that a line began; of a
 * trace page, the line itself. A target's number is its trace line.
 */
function gotoTargets(
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

/**
 * The line that a request names by its number, or by a token of it; -1 for tokens of the prompt.
 * @throws BadRequest for one that has not been
 */
function destination(recording: Recording, token: number | undefined, traceLine: number | undefined): number {
  const line = token === undefined ? traceLine : recording.lineOfToken(token);
  if (line === undefined) throw new BadRequest('stepformer/travel: "token" or "traceLine" must say where to');
  if (token !== undefined && token > recording.now) throw new BadRequest(`there is no token ${token} yet`);
  if (line > recording.reached) throw new BadRequest(`trace line ${line} has not been reached yet`);
  return line;
}

/** Whether the program can be said to begin at a line, if it has not before. */
export function isEntry(recording: Recording, { code, entry }: Debuggee, line: number): boolean {
  const cursor = recording.cursorOf(line);
  return code.files.size > 0 ? code.lineKeys[cursor] !== NO_LINE : cursor === entry.cursor;
}

/** Where the program began, if that is no later than `line`; otherwise 0. */
export function entryUpTo(recording: Recording, debuggee: Debuggee, line: number): number {
  for (let at = 0; at <= line; at++) if (isEntry(recording, debuggee, at)) return at;
  return 0;
}

/** The first trace line of a frame's call; where it is in C, the first of a C line. */
function entryOfFrame(recording: Recording, code: CodeMap, frame: Frame): number {
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

/** What answers to these requests need of the session. */
export interface Travelling {
  readonly recording: Recording;
  readonly debuggee: Debuggee;
  /** The trace line that the session is at. */
  here(): number;
  where(): Whereabouts;
  frameOf(frameId: number): Frame;
  tellContinued(): void;
  /** Stands at a line that has been reached before, with one of its tokens in focus. */
  moveTo(line: number, reason: 'goto' | 'restart', focus?: number): void;
}

type TravelRequest = 'gotoTargets' | 'goto' | 'restartFrame' | 'stepformer/travel';

export function travelHandlers(session: Travelling): Pick<Handlers, TravelRequest> {
  return {
    gotoTargets: (args) => ({
      targets: gotoTargets(session.recording, session.debuggee.code, session.here(), args),
    }),
    goto: ({ targetId }) => {
      if (targetId > session.recording.reached) throw new BadRequest(`${targetId} is not a target of goto`);
      session.moveTo(targetId, 'goto');
    },
    restartFrame: ({ frameId }) => {
      const frame = session.frameOf(frameId);
      session.moveTo(entryOfFrame(session.recording, session.debuggee.code, frame), 'restart');
    },
    'stepformer/travel': (args) => travel(session, args),
  };
}

/** Moves to a trace line, or to that of a token; a token of the prompt is only looked at. */
function travel(
  session: Travelling,
  { token, traceLine }: ArgumentsOf<'stepformer/travel'>,
): AnswerOf<'stepformer/travel'> {
  const { recording } = session;
  const line = destination(recording, token, traceLine);
  if (line < 0) return { ...session.where(), travelled: false };
  session.tellContinued();
  session.moveTo(line, 'goto', token === undefined ? 0 : token - recording.firstToken(line));
  return { ...session.where(), travelled: true };
}
