/**
 * Questions about all of the recording at once, as far as the user has come. What answers them is work in slices: it
 * scans flat arrays, and looks only at the lines that it finds.
 */
import type { DataInfos } from '../../inspect/data-info.ts';
import type { Evaluation } from '../../inspect/evaluation.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import type { Pace, Work } from '../../recording/pace.ts';
import type { Recording } from '../../recording/recording.ts';
import type { Places } from '../whereabouts.ts';

/** What answers are made from. */
export interface Past {
  readonly debuggee: Debuggee;
  readonly recording: Recording;
  readonly evaluation: Evaluation;
  readonly data: DataInfos;
  readonly places: Places;
  readonly pace: Pace;
}

/** Lines scanned between two looks at the clock. */
const BATCH = 1 << 16;

/** Gives each line from `from` up to but not including `to` whose instruction is marked, in order, until `give` says stop. */
export function* eachMarked(
  { recording: { history }, pace }: Past,
  marks: Uint8Array,
  from: number,
  to: number,
  give: (line: number) => 'stop' | undefined,
): Work {
  for (let start = from; start < to; start += BATCH) {
    const end = Math.min(start + BATCH, to);
    for (let line = start - 1; ; ) {
      line = history.firstMarked(marks, line + 1, end);
      if (line < 0) break;
      if (give(line) === 'stop') return;
      if (pace.due()) yield;
    }
    if (pace.due()) yield;
  }
}

/** Per instruction of the program: 1 for those that are given. */
export function marksOf({ debuggee }: Past, cursors: Iterable<number>): Uint8Array {
  const marks = new Uint8Array(debuggee.program.ops.length);
  for (const cursor of cursors) marks[cursor] = 1;
  return marks;
}

/** A trace line as a moment and where it is in C. */
export function standingAt(
  { recording, places }: Past,
  traceLine: number,
): { traceLine: number; token: number; place?: { path: string; line: number } } {
  const { place } = places.of(traceLine);
  return { traceLine, token: recording.firstToken(traceLine), ...(place && { place }) };
}
