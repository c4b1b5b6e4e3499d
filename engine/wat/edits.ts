/** Replacements in a text, and the way back from the edited text to the original: errors are reported in the latter. */
export interface Edit {
  /** Characters `start` up to but not including `end` of the original. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export class Edits {
  private list: Edit[] = [];

  /** Whether a range lies in one that is replaced already. */
  covers(start: number, end: number): boolean {
    return this.list.some((edit) => edit.start <= start && end <= edit.end);
  }

  /** Replaces a range, and what was replaced in it. */
  add(edit: Edit): void {
    this.list = this.list.filter(({ start, end }) => start < edit.start || end > edit.end);
    this.list.push(edit);
    this.list.sort((a, b) => a.start - b.start);
  }

  /** The edited text. */
  apply(original: string): string {
    let at = 0;
    let result = '';
    for (const { start, end, text } of this.list) {
      result += original.slice(at, start) + text;
      at = end;
    }
    return result + original.slice(at);
  }

  /** The offset in the original of one in the edited text; of what was put in, where it was put. */
  originalOffset(offset: number): number {
    let shift = 0;
    for (const { start, end, text } of this.list) {
      const here = start + shift;
      if (offset < here) break;
      if (offset < here + text.length) return start;
      shift += text.length - (end - start);
    }
    return offset - shift;
  }
}
