/** A line on a terminal that says how far generation is; nothing where stderr is no terminal. */
import type { WriteStream } from 'node:tty';

/** What is shown. */
export interface Counts {
  readonly generated: number;
  readonly lines: number;
  readonly seconds: number;
}

/** Milliseconds between two updates. */
const INTERVAL = 200;

export class ProgressLine {
  private readonly stream: WriteStream | undefined;
  private shown = false;
  private last = performance.now();

  constructor(stream: WriteStream | undefined) {
    this.stream = stream?.isTTY ? stream : undefined;
  }

  show({ generated, lines, seconds }: Counts): void {
    const time = performance.now();
    if (!this.stream || time - this.last < INTERVAL) return;
    this.last = time;
    const rate = seconds > 0 ? Math.round(generated / seconds) : 0;
    const text = `${format(generated)} tokens · ${format(lines)} lines · ${format(rate)} tokens/s`;
    this.stream.write(`\r\x1b[K${text}`);
    this.shown = true;
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.shown) this.stream?.write('\r\x1b[K');
    this.shown = false;
  }
}

const format = (value: number) => value.toLocaleString('en');
