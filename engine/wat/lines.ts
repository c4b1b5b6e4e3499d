/** Lines and columns of a text. Both count from 1, columns in UTF-16 units as editors count. */
export class Lines {
  private readonly text: string;
  private readonly starts: number[] = [0];

  constructor(text: string) {
    this.text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** Line and column of a character, which counts from 0. O(log lines). */
  placeOf(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - this.starts[low] + 1 };
  }

  /** Where a line begins; the end of the text for one that is not there. */
  startOf(line: number): number {
    return this.starts[line - 1] ?? this.text.length;
  }

  /** The character at a line and a column that counts bytes of UTF-8. */
  offsetOfByte(line: number, column: number): number {
    const start = this.startOf(line);
    const bytes = new TextEncoder().encode(this.text.slice(start, this.startOf(line + 1)));
    return start + new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, column - 1)).length;
  }
}
