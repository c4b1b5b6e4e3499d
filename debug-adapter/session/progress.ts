/**
 * Reports of work that goes on: the status line's numbers a few times per second, and a progress that can be
 * cancelled for what takes longer than a moment.
 */

import type { Emit, Status, Whereabouts } from '../protocol/protocol.ts';

/** Milliseconds between two reports, and before work counts as long. */
const REPORT = 100;
const PATIENCE = 500;

let nextId = 1;

/** A progress that clients show of work that takes longer than a moment. */
export class LongWork {
  private readonly emit: Emit;
  private title = '';
  private id: string | undefined;
  private started = 0;
  private reported = 0;

  constructor(emit: Emit) {
    this.emit = emit;
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
  }

  /** Work goes on; false if it is too early to say so again. `message`: how far it is. */
  report(message: () => string): boolean {
    const time = performance.now();
    if (time - this.reported < REPORT) return false;
    this.reported = time;
    if (this.id !== undefined) {
      this.emit('progressUpdate', { progressId: this.id, message: message() });
    } else if (time - this.started > PATIENCE) {
      this.id = `stepformer-${nextId++}`;
      this.emit('progressStart', { progressId: this.id, title: this.title, message: message(), cancellable: true });
    }
    return true;
  }

  /** Work is over. */
  end(): void {
    if (this.id !== undefined) this.emit('progressEnd', { progressId: this.id });
    this.id = undefined;
  }

  /** Seconds since it began. */
  get seconds(): number {
    return (performance.now() - this.started) / 1000;
  }
}

/** Of the work of a session. */
export class Progress {
  private readonly emit: Emit;
  private readonly where: () => Whereabouts;
  private readonly feeding: () => string | undefined;
  private readonly work: LongWork;
  private firstToken = 0;
  private tokensPerSecond = 0;

  /** `feeding` says how far the model is with tokens that were recorded. */
  constructor(emit: Emit, where: () => Whereabouts, feeding: () => string | undefined) {
    this.emit = emit;
    this.where = where;
    this.feeding = feeding;
    this.work = new LongWork(emit);
  }

  /** See `LongWork`. */
  get shown(): string | undefined {
    return this.work.shown;
  }

  begin(title: string): void {
    this.work.begin(title);
    this.firstToken = this.where().now;
  }

  report(): void {
    if (this.work.report(() => this.feeding() ?? this.line())) this.status('running');
  }

  end(state: 'stopped' | 'ended'): void {
    this.work.end();
    this.status(state);
  }

  private line(): string {
    const { traceLine, now } = this.where();
    return `line ${traceLine.toLocaleString('en')} · token ${now.toLocaleString('en')}`;
  }

  private status(state: Status['state']): void {
    const where = this.where();
    const { seconds } = this.work;
    const generated = where.now - this.firstToken;
    // A step that generates a handful of tokens says nothing about speed.
    if (generated > 1000 && seconds > 0.05) this.tokensPerSecond = Math.round(generated / seconds);
    this.emit('stepformer/status', { ...where, state, tokensPerSecond: this.tokensPerSecond });
  }
}
