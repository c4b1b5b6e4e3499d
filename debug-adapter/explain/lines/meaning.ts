/**
 * A trace line in a few words of C, to stand beside it: `a = 3` where it reads, `sum ← 8` where it writes, `a + b = 8`. What
 * the sentence (engine/trace/sentence.ts) says in full is said here as short as it goes.
 */
import { formatValue } from '../../../engine/debuginfo/index.ts';
import { type Circuit, OPCODES, type Opcode } from '../../../engine/isa/opcodes.ts';
import { jumpTarget } from '../../../engine/isa/program.ts';
import { TOKEN } from '../../../engine/isa/vocabulary.ts';
import { hexadecimal, isOnStack } from '../../../engine/trace/addresses.ts';
import type { Moment } from '../../../engine/trace/moment.ts';
import { KIND, KINDS } from '../../../engine/trace/notation.ts';
import type { Debuggee } from '../../recording/debuggee.ts';
import { type Frame, framesOf } from '../../recording/frames.ts';
import type { Recording } from '../../recording/recording.ts';
import { type NamedPart, namedVariables, partAt } from '../naming.ts';
import { operatorOf, takesFrameBase } from '../operation.ts';

/** Calls in which names are looked for: a pointer seldom leads further out. */
const MOST_FRAMES = 4;

/** Characters of a value. */
const LIMIT = 24;

/** What lines of a circuit are about, where it is not an operator's operands and result. */
const WAYS: Partial<Record<Circuit, (line: LineMeaning) => string>> = {
  const: (line) => line.result(),
  load: (line) => line.load(),
  store: (line) => line.store(),
  'cell-get': (line) => line.get(),
  'cell-set': (line) => line.set(),
  branch: (line) => line.branch(),
  return: (line) => line.return(),
  read: (line) => `reads ${line.result()}`,
  write: (line) => `prints ${line.printed()}`,
  halt: (line) => `exit status ${line.exitCode()}`,
  none: (line) => line.forget(),
};

/** What a complete trace line does, in C's terms where it has any. */
export function meaning(debuggee: Debuggee, recording: Recording, line: number): string {
  const { history } = recording;
  if (!history.executes(line))
    return recording
      .sentence(line)
      .map(({ text }) => text)
      .join('');
  if (KINDS[history.tokenAt(history.firstToken(line + 1) - 1)] === KIND.trap) return `trap: ${history.end?.reason}`;
  return new LineMeaning(debuggee, recording, line).tell();
}

class LineMeaning {
  private readonly debuggee: Debuggee;
  private readonly recording: Recording;
  private readonly moment: Moment;
  private readonly frames: readonly Frame[];
  private readonly opcode: Opcode;
  private readonly imm: number;

  constructor(debuggee: Debuggee, recording: Recording, line: number) {
    this.debuggee = debuggee;
    this.recording = recording;
    this.moment = recording.moment(line);
    this.frames = framesOf(this.moment, recording, debuggee.code);
    const cursor = recording.cursorOf(line);
    this.opcode = OPCODES[debuggee.program.ops[cursor]];
    this.imm = debuggee.program.imms[cursor];
  }

  tell(): string {
    const way = WAYS[this.opcode.circuit];
    if (way) return way(this);
    const operator = operatorOf(this.opcode);
    if (operator) return `${this.operand(1)} ${operator} ${this.operand(0)} = ${this.result()}`;
    const operands = Array.from({ length: this.opcode.pops }, (_, i) => this.operand(this.opcode.pops - 1 - i));
    return this.opcode.pushes > 0 ? `${operands.join(', ')} → ${this.result()}` : operands.join(', ');
  }

  /** The value that the line gave. */
  result(): string {
    const { moment } = this.behind;
    return moment.stackDepth > 0 ? this.number(moment.stackBits(moment.stackDepth - 1)) : '';
  }

  load(): string {
    const address = this.moment.stack(this.moment.stackDepth - 1) + this.imm;
    const part = this.partAt(address);
    return part ? `${part.name} = ${this.valueOf(part, this.moment)}` : `[${hexadecimal(address)}] = ${this.result()}`;
  }

  store(): string {
    const { moment } = this;
    const address = moment.stack(moment.stackDepth - 2) + this.imm;
    const part = this.partAt(address);
    if (part) return `${part.name} ← ${this.valueOf(part, this.behind.moment)}`;
    return `[${hexadecimal(address)}] ← ${this.number(moment.stackBits(moment.stackDepth - 1))}`;
  }

