/**
 * Answers that take long: work in slices that a thread does a little of now and then, one answer after the other, so
 * that none waits for another that is longer.
 */
import { BadRequest } from '../protocol/schema.ts';
import { type Pace, SLICE, type Work } from '../recording/pace.ts';
import { type Reply, toRemote } from './rpc.ts';

/** An answer that is being worked on. */
interface Pending {
  readonly id: number;
  readonly work: Work<unknown>;
  /** What the work takes its slices of. */
  readonly pace: Pace;
}

/** See the file's comment. */
export class SlowAnswers {
  private pending: Pending[] = [];
  private readonly send: (reply: Reply) => void;

  constructor(send: (reply: Reply) => void) {
    this.send = send;
  }

  get busy(): boolean {
    return this.pending.length > 0;
  }

  add(id: number, work: Work<unknown>, pace: Pace): void {
    this.pending.push({ id, work, pace });
  }

  /** Works on one of them for a slice. */
  work(): void {
    const next = this.pending.shift();
    if (!next) return;
    const { id, work, pace } = next;
    pace.begin(SLICE);
    try {
      const step = work.next();
      if (step.done) this.send({ id, body: step.value });
      else this.pending.push(next);
    } catch (error) {
      this.send({ id, error: toRemote(error) });
    }
  }

  /** Takes the call of this number back, if its answer is not there yet. */
  cancel(id: number): void {
    this.refuse('cancelled', (pending) => pending.id === id);
  }

  /** Takes everything back. */
  clear(reason: string): void {
    this.refuse(reason, () => true);
  }

  private refuse(reason: string, isMeant: (pending: Pending) => boolean): void {
    const meant = this.pending.filter(isMeant);
    this.pending = this.pending.filter((pending) => !isMeant(pending));
    for (const { id } of meant) this.send({ id, error: toRemote(new BadRequest(reason)) });
  }
}
