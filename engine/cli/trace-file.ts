/** The trace as a text file, written while it is generated: a line per executed instruction. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import type { Context } from '../run/contexts.ts';
import type { History } from '../trace/history.ts';

/** Lines per write. */
const LINES = 4096;

export class TraceFile {
  private readonly descriptor: number;
  private readonly file: string;
  /** What is written, and up to which line. */
  private history: History | undefined;
  private written = 0;

  /** @throws PlacedError when the file cannot be written */
  constructor(file: string) {
    this.file = file;
    this.descriptor = this.attempt(() => openSync(file, 'w'));
  }

  /** Writes the lines of a context that are complete and not written yet. */
  write({ history, first }: Context): void {
    if (history !== this.history) this.written = first;
    this.history = history;
    while (this.written < history.lines) {
      const end = Math.min(this.written + LINES, history.lines);
      let text = '';
      for (; this.written < end; this.written++) text += `${history.text(this.written)}\n`;
      this.attempt(() => writeSync(this.descriptor, text));
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private attempt<T>(step: () => T): T {
    try {
      return step();
    } catch (error) {
      throw new PlacedError(`the trace cannot be written: ${(error as Error).message}`, { file: this.file });
    }
  }
}
