/** How a recording ended, in words and in the protocol's terms. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Recording } from '../recording/recording.ts';

/** Status of a run whose model failed, of one that ran out of tokens, and of one that trapped. */
const FAILED = 70;
const OUT_OF_BUDGET = 124;
const TRAPPED = 134;

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
  if (failure) return failure.kind === 'budget' ? OUT_OF_BUDGET : FAILED;
  return end?.kind === 'trap' ? TRAPPED : (end?.code ?? 0);
}
