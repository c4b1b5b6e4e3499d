/**
 * A trace line in C's terms, for people who know C and nothing of this machine: "reads `b` (5) – written by `int b = 5;` on
 * line 5, 5 instructions ago". The sentence of the instruction itself (engine/trace/sentence.ts) says how.
 */
import { formatValue } from '../../engine/debuginfo/index.ts';
import { OPCODES, type Opcode } from '../../engine/isa/opcodes.ts';
import { jumpTarget } from '../../engine/isa/program.ts';
import type { Moment } from '../../engine/trace/moment.ts';
import type { HeadlinePart } from '../protocol/protocol.ts';
import type { SourcePlace } from '../recording/code-map.ts';
import type { Debuggee } from '../recording/debuggee.ts';
import { cursorInC, type Frame, framesOf } from '../recording/frames.ts';
import type { Recording } from '../recording/recording.ts';
import type { SourceText } from '../recording/source-text.ts';
import { type NamedPart, namedVariables, partAt } from './naming.ts';
import { operatorOf, takesFrameBase } from './operation.ts';

/** What a headline is made from. */
export interface HeadlineSource {
  debuggee: Debuggee;
  recording: Recording;
  sources: SourceText;
}

/** The headline of a trace line; empty for a program without sources, whose instructions are all there is to tell. */
export function headline(source: HeadlineSource, line: number): HeadlinePart[] {
  const { debuggee, recording } = source;
  if (debuggee.code.files.size === 0) return [];
  return new Headline(source, line).tell().map((part) => recording.followed(part));
}

class Headline {
  private readonly parts: HeadlinePart[] = [];
  private readonly source: HeadlineSource;
  private readonly moment: Moment;
  private readonly frames: readonly Frame[];
  private readonly opcode: Opcode;
  private readonly imm: number;

  constructor(source: HeadlineSource, line: number) {
    const { recording, debuggee } = source;
    this.source = source;
    this.moment = recording.moment(line);
    this.frames = framesOf(this.moment, recording, debuggee.code);
    const cursor = recording.cursorOf(line);
    this.opcode = OPCODES[debuggee.program.ops[cursor]];
    this.imm = debuggee.program.imms[cursor];
  }

  tell(): HeadlinePart[] {
    const { circuit } = this.opcode;
    const isWhole = this.moment.line < this.source.recording.lines;
    if (isWhole && circuit === 'load') this.load();
    else if (isWhole && circuit === 'store') this.store();
    else if (isWhole && circuit === 'halt') this.end();
    else if (this.inLibrary) this.workInside();
    else if (isWhole && operatorOf(this.opcode)) this.compute();
    else this.work();
    return this.parts;
  }

  private say(text: string, more: Partial<HeadlinePart> = {}): void {
    this.parts.push({ text, ...more });
  }

  private load(): void {
    const address = this.moment.stack(this.moment.stackDepth - 1) + this.imm;
    const part = this.partAt(address);
    this.say('reads ');
    this.part(part, address, this.frames[0].moment);
    this.writer(this.moment.memoryWrite(address));
  }

  private store(): void {
    const address = this.moment.stack(this.moment.stackDepth - 2) + this.imm;
    const part = this.partAt(address);
    this.say('writes ');
    this.part(part, address, this.source.recording.moment(this.moment.line + 1));
    this.here(', for ');
  }

  /** "`b` (5)", the value as it is at a moment. */
  private part(part: NamedPart | undefined, address: number, moment: Moment): void {
    const { debuggee } = this.source;
    if (!part) {
      this.say(`${this.bytes} of memory at 0x${address.toString(16)}`);
      return;
    }
    const state = debuggee.state({ ...this.frames[0], moment });
    const functionInTable = (index: number) => debuggee.debug?.functionInTable(index);
    const value = formatValue(part.value, state, { functionInTable, limit: 40 });
    const token = moment.memoryWrite(address);
    this.say(part.name, { isCode: true });
    this.say(` (${value})`, { value, ...(token < 0 ? {} : { token }) });
    const owner = part.frame && part.frame.depth < this.moment.callDepth ? this.functionOf(part.frame) : undefined;
    if (owner) this.say(` of ${owner}`);
  }

  private get bytes(): string {
    const { access = 0 } = this.opcode;
    return access === 1 ? 'a byte' : `${access} bytes`;
  }

  private partAt(address: number): NamedPart | undefined {
    return partAt(namedVariables(this.source.debuggee, this.frames), address, this.opcode.access ?? 0);
  }

