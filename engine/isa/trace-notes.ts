/**
 * What stands behind a trace that is kept as text: the instructions that were executed, each with the line of C that it was
 * compiled from. With them, and the trace's own jumps, every line can be named by whoever is given the file alone.
 *
 *     ;;@ 12 | i32.load offset=24 | add.c:6 | int sum = a + b;
 */

/** The instruction that a run executes first. */
export const FIRST_CURSOR = 1;

export interface TraceNote {
  readonly instruction: string;
  /** Of code with lines: the name of the file, without its folder, the line (from 1) and its text. */
  readonly source?: { readonly file: string; readonly line: number; readonly text: string };
}

export function noteText(cursor: number, { instruction, source }: TraceNote): string {
  const place = source ? ` | ${source.file}:${source.line} | ${source.text}` : '';
  return `;;@ ${cursor} | ${instruction}${place}`;
}

const NOTE = /^;;@ (\d{1,9}) \| ([^|]+?)(?: \| ([^|]+):(\d{1,9}) \| (.*))?$/;

/** By the number of the instruction; what is no note is passed over. */
export function notesIn(lines: Iterable<string>): ReadonlyMap<number, TraceNote> {
  const notes = new Map<number, TraceNote>();
  for (const text of lines) {
    const [found, cursor, instruction, file, line, source] = NOTE.exec(text) ?? [];
    if (found === undefined) continue;
    notes.set(Number(cursor), {
      instruction,
      ...(file !== undefined && { source: { file, line: Number(line), text: source } }),
    });
  }
  return notes;
}
