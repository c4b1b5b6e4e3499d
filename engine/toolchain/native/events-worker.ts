/** The thread in which V8 runs an instrumented module; its events leave as they happen. One run per thread. */
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { EVENTS } from '../instrument/instrument.ts';
import {
  CHUNK_EVENTS,
  type Chunk,
  EVENT_WORDS,
  type EventsJob,
  MOST_CHUNKS,
  OUTPUT_EVENT,
  SENT,
  TAKEN,
  type ToThread,
} from './event-chunks.ts';
import { execute } from './execution.ts';

class Teller {
  private readonly job: EventsJob;
  private readonly counts: Int32Array;
  private events = new Int32Array(CHUNK_EVENTS * EVENT_WORDS);
  private length = 0;
  private underWay = 0;
  private input = new Uint8Array(0);
  private read = 0;
  private inputEnds = false;

  constructor(job: EventsJob) {
    this.job = job;
    this.counts = new Int32Array(job.counts);
  }

  async run(): Promise<void> {
    const { wasm, given, args } = this.job;
    const io = {
      write: (byte: number) => this.tell(OUTPUT_EVENT, byte & 0xff, 1, 0),
      writeError: (byte: number) => this.tell(OUTPUT_EVENT, byte & 0xff, 2, 0),
      read: () => this.nextByte(),
      args,
    };
    const tell = (id: number, address: number, low: number, high: number) => this.tell(id, address, low, high);
    const end = execute(wasm, io, given && (await (await import('./host.ts')).nativeHost(given)), {
      [EVENTS.module]: { [EVENTS.name]: tell },
    });
    this.send({ end });
  }

  private tell(id: number, address: number, low: number, high: number): void {
    const { events, length } = this;
    events[length] = id;
    events[length + 1] = address;
    events[length + 2] = low;
    events[length + 3] = high;
    this.length += EVENT_WORDS;
    if (this.length < events.length) return;
    this.send({});
    while (this.underWay >= MOST_CHUNKS) this.hear();
  }

  private send(more: Omit<Chunk, 'events'>): void {
    const events = this.events.subarray(0, this.length).slice();
    this.length = 0;
    this.underWay++;
    this.job.port.postMessage({ events, ...more } satisfies Chunk, [events.buffer]);
    Atomics.add(this.counts, SENT, 1);
    Atomics.notify(this.counts, SENT);
  }

  private nextByte(): number {
    for (let asked = false; this.read >= this.input.length && !this.inputEnds; ) {
      if (this.poll()) continue;
      if (!asked) this.send({ waits: true });
      asked = true;
      this.hear();
    }
    return this.read < this.input.length ? this.input[this.read++] : -1;
  }

  /** Waits for a message. */
  private hear(): void {
    const heard = Atomics.load(this.counts, TAKEN);
    if (!this.poll()) Atomics.wait(this.counts, TAKEN, heard);
  }

  /** Takes a message, if there is one. */
  private poll(): boolean {
    const message: ToThread | undefined = receiveMessageOnPort(this.job.port)?.message;
    if (!message) return false;
    if (message.kind === 'taken') this.underWay--;
    else {
      const { bytes, end } = message;
      this.input = Uint8Array.from([...this.input.subarray(this.read), ...bytes]);
      this.read = 0;
      this.inputEnds = end;
    }
    return true;
  }
}

await new Teller((workerData as { job: EventsJob }).job).run();
