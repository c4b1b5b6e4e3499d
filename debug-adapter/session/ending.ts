/** How a recording ended, in words and in the protocol's terms, and where that is shown. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import type { CodeMap } from '../recording/code-map.ts';
import { NO_LINE } from '../recording/code-map.ts';
import { lineInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';

/** The end of a program that ended by itself, in a few words. */
export function endingTitle({ end }: Recording): string {
  return `Ended: exit code ${end?.code ?? 0}`;
}

/** The same with what can be done now, as a sentence. */
export function endingText(recording: Recording): string {
  return `${endingTitle(recording)}. Step back, or run backwards.`;
}

/** The same for the console, with how long it took. */
export function endingReport(recording: Recording, isOver: boolean): string {
  const took = `${endingTitle(recording)}, after ${recording.lines} lines (${recording.generated} tokens).`;
  return isOver ? took : `${took} Step back, or run backwards.`;
}

/** Functions of the library by which a program ends itself in a trap. */
const ENDING = new Set(['abort', '__stepformer_assert_failed']);

/**
 * The trace line whose frames and variables are shown at `line`: itself, but for the end. A program ends in the library's
 * code, which is nobody's concern: shown is the call of `exit` or `abort` where that ended it, else the last line that
 * `main` executed.
 */
export function shownAt(recording: Recording, code: CodeMap, line: number): number {
  const { end } = recording;
  if (end === undefined || line !== end.line || code.lineKeys[recording.cursorOf(line)] !== NO_LINE) return line;
  const moment = recording.moment(line);
  const inC = lineInC(moment, recording, code);
  if (end.kind === 'halt') return inC ?? lastLineOfMain(recording, code) ?? line;
  const library = [line, ...moment.calls.filter((call) => inC !== undefined && call > inC)];
  const isEnding = library.some((at) => ENDING.has(code.functionAt(recording.cursorOf(at))?.name ?? ''));
  return isEnding && inC !== undefined ? inC : line;
}

/** Of a program without `main`, the last that has a C line. */
function lastLineOfMain({ history, reached }: Recording, code: CodeMap): number | undefined {
  const [entry] = code.entriesOf('main');
  const main = entry === undefined ? undefined : code.functionAt(entry);
  const marks = Uint8Array.from(code.lineKeys, (key, cursor) =>
    Number(key !== NO_LINE && (main === undefined || (cursor >= main.body && cursor < main.end))),
  );
  const found = history.lastMarked(marks, 0, reached);
  return found < 0 ? undefined : found;
}

/** What went wrong, as a sentence. */
export function troubleText({ end, failure }: Recording): string {
  return failure ? failure.message : `Trap: ${end?.reason ?? 'unknown'}.`;
}

/** What clients call it: a trap is one, and so is what the stop of a run that cannot go on is told as. */
export function troubleTitle({ failure }: Recording): string {
  if (!failure) return 'Trapped';
  return failure.kind === 'budget' ? 'Out of tokens' : 'The model failed';
}

export function exceptionInfo(recording: Recording): DebugProtocol.ExceptionInfoResponse['body'] {
  const { end, failure } = recording;
  return {
    exceptionId: failure ? failure.kind : (end?.reason ?? 'trap'),
    description: troubleText(recording),
    breakMode: 'always',
  };
}

/** As a process would give it. */
export function exitStatus({ end, failure }: Recording): number {
  if (failure) return failure.kind === 'budget' ? EXIT_STATUS.budget : EXIT_STATUS.modelFailed;
  return end?.kind === 'trap' ? EXIT_STATUS.trap : (end?.code ?? 0);
}