  /** Who wrote what is read: a C line, and how long ago; a token of the prompt is there from the beginning. */
  private writer(token: number): void {
    const { recording } = this.source;
    if (token < 0) {
      this.say(' – nothing has written it');
      return;
    }
    const line = recording.lineOfToken(token);
    if (line < 0) {
      this.say(' – its value from the beginning');
      return;
    }
    this.say(' – written by ');
    this.quote(this.placeOf(recording.moment(line)), token);
    const ago = this.moment.line - line;
    this.say(`, ${ago === 1 ? 'one instruction' : `${ago.toLocaleString('en')} instructions`} ago`);
  }

  private compute(): void {
    const { moment } = this;
    const top = moment.stackDepth - 1;
    const result = this.source.recording.moment(moment.line + 1);
    this.say('computes ');
    this.number(moment, top - 1);
    this.say(` ${operatorOf(this.opcode)} `);
    this.number(moment, top);
    this.say(' = ');
    this.number(result, result.stackDepth - 1);
    this.here(', for ');
  }

  private number(moment: Moment, index: number): void {
    const bits = moment.stackBits(index);
    const text = String(typeof bits === 'bigint' ? BigInt.asIntN(64, bits) : bits | 0);
    this.say(text, { value: text, token: moment.stackWrite(index) });
  }

  private end(): void {
    this.say('has ended the program: exit code ');
    this.say(String(this.source.recording.end?.code ?? 0), { token: this.moment.token });
  }

  private get inLibrary(): boolean {
    return this.source.debuggee.codeOffset(this.frames[0]) === undefined;
  }

  private workInside(): void {
    this.say('works inside ');
    this.say(this.frames[0].fn?.name ?? 'the library', { isCode: true });
    this.here(', called by ');
  }

  /** An instruction that by itself means little in C: a step on the way of a C line. */
  private work(): void {
    const { circuit, name, variant } = this.opcode;
    const { debuggee } = this.source;
    const { code } = debuggee;
    const [frame] = this.frames;
    if (circuit === 'const') {
      this.say(`takes the number ${this.imm | 0}`);
      this.here(', for ');
    } else if (circuit === 'return') {
      this.say(`returns from ${this.functionOf(frame)}`);
      this.here(', at ');
    } else if (circuit === 'branch' && variant === 'call') {
      const callee = name === 'call' ? code.functionAt(jumpTarget(frame.cursor, this.imm)) : undefined;
      this.say('calls ');
      this.say(callee?.name ?? 'a function', { isCode: true });
      this.here(', for ');
    } else if (takesFrameBase(debuggee, frame, this.moment, this.opcode, this.imm)) {
      this.variables(frame);
    } else {
      this.say('works on ');
      this.here('');
    }
  }

  /** The way to a variable: where those of the call are. With it most lines of C begin. */
  private variables(frame: Frame): void {
    if (this.beginsLine) {
      this.say('begins ');
      this.here('');
      this.say(`: looks up where the variables of ${this.functionOf(frame)} are`);
    } else {
      this.say(`looks up where the variables of ${this.functionOf(frame)} are`);
      this.here(', for ');
    }
  }

  /** Whether the instruction before belongs to another line of C. */
  private get beginsLine(): boolean {
    const { recording } = this.source;
    const here = this.placeOf(this.moment);
    const before = this.moment.line > 0 ? this.placeOf(recording.moment(this.moment.line - 1)) : undefined;
    return here !== undefined && (before?.line !== here.line || before.file !== here.file);
  }

  /** The C line that this is done for. */
  private here(words: string): void {
    const place = this.placeOf(this.moment);
    if (!place) return;
    this.say(words);
    this.quote(place);
  }

  private quote(place: SourcePlace | undefined, token?: number): void {
    if (!place) {
      this.say('the code before main', token === undefined ? {} : { token });
      return;
    }
    const text = this.source.sources.line(place.file, place.line)?.trim();
    const target = token === undefined ? {} : { token };
    if (text) this.say(text, { isCode: true, ...target });
    this.say(text ? ` on line ${place.line}` : `line ${place.line}`, text ? {} : target);
  }

  private placeOf(moment: Moment): SourcePlace | undefined {
    const { recording, debuggee } = this.source;
    const cursor = cursorInC(moment, recording, debuggee.code);
    return cursor === undefined ? undefined : debuggee.code.placeOf(cursor);
  }

  private functionOf({ cursor, fn }: Frame): string {
    return this.source.debuggee.code.sourceFunctionAt(cursor)?.name ?? fn?.name ?? '?';
  }
}
