/**
 * Reports of work that goes on: the status line's numbers a few times per second, and a progress that can be
 * cancelled for what takes longer than a moment.
 */

import type { Emit, Status, Whereabouts } from '../protocol/protocol.ts';

/** Milliseconds between two reports, and before work counts as long. */
const REPORT = 100;
const PATIENCE = 500;

let nextId = 1;

export class Progress {
  private readonly emit: Emit;
  private readonly where: () => Whereabouts;
  private title = '';
  private id: string | undefined;
  private started = 0;
  private reported = 0;
  private firstToken = 0;
  private tokensPerSecond = 0;

  constructor(emit: Emit, where: () => Whereabouts) {
    this.emit = emit;
    this.where = where;
  }

  /** The progress that clients see of the work that goes on. */
  get shown(): string | undefined {
    return this.id;
  }

  /** Work begins. `title` says what it is, for people. */
  begin(title: string): void {
    this.title = title;
    this.started = performance.now();
    this.reported = this.started;
    this.firstToken = this.where().now;
  }

  /** Work goes on. */
  report(): void {
    const time = performance.now();
    if (time - this.reported < REPORT) return;
    this.reported = time;
    this.status('running');
    const { traceLine, now } = this.where();
    const message = `line ${traceLine.toLocaleString('en')} · token ${now.toLocaleString('en')}`;
    if (this.id !== undefined) {
      this.emit('progressUpdate', { progressId: this.id, message });
    } else if (time - this.started > PATIENCE) {
      this.id = `stepformer-${nextId++}`;
      this.emit('progressStart', { progressId: this.id, title: this.title, message, cancellable: true });
    }
  }

  /** Work is over. */
  end(state: 'stopped' | 'ended'): void {
    if (this.id !== undefined) this.emit('progressEnd', { progressId: this.id });
    this.id = undefined;
    this.status(state);
  }

  private status(state: Status['state']): void {
    const where = this.where();
    const seconds = (performance.now() - this.started) / 1000;
    const generated = where.now - this.firstToken;
    // A step that generates a handful of tokens says nothing about speed.
    if (generated > 1000 && seconds > 0.05) this.tokensPerSecond = Math.round(generated / seconds);
    this.emit('stepformer/status', { ...where, state, tokensPerSecond: this.tokensPerSecond });
  }
}
