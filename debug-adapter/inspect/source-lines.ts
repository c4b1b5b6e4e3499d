/** Lines of the program's sources, for sentences that quote them. */
import { readFileSync } from 'node:fs';

/** Files are read when first asked for; one that is gone has no lines. */
export class SourceLines {
  private readonly files = new Map<string, readonly string[]>();

  /** A line (from 1) without the space around it; undefined where there is none. */
  at(file: string, line: number): string | undefined {
    let lines = this.files.get(file);
    if (!lines) {
      lines = read(file);
      this.files.set(file, lines);
    }
    return lines[line - 1]?.trim() || undefined;
  }
}

function read(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    return [];
  }
}
