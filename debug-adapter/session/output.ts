/**
 * The program's output, attributed to the C line that printed it: each byte is seen once, when its moment is first
 * reached. Clients are told of it in pieces of text as it comes, and can ask for all of it: in *chunks*, one for each
 * time that a C line printed, which are the same however the pieces were cut.
 */
import { OutputReader, type Stream } from '../../engine/trace/output.ts';
import type { AnswerOf, ArgumentsOf } from '../protocol/protocol.ts';
import type { CodeMap, SourcePlace } from '../recording/code-map.ts';
import { lineInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';

/** A piece of output. */
export interface OutputPiece {
  text: string;
  category: Category;
  /** The C line that printed it. */
  place: SourcePlace | undefined;
}

/** The streams as the protocol calls them. */
type Category = 'stdout' | 'stderr';
const CATEGORIES: Readonly<Record<Stream, Category>> = { output: 'stdout', errors: 'stderr' };

/** Output of one C line at one time. */
interface Chunk extends OutputPiece {
  /** The trace line that wrote its first byte. */
  traceLine: number;
  /** The one that wrote its last. */
  lastLine: number;
  /** The trace line that the C line's frame stood at: its call into the library. -1: nobody in C printed it. */
  printer: number;
}

/** Chunks given at once. */
const MOST_CHUNKS = 10_000;

/** Collects output while lines are executed for the first time. Lines are told in order, none left out. */
export class OutputCollector {
  private readonly recording: Recording;
  private readonly code: CodeMap;
  private readonly reader: OutputReader;
  private bytes: number[] = [];
  /** What they are of. */
  private printing: Pick<Chunk, 'category' | 'traceLine' | 'lastLine' | 'printer'> | undefined;
  private pieces: OutputPiece[] = [];
  private readonly chunks: Chunk[] = [];
  private readonly decoders: Readonly<Record<Category, TextDecoder>> = {
    stdout: new TextDecoder(),
    stderr: new TextDecoder(),
  };

  constructor(recording: Recording, code: CodeMap) {
    this.recording = recording;
    this.code = code;
    this.reader = new OutputReader(recording.history);
  }

  /** Lines `from` up to but not including `to` have been executed. */
  executed(from: number, to: number): void {
    const { recording } = this;
    this.reader.read(from, to, (byte, stream, traceLine) => {
      const category = CATEGORIES[stream];
      const printer = lineInC(recording.moment(traceLine), recording, this.code) ?? -1;
      if (printer !== this.printing?.printer || category !== this.printing.category) {
        this.cut();
        this.printing = { category, traceLine, lastLine: traceLine, printer };
      }
      this.printing.lastLine = traceLine;
      this.bytes.push(byte);
    });
  }

  /** What has been collected since the last call. Text cut within a character waits for its end. */
  take(): OutputPiece[] {
    this.cut();
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  /** The chunks so far, oldest first: no copies. */
  get printed(): readonly (Omit<OutputPiece, 'place'> & { readonly traceLine: number })[] {
    return this.chunks;
  }

  /** `stepformer/output`: everything that was printed so far, oldest first. */
  all({ start, count }: ArgumentsOf<'stepformer/output'>): AnswerOf<'stepformer/output'> {
    const most = count === 0 ? MOST_CHUNKS : Math.min(count, MOST_CHUNKS);
    const chunks = this.chunks.slice(start, start + most).map(({ text, category, traceLine, place }) => ({
      text,
      category,
      traceLine,
      token: this.recording.firstToken(traceLine),
      ...(place ? { place: { path: place.file, line: place.line } } : {}),
    }));
    return { chunks, total: this.chunks.length };
  }

  /** What was printed by a trace line and those behind it; a chunk that goes on there is among it. */
  from(line: number): AnswerOf<'stepformer/output'> {
    const before = this.chunks.findLastIndex(({ traceLine }) => traceLine < line);
    const goesOn = (this.chunks[before]?.lastLine ?? -1) >= line;
    const start = goesOn ? before : before + 1;
    const { chunks, total } = this.all({ start, count: 0 });
    return { chunks, total: total - start };
  }

  /** No more will come: of a character that was cut, what there is. */
  end(): void {
    this.cut();
    for (const category of ['stdout', 'stderr'] as const) this.give(this.decoders[category].decode(), category);
  }

  private cut(): void {
    const { printing } = this;
    if (this.bytes.length === 0 || !printing) return;
    const bytes = Uint8Array.from(this.bytes);
    this.bytes = [];
    this.give(this.decoders[printing.category].decode(bytes, { stream: true }), printing.category);
  }

  private give(text: string, category: Category): void {
    const { printing, recording } = this;
    if (text === '' || !printing) return;
    const { printer, traceLine, lastLine } = printing;
    const place = printer < 0 ? undefined : this.code.placeOf(recording.cursorOf(printer));
    this.pieces.push({ text, category, place });
    const last = this.chunks.at(-1);
    // What nobody in C printed is told apart by its lines.
    const isOpen = printer >= 0 || !last?.text.endsWith('\n');
    if (last && last.printer === printer && last.category === category && isOpen) {
      last.text += text;
      last.lastLine = lastLine;
    } else {
      this.chunks.push({ category, traceLine, lastLine, printer, text, place });
    }
  }
}