  get(): string {
    const [frame] = this.frames;
    if (takesFrameBase(this.debuggee, frame, this.moment, this.opcode, this.imm))
      return `frame of ${this.functionName}`;
    const name = this.cellName();
    return name ? `${name} = ${this.result()}` : this.result();
  }

  set(): string {
    return `${this.cellName() ?? this.cell()} ← ${this.operand(0)}`;
  }

  branch(): string {
    const { recording, moment, opcode } = this;
    const [{ cursor }] = this.frames;
    const { code } = this.debuggee;
    if (opcode.variant === 'call') {
      const target = opcode.name === 'call' ? jumpTarget(cursor, this.imm) : recording.cursorOf(moment.line + 1);
      const callee = code.functionAt(target);
      return callee ? `${callee.name}(${callee.params > 0 ? '…' : ''})` : 'a call';
    }
    const isTaken = recording.tokenAt(recording.firstToken(moment.line)) === TOKEN.branchTaken;
    const place = isTaken ? code.placeOf(recording.cursorOf(moment.line + 1)) : undefined;
    const way = isTaken ? (place ? `to line ${place.line}` : 'jumps') : 'goes on';
    return opcode.pops > 0 ? `${this.operand(0)}: ${way}` : way;
  }

  return(): string {
    const { moment } = this.behind;
    const [frame] = this.frames;
    const gives = (frame.fn?.results ?? 0) > 0;
    const name = this.functionName;
    return gives ? `${name} returns ${this.number(moment.stackBits(moment.stackDepth - 1))}` : `${name} returns`;
  }

  /** What the line prints, as C writes a character. */
  printed(): string {
    const { recording, moment } = this;
    const byte = recording.tokenAt(recording.firstToken(moment.line + 1) - 1) - TOKEN.out;
    return JSON.stringify(String.fromCharCode(byte));
  }

  exitCode(): number {
    return this.recording.end?.code ?? 0;
  }

  forget(): string {
    return this.opcode.pops > 0 ? `${this.operand(0)} unused` : '';
  }

  /** The machine behind the line. */
  private get behind(): { moment: Moment } {
    return { moment: this.recording.moment(this.moment.line + 1) };
  }

  /** As a signed number of its width; an address of the stack as one. */
  private number(bits: number | bigint): string {
    if (typeof bits === 'bigint') return String(BigInt.asIntN(64, bits));
    return isOnStack(this.debuggee.program, this.moment, bits) ? hexadecimal(bits) : String(bits | 0);
  }

  private get functionName(): string {
    const [{ cursor, fn }] = this.frames;
    return this.debuggee.code.sourceFunctionAt(cursor)?.name ?? fn?.name ?? 'the start';
  }

  /** An operand, from the top: the name of what was read, if it was just read, or the number. */
  private operand(below: number): string {
    const { moment, recording } = this;
    const index = moment.stackDepth - 1 - below;
    const line = recording.lineOfToken(moment.stackWrite(index));
    const number = this.number(moment.stackBits(index));
    if (line < 0 || !recording.history.executes(line)) return number;
    const { circuit } = OPCODES[this.debuggee.program.ops[recording.cursorOf(line)]];
    if (circuit !== 'load' && circuit !== 'cell-get') return number;
    return new LineMeaning(this.debuggee, recording, line).nameRead() ?? number;
  }

  /** What C calls that which the line reads. */
  private nameRead(): string | undefined {
    if (this.opcode.circuit === 'cell-get') return this.cellName();
    return this.partAt(this.moment.stack(this.moment.stackDepth - 1) + this.imm)?.name;
  }

  private partAt(address: number): NamedPart | undefined {
    const variables = namedVariables(this.debuggee, this.frames.slice(0, MOST_FRAMES));
    return partAt(variables, address, this.opcode.access ?? 0);
  }

  private valueOf(part: NamedPart, moment: Moment): string {
    const { debuggee } = this;
    const state = debuggee.state({ ...this.frames[0], moment });
    const functionInTable = (index: number) => debuggee.debug?.functionInTable(index);
    return formatValue(part.value, state, { functionInTable, limit: LIMIT });
  }

  /** A local or global that has a name. */
  private cellName(): string | undefined {
    const name =
      this.opcode.variant === 'local'
        ? this.frames[0].fn?.localNames[this.imm]
        : this.debuggee.program.globals.find(({ cell }) => cell === this.imm)?.name;
    return name || undefined;
  }

  private cell(): string {
    return `${this.opcode.variant === 'local' ? 'local' : 'global'} ${this.imm}`;
  }
}
