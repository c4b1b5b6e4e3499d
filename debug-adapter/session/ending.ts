/** How a recording ended, in words and in the protocol's terms. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXIT_STATUS } from '../../engine/run/exit-status.ts';
import type { Recording } from '../recording/recording.ts';

/** The end of a program that ended by itself, as a sentence. */
export function endingText({ end, lines, generated }: Recording): string {
  return `The program ended with exit code ${end?.code ?? 0} after ${lines} lines (${generated} tokens).`;
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
