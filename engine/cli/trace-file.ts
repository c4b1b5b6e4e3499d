/**
 * The trace as a text file, written while it is generated: a line per executed instruction, and behind the last which
 * instructions those were.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { PlacedError } from '../errors.ts';
import { instructionText } from '../isa/program.ts';
import { noteText, type TraceNote } from '../isa/trace-notes.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { sourcesOf } from '../recording/saved-recording.ts';
import { type Context, tokensOfRun } from '../run/contexts.ts';
import { hostPath } from '../toolchain/clang/paths.ts';
import type { Loaded } from '../toolchain/load.ts';
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
  /** Which instructions the lines so far executed. */
  private executed: Uint8Array = new Uint8Array();

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
    if (this.executed.length === 0) this.executed = new Uint8Array(history.program.ops.length);
    while (this.written < history.lines) {
      const end = Math.min(this.written + LINES, history.lines);
      let text = '';
      for (; this.written < end; this.written++) {
        text += `${textOf(context, this.written)}\n`;
        if (history.executes(this.written)) this.executed[history.cursorOf(this.written)] = 1;
      }
      this.attempt(() => this.put(Buffer.from(text)));
    }
  }

  /** A disk that is nearly full takes a part, and refuses the next. */
  private put(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
  }

  /** `loaded`: writes which instructions the lines executed, with the text of their sources. */
  close(loaded?: Loaded): void {
    if (loaded) this.attempt(() => this.put(Buffer.from(notesOf(loaded, this.executed))));
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

function notesOf(loaded: Loaded, executed: Uint8Array): string {
  const { program, debug } = loaded;
  const sources = new Map([...sourcesOf(loaded)].map(([file, text]) => [file, text.split(/\r?\n/)]));
  const sourceAt = (cursor: number): TraceNote['source'] => {
    const offset = program.offsets[cursor] - program.codeSection;
    const place = offset >= 0 && debug?.functionAt(offset) ? debug.nearestLineAt(offset) : undefined;
    const text = place && sources.get(hostPath(place.file))?.[place.line - 1]?.trim();
    return place && text ? { file: path.basename(place.file), line: place.line, text } : undefined;
  };
  let text = '';
  executed.forEach((isExecuted, cursor) => {
    if (isExecuted === 0) return;
    text += `${noteText(cursor, { instruction: instructionText(program, cursor), source: sourceAt(cursor) })}\n`;
  });
  return text;
}
