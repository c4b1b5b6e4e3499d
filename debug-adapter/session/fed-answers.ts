/**
 * Answers for which the model has to say again what it has not said yet: of a branch, or of a recording that was opened. It
 * does so in slices, and clients see how far it is and can take the question back.
 */
import { type Emit, isWork } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Pace, Work } from '../recording/pace.ts';
import { Unfed } from '../recording/passes.ts';
import type { Recording } from '../recording/recording.ts';
import { LongWork } from './progress.ts';

/** An answer that still wants tokens after the model was fed so often takes contexts by turns, and forgets one over the other. */
const MOST_FEEDINGS = 256;

/** See the file's comment. */
export class FedAnswers {
  private readonly emit: Emit;
  private readonly pace: Pace;
  /** What goes on, and whether it was taken back. */
  private readonly going = new Map<LongWork, { cancelled: boolean }>();

  constructor(emit: Emit, pace: Pace) {
    this.emit = emit;
    this.pace = pace;
  }

  /** The answer to a question about a recording. `isWanted`: whether anybody still waits for it. */
  answer<T>(recording: Recording, isWanted: () => boolean, ask: () => T | Work<T>): T | Work<T> {
    try {
      return ask();
    } catch (error) {
      if (!(error instanceof Unfed)) throw error;
      return this.later(recording, isWanted, ask, error.to);
    }
  }

  /** Takes back the question that this is the progress of. */
  cancel(progressId: string): void {
    for (const [work, state] of this.going) if (work.shown === progressId) state.cancelled = true;
  }

  private *later<T>(recording: Recording, isWanted: () => boolean, ask: () => T | Work<T>, first: number): Work<T> {
    const work = new LongWork(this.emit);
    const state = { cancelled: false };
    this.going.set(work, state);
    work.begin('Looking at the model');
    try {
      let to = first;
      for (let times = 0; times < MOST_FEEDINGS; times++) {
        for (const _ of recording.feed(to, this.pace)) {
          if (state.cancelled) throw new BadRequest('cancelled');
          // Each branch that is fed takes the place of another: two that were fed by turns would never be done.
          if (!isWanted()) throw new BadRequest('another branch is shown now');
          work.report(() => recording.feeding ?? '');
          yield;
        }
        try {
          const answer = ask();
          return isWork(answer) ? yield* answer : answer;
        } catch (error) {
          if (!(error instanceof Unfed)) throw error;
          to = error.to;
        }
      }
      throw new BadRequest('the answer needs tokens of too many contexts at once: ask for less of the run');
    } finally {
      this.going.delete(work);
      work.end();
    }
  }
}
