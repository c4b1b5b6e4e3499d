/**
 * The events of a module that V8 runs in a thread of its own, one after the other. The thread is at most a few chunks
 * ahead, so memory is bounded however long the program runs; whoever reads waits for it, which costs microseconds: a
 * native run is a thousand times faster than what it is compared with, and cannot go on for long without an event.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, type Worker } from 'node:worker_threads';
import { startThread } from '../threads.ts';
import { type Chunk, EVENT_WORDS, type EventsJob, SENT, TAKEN, type ToThread } from './event-chunks.ts';
import type { NativeEnd } from './execution.ts';

/** Milliseconds without any event after which the thread counts as lost: it could not be started, or has no room. */
const PATIENCE = 20_000;

/** How a stream ended: as the run did; or the program reads input that was not given, or V8 says nothing any more. */
export type StreamEnd = NativeEnd | { readonly kind: 'input' } | { readonly kind: 'lost' };

/** See the file's comment. */
export class EventStream {
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly counts = new Int32Array(new SharedArrayBuffer(8));
  private chunk: Chunk = { events: new Int32Array(0) };
  private at = 0;
  private isLost = false;

  /** @param wasm an instrumented module; `args`: whether arguments stand before the input of a program of WASI; `given`: one with files, as it was given */
  constructor(wasm: Uint8Array, args: boolean, given?: Uint8Array) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const job: EventsJob = { wasm, args, given, port: port2, counts: this.counts.buffer as SharedArrayBuffer };
    this.worker = startThread('native/events-worker', job, [port2]);
    // A thread that cannot go on is noticed by its silence.
    this.worker.on('error', () => {
      this.isLost = true;
    });
    this.worker.unref();
  }

  /** Whether there is an event next, which the four numbers below are of; if not, `end` says why. */
  get any(): boolean {
    while (this.at === this.chunk.events.length) if (!this.fill()) return false;
    return true;
  }

  get id(): number {
    return this.chunk.events[this.at];
  }

  get address(): number {
    return this.chunk.events[this.at + 1];
  }

  get low(): number {
    return this.chunk.events[this.at + 2];
  }

  get high(): number {
    return this.chunk.events[this.at + 3];
  }

  /** Goes past the event that is next. */
  skip(): void {
    this.at += EVENT_WORDS;
  }

  /** Why there is no next event. */
  get end(): StreamEnd {
    if (this.isLost) return { kind: 'lost' };
    return this.chunk.end ?? { kind: 'input' };
  }

  /** Gives input to the program, behind what was given before. `end`: no more will come. */
  give(bytes: Uint8Array, end: boolean): void {
    this.say({ kind: 'input', bytes, end });
    // What it waited for is there.
    if (this.chunk.waits) this.chunk = { events: this.chunk.events };
  }

  /** Ends the run and its thread. */
  close(): void {
    this.port.close();
    void this.worker.terminate();
  }

  /** Takes the next chunk, if there is one to come. */
  private fill(): boolean {
    if (this.isLost || this.chunk.end || this.chunk.waits) return false;
    const started = Date.now();
    for (;;) {
      const sent = Atomics.load(this.counts, SENT);
      const message: Chunk | undefined = receiveMessageOnPort(this.port)?.message;
      if (message) {
        this.chunk = message;
        this.at = 0;
        this.say({ kind: 'taken' });
        return true;
      }
      const left = started + PATIENCE - Date.now();
      this.isLost = left <= 0 || Atomics.wait(this.counts, SENT, sent, left) === 'timed-out';
      if (this.isLost) return false;
    }
  }

  private say(message: ToThread): void {
    this.port.postMessage(message);
    Atomics.add(this.counts, TAKEN, 1);
    Atomics.notify(this.counts, TAKEN);
  }
}
