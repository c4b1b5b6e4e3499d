/** The trace as a text file, written while it is generated: a line per executed instruction. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { PlacedError } from '../errors.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { type Context, tokensOfRun } from '../run/contexts.ts';
import type { History } from '../trace/history.ts';
import { lineText } from '../trace/notation.ts';

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
  write(context: Context): void {
    const { history, first } = context;
    if (history !== this.history) this.written = first;
    this.history = history;
    while (this.written < history.lines) {
      const end = Math.min(this.written + LINES, history.lines);
      let text = '';
      for (; this.written < end; this.written++) text += `${textOf(context, this.written)}\n`;
      this.attempt(() => this.put(Buffer.from(text)));
    }
  }

  /** A disk that is nearly full takes a part, and refuses the next. */
  private put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
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

/** A line as it stands in the run. */
function textOf(context: Context, line: number): string {
  const { history, read } = context;
  const isInput = read > 0 && history.tokenAt(history.firstToken(line)) === TOKEN.input;
  if (!isInput) return history.text(line);
  const tokens = tokensOfRun(context, line, line + 1);
  return lineText(tokens, 0, tokens.length);
}
