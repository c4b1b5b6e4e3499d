/**
 * Output breakpoints: stops before the trace line that prints the last byte of a text. Standard output and standard
 * error are looked through apart, as they are read; a match may be printed in pieces, by any number of calls.
 *
 * The search is Knuth, Morris and Pratt's (1977): it goes on with the recording, and never back.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { OutputReader, STREAMS, type Stream } from '../../engine/trace/output.ts';
import type { ArgumentsOf } from '../protocol/protocol.ts';
import type { Pace, Work } from '../recording/pace.ts';
import { type BreakpointKind, earlier, type Hits, type Program } from './kind.ts';

/** Where one text was printed, as far as the recording was looked through. */
class Search {
  readonly id: number;
  readonly text: string;
  /** Lines that end a match, ascending. */
  readonly matches: number[] = [];
  private readonly wanted: Uint8Array;
  /** Per length of a match so far: how much of it begins the text again, if the next byte does not fit. */
  private readonly fallback: Int32Array;
  private readonly matched: Record<Stream, number> = { output: 0, errors: 0 };
  private readonly streams: readonly Stream[];

  constructor(id: number, text: string, streams: readonly Stream[]) {
    this.id = id;
    this.text = text;
    this.streams = streams;
    this.wanted = new TextEncoder().encode(text);
    this.fallback = new Int32Array(this.wanted.length + 1);
    for (let length = 2; length <= this.wanted.length; length++) {
      this.fallback[length] = this.longer(this.fallback[length - 1], this.wanted[length - 1]);
    }
  }

  /** `line` prints a byte. */
  read(byte: number, stream: Stream, line: number): void {
    if (!this.streams.includes(stream)) return;
    const length = this.longer(this.matched[stream], byte);
    const isWhole = length === this.wanted.length;
    if (isWhole) this.matches.push(line);
    this.matched[stream] = isWhole ? this.fallback[length] : length;
  }

  /** How much of the text stands at the end when a byte follows `length` bytes of it. */
  private longer(length: number, byte: number): number {
    while (length > 0 && this.wanted[length] !== byte) length = this.fallback[length];
    return this.wanted[length] === byte ? length + 1 : 0;
  }
}

/** See the file's comment. */
export class OutputBreakpoints implements BreakpointKind {
  private readonly nextId: () => number;
  private wanted: { id: number; text: string; streams: readonly Stream[] }[] = [];
  private searches: Search[] = [];
  private program: Program | undefined;
  private reader: OutputReader | undefined;
  /** Lines that were looked through. */
  private seen = 0;

  constructor(nextId: () => number) {
    this.nextId = nextId;
  }

  get any(): boolean {
    return this.searches.length > 0;
  }

  set({ breakpoints }: ArgumentsOf<'stepformer/setOutputBreakpoints'>): DebugProtocol.Breakpoint[] {
    this.wanted = breakpoints.map(({ text, category }) => ({
      id: this.nextId(),
      text,
      streams: category === undefined ? STREAMS : [category === 'stdout' ? 'output' : 'errors'],
    }));
    return this.begin();
  }

  attach(program: Program): DebugProtocol.Breakpoint[] {
    this.program = program;
    this.reader = new OutputReader(program.recording.history);
    return this.begin();
  }

  next(from: number, to: number): number {
    this.lookUpTo(to);
    return this.searches.reduce((found, { matches }) => {
      const match = matches[firstFrom(matches, from)] ?? -1;
      return earlier(found, match < to ? match : -1);
    }, -1);
  }

  previous(from: number, to: number): number {
    this.lookUpTo(to);
    return this.searches.reduce((found, { matches }) => {
      const match = matches[firstFrom(matches, to) - 1] ?? -1;
      return Math.max(found, match >= from ? match : -1);
    }, -1);
  }

  // Nothing here takes long.
  *hitsAt(line: number, _pace: Pace): Work<Hits> {
    this.lookUpTo(line + 1);
    const found = this.searches.filter(({ matches }) => matches[firstFrom(matches, line)] === line);
    const description = found.length > 0 ? `${JSON.stringify(found[0].text)} is printed` : undefined;
    return { ids: found.map(({ id }) => id), logs: [], kind: 'output breakpoint', description };
  }

  /** Begins all searches anew. */
  private begin(): DebugProtocol.Breakpoint[] {
    this.seen = 0;
    const isPlaced = this.program !== undefined;
    const used = this.wanted.filter(({ text }) => isPlaced && text !== '');
    this.searches = used.map(({ id, text, streams }) => new Search(id, text, streams));
    return this.wanted.map(({ id, text }) => {
      if (!isPlaced) return { id, verified: false, message: 'The program is not loaded yet.' };
      return text === '' ? { id, verified: false, message: 'There is no text to wait for.' } : { id, verified: true };
    });
  }

  private lookUpTo(to: number): void {
    const { program, reader, searches } = this;
    if (!program || !reader || searches.length === 0) return;
    const end = Math.min(to, program.recording.lines);
    if (end <= this.seen) return;
    reader.read(this.seen, end, (byte, stream, line) => {
      for (const search of searches) search.read(byte, stream, line);
    });
    this.seen = end;
  }
}

/** Index of the first number of an ascending list that is not below `from`. */
function firstFrom(list: readonly number[], from: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
