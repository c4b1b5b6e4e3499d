/**
 * The program's output, attributed to the C line that printed it: each byte is seen once, when its moment is first
 * reached. Bytes are collected into pieces of one line of C, so that a client gets text rather than bytes.
 */
import { OutputReader, type Stream } from '../../engine/trace/output.ts';
import type { CodeMap, SourcePlace } from '../recording/code-map.ts';
import { cursorInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';

/** A piece of output. */
export interface OutputPiece {
  text: string;
  stream: Stream;
  /** The C line that printed it. */
  place: SourcePlace | undefined;
}

/** Collects output while lines are executed for the first time. Lines are told in order, none left out. */
export class OutputCollector {
  private readonly recording: Recording;
  private readonly code: CodeMap;
  private readonly reader: OutputReader;
  private bytes: number[] = [];
  /** The instruction of C that they come from. */
  private cursor: number | undefined;
  private stream: Stream = 'output';
  private pieces: OutputPiece[] = [];
  private readonly decoders: Readonly<Record<Stream, TextDecoder>> = {
    output: new TextDecoder(),
    errors: new TextDecoder(),
  };

  constructor(recording: Recording, code: CodeMap) {
    this.recording = recording;
    this.code = code;
    this.reader = new OutputReader(recording.history);
  }

  /** Lines `from` up to but not including `to` have been executed. */
  executed(from: number, to: number): void {
    this.reader.read(from, to, (byte, stream, line) => {
      const printer = cursorInC(this.recording.moment(line), this.recording, this.code);
      if (printer !== this.cursor || stream !== this.stream) this.cut();
      this.cursor = printer;
      this.stream = stream;
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

  /** No more will come: of a character that was cut, what there is. */
  end(): void {
    this.cut();
    for (const stream of ['output', 'errors'] as const) {
      const text = this.decoders[stream].decode();
      if (text !== '') this.pieces.push({ text, stream, place: undefined });
    }
  }

  private cut(): void {
    if (this.bytes.length === 0) return;
    const text = this.decoders[this.stream].decode(Uint8Array.from(this.bytes), { stream: true });
    this.bytes = [];
    const place = this.cursor === undefined ? undefined : this.code.placeOf(this.cursor);
    if (text !== '') this.pieces.push({ text, stream: this.stream, place });
  }
}
