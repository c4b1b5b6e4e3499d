/** How a recording ended, in words and in the protocol's terms, and where that is shown. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { thrownAt, uncaughtText } from '../../engine/trace/uncaught.ts';
import { type Exception, exceptionOf } from '../breakpoints/exceptions.ts';
import { type CodeMap, NO_LINE } from '../recording/code-map.ts';
import { lineInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import type { Stop } from './motions.ts';

/** How it ended, or why it cannot go on, in a few words. */
export function endingTitle(recording: Recording, code: CodeMap): string {
  return troubleOf(recording, code)?.title ?? `Ended: exit code ${recording.end?.code ?? 0}`;
}

/** The same as a sentence, with what can be done now. */
export function endingText(recording: Recording, code: CodeMap): string {
  return troubleOf(recording, code)?.text ?? `${endingTitle(recording, code)}. Step back, or run backwards.`;
}

/** The same for the console, with how long it took. `isOver`: nothing can be done. */
export function endingReport(recording: Recording, code: CodeMap, isOver: boolean): string {
  const trouble = troubleOf(recording, code);
  if (trouble) return isOver ? trouble.text : `${trouble.text} Step back to see how it came to this.`;
  const took = `${endingTitle(recording, code)}, after ${grouped(recording.lines)} lines (${grouped(recording.generated)} tokens).`;
  if (isOver) return took;
  const after = ' Variables are as of the line shown; what ran after it, such as handlers of atexit, is one step back.';
  return `${took} Step back, or run backwards.${ranAfterwards(recording, code) ? after : ''}`;
}

const grouped = (count: number) => count.toLocaleString('en');

/** A stop in words, where its reason alone does not say everything. */
export function describedStop(
  { line, reason, description, exception }: Pick<Stop, 'line' | 'reason' | 'description' | 'exception'>,
  recording: Recording,
  code: CodeMap,
): { description?: string; text?: string } {
  if (reason === 'end' || (reason !== 'exception' && recording.end?.line === line)) {
    return { description: endingTitle(recording, code), text: endingText(recording, code) };
  }
  if (reason !== 'exception') return description === undefined ? {} : { description, text: description };
  if (exception) return { description: exception.title, text: exception.text };
  return { description: exceptionAtEnd(recording, code).title, text: endingText(recording, code) };
}

/** `frames`: the stack there. */
export function exceptionInfo(
  { id, title, text }: Omit<Exception, 'filter'>,
  frames: readonly DebugProtocol.StackFrame[],
): DebugProtocol.ExceptionInfoResponse['body'] {
  const details = { message: text, typeName: title, stackTrace: stackText(frames) };
  return { exceptionId: id, description: text, breakMode: 'always', details };
}

/**
 * The trace line whose frames and variables are shown at `line`: itself, but for the end. A program ends in the library's
 * code, which is nobody's concern: shown is the call of `exit` or `abort` where that ended it, else the last line that
 * `main` executed, with variables and memory as they were then. An exception that nothing catches has left all calls: shown is what threw it. What called `main` may have lines of its own, in a file of its language's library.
 */
export function shownAt(recording: Recording, code: CodeMap, line: number): number {
  const { end } = recording;
  if (end === undefined || line !== end.line) return line;
  const inC = lineInC(recording.moment(line), recording, code);
  if (end.kind === 'halt') {
    const main = lastLineOfMain(recording, code);
    return inC === undefined || (main !== undefined && isStartCode(recording, code, inC, main)) ? (main ?? line) : inC;
  }
  if (uncaughtText(end, recording.history) !== undefined) return Math.max(thrownAt(end, recording.history), 0);
  if (code.lineKeys[recording.cursorOf(line)] !== NO_LINE) return line;
  return (exceptionOf(end, recording, code)?.filter === 'abort' ? inC : undefined) ?? line;
}

/** Whether code with lines of its own ran behind the line at which the end is shown: handlers of `atexit`, destructors. */
function ranAfterwards(recording: Recording, code: CodeMap): boolean {
  const { end, history, reached } = recording;
  if (end === undefined) return false;
  const marks = Uint8Array.from(code.lineKeys, (key) => Number(key !== NO_LINE));
  return history.lastMarked(marks, 0, reached) > shownAt(recording, code, end.line);
}

/** Whether a line is of a call that waited for `main`, in another file than `main` is in. */
function isStartCode(recording: Recording, code: CodeMap, line: number, main: number): boolean {
  const fileOf = (of: number) => code.lineOf(code.lineKeys[recording.cursorOf(of)]).file;
  const depth = recording.depthOf(line);
  const isAround = depth < recording.depthOf(main) && (depth === 0 || recording.moment(line).callLine(depth) < main);
  return isAround && fileOf(line) !== fileOf(main);
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

/** What went wrong; undefined for a program that ended by itself, with whatever code. */
function troubleOf(recording: Recording, code: CodeMap): Omit<Exception, 'filter'> | undefined {
  return recording.failure || recording.end?.kind === 'trap' ? exceptionAtEnd(recording, code) : undefined;
}

/** Titles of what a run stops by without an end. */
const TITLES = { budget: 'Out of tokens', memory: 'Out of memory', error: 'The model failed' };

/** The end as an exception: the program's, or that of a run which cannot go on. */
export function exceptionAtEnd(recording: Recording, code: CodeMap): Omit<Exception, 'filter'> {
  const { end, failure } = recording;
  const exception = end && !failure ? exceptionOf(end, recording, code) : undefined;
  if (exception) return exception;
  const title = TITLES[failure?.kind ?? 'error'];
  return { id: failure?.kind ?? 'error', title, text: failure?.message ?? '' };
}

/** The open calls that are in C, innermost first, a line each. */
function stackText(frames: readonly DebugProtocol.StackFrame[]): string {
  const inC = frames.filter(({ presentationHint }) => presentationHint !== 'subtle');
  return inC.map(({ name, source, line }) => `at ${name} (${source?.name}:${line})`).join('\n');
}

/** As a process would give it. */
export function exitStatus({ end, failure }: Recording): number {
  if (failure) return failure.kind === 'error' ? EXIT_STATUS.modelFailed : EXIT_STATUS.budget;
  return end?.kind === 'trap' ? EXIT_STATUS.trap : (end?.code ?? 0);
}

/** Whether the program has ended, or cannot go on. */
export function isOver({ reason, exception }: Stop): boolean {
  return reason === 'end' || (reason === 'exception' && !exception);
}
