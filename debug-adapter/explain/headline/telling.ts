/**
 * The parts that headlines are put together from: values, names, addresses, and the C line that something is done for. A trace
 * line, its machine, and what C calls the places in it.
 */
import { formatValue, quote } from '../../../engine/debuginfo/index.ts';
import { OPCODES, type Opcode } from '../../../engine/isa/opcodes.ts';
import { hexadecimal, isOnStack, STACK_POINTER } from '../../../engine/trace/addresses.ts';
import type { Moment } from '../../../engine/trace/moment.ts';
import type { HeadlinePart } from '../../protocol/protocol.ts';
import type { SourcePlace } from '../../recording/code-map.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import { cursorInC, type Frame, framesOf } from '../../recording/frames.ts';
import type { Recording } from '../../recording/recording.ts';
import type { SourceText } from '../../recording/source-text.ts';
import { type NamedPart, namedVariables, partAt } from '../naming.ts';

/** What a headline is made from. */
export interface HeadlineSource {
  debuggee: Debuggee;
  recording: Recording;
  sources: SourceText;
}

/** Characters of a C line that are quoted; of a value. */
const LINE_LIMIT = 60;
const VALUE_LIMIT = 40;

export class Telling {
  readonly parts: HeadlinePart[] = [];
  readonly source: HeadlineSource;
  readonly moment: Moment;
  readonly frames: readonly Frame[];
  readonly opcode: Opcode;
  readonly imm: number;
  private variables: NamedPart[] | undefined;

  constructor(source: HeadlineSource, line: number) {
    const { recording, debuggee } = source;
    this.source = source;
    this.moment = recording.moment(line);
    this.frames = framesOf(this.moment, recording, debuggee.code);
    const cursor = recording.cursorOf(line);
    this.opcode = OPCODES[debuggee.program.ops[cursor]];
    this.imm = debuggee.program.imms[cursor];
  }

  say(text: string, more: Partial<HeadlinePart> = {}): void {
    this.parts.push({ text, ...more });
  }

  code(text: string): void {
    this.say(text, { isCode: true });
  }

  /** The machine behind the line. */
  get behind(): Moment {
    return this.source.recording.moment(this.moment.line + 1);
  }

  /** "`b` (5)", the value as it is at a moment. */
  part(part: NamedPart, moment: Moment): void {
    const value = this.valueOf(part, moment);
    const token = moment.memoryWrite(part.address);
    this.code(part.name);
    this.say(` (${value})`, { value, ...(token < 0 ? {} : { token }) });
    const owner = part.frame && part.frame.depth < this.moment.callDepth ? this.functionOf(part.frame) : undefined;
    if (owner) this.say(` of ${owner}`);
  }

  valueOf(part: NamedPart, moment: Moment): string {
    const { debuggee } = this.source;
    const functionInTable = (index: number) => debuggee.debug?.functionInTable(index);
    const state = debuggee.state({ ...this.frames[0], moment });
    return formatValue(part.value, state, { functionInTable, limit: VALUE_LIMIT });
  }

  /** What lies at an address, in C. */
  partAt(address: number, size = this.opcode.access ?? 0): NamedPart | undefined {
    this.variables ??= namedVariables(this.source.debuggee, this.frames);
    return partAt(this.variables, address, size);
  }

  /** The text that begins at an address of the program's data, quoted as C does (zeros at a segment's end are not in it). */
  textAt(address: number): string | undefined {
    const segment = this.source.debuggee.program.data.find(
      ({ address: start, bytes }) => address >= start && address < start + bytes.length,
    );
    const rest = segment?.bytes.subarray(address - segment.address);
    const end = rest?.indexOf(0) ?? -1;
    const text = rest?.subarray(0, end < 0 ? rest.length : end);
    if (!text?.length || text.some((byte) => byte > 0x7e || (byte < 0x20 && (byte < 9 || byte > 13)))) return undefined;
    return text.length > VALUE_LIMIT ? `${quote(text.subarray(0, VALUE_LIMIT))}…` : quote(text);
  }

  /** A value of the operand stack. `unsigned`: read as one. */
  number(moment: Moment, index: number, unsigned = false): void {
    const text = this.numberAt(moment, index, unsigned);
    this.say(text, { value: text, token: moment.stackWrite(index) });
  }

  numberAt(moment: Moment, index: number, unsigned = false): string {
    const bits = moment.stackBits(index);
    if (typeof bits === 'bigint') return String(unsigned ? BigInt.asUintN(64, bits) : BigInt.asIntN(64, bits));
    return this.isAddress(bits >>> 0) ? hexadecimal(bits) : String(unsigned ? bits >>> 0 : bits | 0);
  }

  /** Whether a number is where something lies: on C's stack as far as it is in use, or in the program's data. */
  isAddress(value: number): boolean {
    const { program } = this.source.debuggee;
    const { globals, data } = program;
    // Where the toolchain puts things, numbers are large; small ones of foreign modules are mostly no addresses.
    if (value < 1 << 16 || !globals.some(({ name }) => name === STACK_POINTER)) return false;
    if (isOnStack(program, this.moment, value)) return true;
    if (data.some(({ address, bytes }) => value >= address && value < address + bytes.length)) return true;
    return this.partAt(value, 1) !== undefined;
  }

  /** The C line that this is done for. */
  here(words: string): void {
    const place = this.placeOf(this.moment);
    if (!place) return;
    this.say(words);
    this.quote(place);
  }

  /** A line of C as it stands there; `token`: what it wrote. */
  quote(place: SourcePlace | undefined, token?: number): void {
    if (!place) {
      this.say('the code before main', token === undefined ? {} : { token });
      return;
    }
    const target = token === undefined ? {} : { token, place: { path: place.file, line: place.line } };
    const text = this.source.sources.line(place.file, place.line)?.trim();
    const shown = text && text.length > LINE_LIMIT ? `${text.slice(0, LINE_LIMIT).trimEnd()}…` : text;
    if (shown) this.say(shown, { isCode: true, ...target });
    this.say(shown ? ` on line ${place.line}` : `line ${place.line}`, shown ? {} : target);
  }

  placeOf(moment: Moment): SourcePlace | undefined {
    const { recording, debuggee } = this.source;
    const cursor = cursorInC(moment, recording, debuggee.code);
    return cursor === undefined ? undefined : debuggee.code.placeOf(cursor);
  }

  functionOf({ cursor, fn }: Frame): string {
    return this.source.debuggee.code.sourceFunctionAt(cursor)?.name ?? fn?.name ?? '?';
  }
}
