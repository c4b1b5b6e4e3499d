/** Questions of which only the latest matters: one is under way at a time, and what was wanted meanwhile is asked next. */

export class Latest<Q, A> {
  private readonly ask: (question: Q) => Promise<A>;
  private readonly give: (answer: A, question: Q) => void;
  private readonly fail: (error: Error) => void;
  private isBusy = false;
  private next: { question: Q } | undefined;
  private isOver = false;

  constructor(ask: (question: Q) => Promise<A>, give: (answer: A, question: Q) => void, fail: (error: Error) => void) {
    this.ask = ask;
    this.give = give;
    this.fail = fail;
  }

  /** Asks, now or when the question before is answered. */
  want(question: Q): void {
    this.next = { question };
    void this.turn();
  }

  /** Nobody waits for answers any more. */
  end(): void {
    this.isOver = true;
    this.next = undefined;
  }

  private async turn(): Promise<void> {
    if (this.isBusy || !this.next) return;
    const { question } = this.next;
    this.next = undefined;
    this.isBusy = true;
    try {
      const answer = await this.ask(question);
      if (!this.isOver) this.give(answer, question);
    } catch (error) {
      if (!this.isOver) this.fail(error as Error);
    } finally {
      this.isBusy = false;
    }
    void this.turn();
  }
}
