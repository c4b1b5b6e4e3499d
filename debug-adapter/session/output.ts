/**
 * The program's output, attributed to the C line that printed it: each byte is seen once, when its moment is first
 * reached. Bytes are collected into pieces of one line of C, so that a client gets text rather than bytes.
 */
import { opcodeIndex } from '../../engine/isa/opcodes.ts';
import { TOKEN } from '../../engine/isa/vocabulary.ts';
import type { CodeMap, SourcePlace } from '../recording/code-map.ts';
import { cursorInC } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';

const WRITE = opcodeIndex('write_byte');

/** A piece of output. */
export interface OutputPiece {
  text: string;
  /** The C line that printed it. */
  place: SourcePlace | undefined;
}

/** Collects output while lines are executed for the first time. Lines are told in order, none left out. */
export class OutputCollector {
  private readonly recording: Recording;
  private readonly code: CodeMap;
  /** Per instruction: 1 where it writes. */
  private readonly writes: Uint8Array;
  private bytes: number[] = [];
  /** The instruction of C that they come from. */
  private cursor: number | undefined;
  private pieces: OutputPiece[] = [];
  private readonly decoder = new TextDecoder();

  constructor(recording: Recording, code: CodeMap) {
    this.recording = recording;
    this.code = code;
    this.writes = Uint8Array.from(code.program.ops, (op) => (op === WRITE ? 1 : 0));
  }

  /** Lines `from` up to but not including `to` have been executed. */
  executed(from: number, to: number): void {
    const { recording, writes } = this;
    const { history } = recording;
    let line = history.firstMarked(writes, from, to);
    for (; line >= 0; line = history.firstMarked(writes, line + 1, to)) {
      const printer = cursorInC(recording.moment(line), recording, this.code);
      if (printer !== this.cursor) this.cut();
      this.cursor = printer;
      this.bytes.push((recording.tokenAt(recording.firstToken(line)) - TOKEN.out) & 0xff);
    }
  }

  /** What has been collected since the last call. Text cut within a character waits for its end. */
  take(): OutputPiece[] {
    this.cut();
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private cut(): void {
    if (this.bytes.length === 0) return;
    const text = this.decoder.decode(Uint8Array.from(this.bytes), { stream: true });
    this.bytes = [];
    const place = this.cursor === undefined ? undefined : this.code.placeOf(this.cursor);
    if (text !== '') this.pieces.push({ text, place });
  }
}
