/**
 * Standard input that is asked for: a motion that comes to a read of what there is not waits here until the client gives
 * some, or somebody pauses. While it waits nothing is generated.
 */
import type { AnswerOf, ArgumentsOf, Emit } from '../protocol/protocol.ts';
import { BadRequest } from '../protocol/schema.ts';
import type { Recording } from '../recording/recording.ts';

/** Two pieces of input as one. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** See the file's comment. */
export class StandardInput {
  /** Whether a motion waits. */
  waits = false;
  /** What was given, and whether it has ended: a restart begins with it. */
  readonly typed: { bytes: Uint8Array; end: boolean } = { bytes: new Uint8Array(), end: false };
  private readonly recording: Recording;
  private readonly emit: Emit;

  constructor(recording: Recording, emit: Emit) {
    this.recording = recording;
    this.emit = emit;
  }

  /** Takes note of input that the program has: typed now, or before a restart. */
  note(bytes: Uint8Array, end: boolean): void {
    const { typed } = this;
    typed.bytes = joined(typed.bytes, bytes);
    typed.end = end;
  }

  /** Takes over what was typed on another branch, as far as this one has it. */
  typedBefore({ typed, recording }: StandardInput): void {
    const { input } = this.recording.history;
    const launchedWith = recording.history.input.count - typed.bytes.length;
    this.note(typed.bytes.subarray(0, input.count - launchedWith), typed.end && input.end >= 0);
  }

  /** A motion wants input. */
  ask(): void {
    this.waits = true;
    this.emit('stepformer/inputNeeded', {});
  }

  /** What the client gives. @throws BadRequest while none is wanted, and for nothing at all */
  give({ text, end }: ArgumentsOf<'stepformer/input'>): AnswerOf<'stepformer/input'> {
    if (!this.recording.wantsInput) throw new BadRequest('the program does not wait for input');
    if (text === '' && !end) throw new BadRequest('no input: give some text, or say that it ends');
    const bytes = new TextEncoder().encode(text);
    this.recording.give(bytes, end);
    this.note(bytes, end);
    this.waits = false;
    return {};
  }
}
