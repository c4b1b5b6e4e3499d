/** How a recording ended, in words and in the protocol's terms. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import { type Exception, exceptionOf } from '../breakpoints/exceptions.ts';
import type { CodeMap } from '../recording/code-map.ts';
import type { Recording } from '../recording/recording.ts';

/** How it ended, or why it cannot go on, as a sentence. */
export function endingText(recording: Recording, code: CodeMap): string {
  const { end, failure, lines, generated } = recording;
  if (failure) return failure.message;
  const exception = end && exceptionOf(end, recording, code);
  if (exception && exception.filter !== 'exit') return exception.text;
  return `The program ended with exit code ${end?.code ?? 0} after ${lines} lines (${generated} tokens).`;
}

/** `frames`: the stack there. */
export function exceptionInfo(
  { id, title, text }: Omit<Exception, 'filter'>,
  frames: readonly DebugProtocol.StackFrame[],
): DebugProtocol.ExceptionInfoResponse['body'] {
  const details = { message: text, typeName: title, stackTrace: stackText(frames) };
  return { exceptionId: id, description: text, breakMode: 'always', details };
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
