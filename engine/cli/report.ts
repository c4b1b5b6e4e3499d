/** What is said of a run: how it ended, where, and what it cost; in words, and as `run --json` prints it. */
import { PlacedError } from '../errors.ts';
import type { ContextRun } from '../run/contexts.ts';
import { EXIT_STATUS, statusOfCode } from '../run/exit-status.ts';
import { budgetText, type Stop } from '../run/run.ts';
import { stackOverflow } from '../run/stack-overflow.ts';
import type { ReplyCache } from '../toolchain/cache/reply-cache.ts';
import { type Loaded, sourceLine } from '../toolchain/load.ts';
import { thrownAt, UNCAUGHT, uncaughtText } from '../trace/uncaught.ts';
import type { Model } from '../transformer/model.ts';

/** How a run ended. */
export interface Ending {
  readonly kind: 'halt' | 'trap' | 'budget' | 'interrupted' | 'failed';
  readonly code: number | null;
  readonly reason: string | null;
  /** Of a trap that is an overflow of the stack: which, in words. */
  readonly overflow?: string;
  /** Of a trap at an exception that nothing caught: which, as the program wrote it. */
  readonly uncaught?: string;
  /** Of what did not halt, where there is C. */
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** Why no more is generated: as the run says, or somebody wants no more. */
export type Ended = Stop | { readonly kind: 'interrupted' };

/** How a run stopped, with the C line where it did. @throws Error for a fault that is not the model's */
export function endingOf(stop: Ended, run: ContextRun, loaded: Loaded): Ending {
  if (stop.kind === 'ended' && stop.end.kind === 'halt') {
    return { kind: 'halt', code: stop.end.code, reason: null, file: undefined, line: undefined };
  }
  const place = placeOf(run, loaded);
  const at = { code: null, file: place?.file, line: place?.line };
  switch (stop.kind) {
    case 'ended': {
      const uncaught = uncaughtText(stop.end, run.history);
      return {
        kind: 'trap',
        reason: uncaught === undefined ? (stop.end.reason ?? null) : UNCAUGHT,
        uncaught,
        overflow: stackOverflow(stop.end, run.history),
        ...at,
      };
    }
    case 'budget':
      return { kind: 'budget', reason: `${budgetText(stop.tokens)} (--max-tokens)`, ...at };
    case 'interrupted':
      return { kind: 'interrupted', reason: `interrupted after ${run.generated.toLocaleString('en')} tokens`, ...at };
    case 'input':
      return { kind: 'failed', reason: 'the program reads input, and no more is given', ...at };
    case 'failed':
      if (!(stop.error instanceof PlacedError)) throw stop.error;
      return { kind: 'failed', reason: stop.error.message, ...at };
  }
}

/**
 * The C line of the last line (of the next one, where a context has just begun), or of the innermost call that has one; of an
 * exception that nothing caught, where it was thrown.
 */
function placeOf(
  { history, first }: ContextRun,
  { program, debug }: Loaded,
): { file: string; line: number } | undefined {
  const { offsets, codeSection } = program;
  const { end } = history;
  const thrown = end && uncaughtText(end, history) !== undefined ? thrownAt(end, history) : -1;
  const last = thrown >= 0 ? thrown : Math.max(first, history.lines - 1);
  for (const line of [last, ...[...history.moment(last).calls].reverse()]) {
    const offset = offsets[history.cursorOf(line)];
    const found = offset < 0 ? undefined : sourceLine(debug, offset - codeSection);
    if (found) return found;
  }
  return undefined;
}

/** The exit status of a run that ended so. */
export function statusOf({ kind, code }: Ending): number {
  switch (kind) {
    case 'halt':
      return statusOfCode(code ?? 0);
    case 'trap':
      return EXIT_STATUS.trap;
    case 'budget':
      return EXIT_STATUS.budget;
    case 'interrupted':
      return EXIT_STATUS.interrupted;
    case 'failed':
      return EXIT_STATUS.modelFailed;
  }
}

/** What does not show in the output. */
export function endingText({ kind, reason, overflow, file, line }: Ending): string {
  if (kind === 'halt') return '';
  return `${file === undefined ? '' : `${file}:${line}: `}${overflow ?? `${kind === 'trap' ? 'trap: ' : ''}${reason}`}\n`;
}

/** What the run cost. */
export function summaryText({ generated, lines, seconds, count: contexts }: ContextRun, model: Model): string {
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const { layers, dModel, heads } = model.sizes();
  const several = contexts > 1 ? ` in ${count(contexts)} contexts` : '';
  return `${count(generated)} tokens${several}, ${count(lines)} instructions in ${seconds.toFixed(2)} s: ${count(generated / seconds)} tokens/s (${layers} layers, d_model ${dModel}, ${heads} heads)\n`;
}

/** What the compiler was spared, or why it was not. */
export function cacheText({ language, cached }: Loaded, cache: ReplyCache | undefined): string {
  if (language !== 'c' || !cache) return '';
  if (cached) return `compiled before: taken from ${cache.folder}\n`;
  if (cache.problem) return `what was compiled could not be kept: ${cache.problem}\n`;
  return `compiled, and kept in ${cache.folder}\n`;
}

/** The run as `--json` prints it. */
export function reportOf(run: ContextRun, ending: Ending) {
  const { output, generated, lines, seconds } = run;
  const rate = (count: number) => (seconds > 0 ? count / seconds : 0);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return {
    output: text(output.of('output')),
    errors: text(output.of('errors')),
    exit: ending,
    tokens: { prefix: run.promptLength, generated },
    contexts: { count: run.count, carried: run.carriedTokens },
    lines,
    seconds,
    tokensPerSecond: rate(generated),
    linesPerSecond: rate(lines),
    peakBytes: run.peakBytes,
  };
}
