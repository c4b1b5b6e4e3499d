/**
 * Standard input that is typed while the program runs: whenever it reads what there is not yet, the next piece is waited for,
 * which of a terminal is a line.
 */
import type { Run } from '../run/run.ts';

export class TypedInput {
  /** All that was typed. */
  readonly pieces: Uint8Array[] = [];
  /** Whether no more will come. */
  ended = false;
  private isAbandoned = false;
  private readonly stream: AsyncIterator<Uint8Array>;

  constructor(stream: AsyncIterable<Uint8Array>) {
    this.stream = stream[Symbol.asyncIterator]();
  }

  /** Gives a run that wants input the next piece, or the end of all. */
  async answer(run: Pick<Run, 'give'>): Promise<void> {
    const { value, done } = await this.stream.next();
    if (this.isAbandoned) return;
    this.ended = done === true;
    if (!done) this.pieces.push(value);
    run.give(done ? new Uint8Array() : value, this.ended);
  }

  /** The run is given nothing more, whatever comes. */
  abandon(): void {
    this.isAbandoned = true;
  }

  /** Waits for no more: the process may end. */
  async close(): Promise<void> {
    await this.stream.return?.();
  }
}
