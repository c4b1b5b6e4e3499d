/**
 * Who used a value later: the graph of attention turned around. A byte of memory is read by loads up to its next
 * write; a value on the operand stack by the line that takes it, and where that puts it into a cell, which only points
 * at it, by the gets of the cell up to its next write.
 */
import type { ByteSteps, Look, Role } from './byte-steps.ts';
import type { ReadLog } from './read-log.ts';

/** A line that looked a value up, with the look-up. */
export interface Reading {
  readonly line: number;
  readonly look: Look;
}

export class Readers {
  private readonly steps: ByteSteps;
  private readonly reads: ReadLog;

  constructor(steps: ByteSteps, reads: ReadLog) {
    this.steps = steps;
    this.reads = reads;
  }

  /** Readers of the byte of memory that token `token` wrote at `address`; ascending, at most `most`. */
  ofMemory(token: number, address: number, most: number): Reading[] {
    const { history } = this.steps;
    const next = history.memoryWrites.from(address, token + 1, 1)[0] ?? Number.POSITIVE_INFINITY;
    return this.reads.loads(address, token + 1, next, most).map((first) => {
      const line = history.lineOfToken(first);
      const base = history.word(this.steps.operand(line, 0)) + history.program.imms[history.cursorOf(line)];
      return { line, look: { token: first + address - base, role: 'memory load', target: token } };
    });
  }

  /** Readers of the value that a line put on the operand stack; ascending, at most `most`. */
  ofStack(line: number, most: number): Reading[] {
    const { history } = this.steps;
    const first = history.valueOf(line);
    const slot = history.stackDepthOf(line + 1) - 1;
    const found: Reading[] = [];
    for (let at = line + 1; at < history.lines; at++) {
      const below = history.stackDepthOf(at) - 1 - slot;
      const opcode = this.steps.opcode(at);
      const isTee = opcode.circuit === 'cell-set' && opcode.pops === 0;
      if (below >= (isTee ? 1 : opcode.pops)) continue;
      const role = (['stack top', 'below stack top', 'third of stack'] as const)[below];
      if (role === undefined) break;
      found.push({ line: at, look: this.stackLook(at, role, first) });
      if (opcode.circuit === 'cell-set') found.push(...this.ofCell(at, first, most));
      if (!isTee) break;
      if (found.length > most) break;
    }
    return found.sort((a, b) => a.line - b.line).slice(0, most);
  }

  private stackLook(line: number, role: Role, value: number): Look {
    const { history } = this.steps;
    return { token: history.firstToken(line), role, target: value + history.widthAt(value) };
  }

  /** Gets of the cell that line `set` pointed at a value, up to the cell's next write or the next call's frame. */
  ofCell(set: number, value: number, most: number): Reading[] {
    const { history } = this.steps;
    const { stride, imms } = history.program;
    const imm = imms[history.cursorOf(set)];
    const isLocal = this.steps.opcode(set).variant === 'local';
    const depth = history.depthOf(set);
    const cell = isLocal ? depth * stride + imm : imm;
    const from = history.firstToken(set + 1);
    const writes = [history.cellWrites.from(cell, from, 1)[0]];
    if (isLocal) writes.push(history.callWrites.from(depth, from, 1)[0]);
    const to = Math.min(...writes.map((token) => token ?? Number.POSITIVE_INFINITY));
    return this.getsOf(cell, value, from, to, most);
  }

  /** Gets of a global while it has the value that the prompt states at token `value`. */
  ofInitial(cell: number, value: number, most: number): Reading[] {
    const next = this.steps.history.cellWrites.from(cell, 0, 1)[0] ?? Number.POSITIVE_INFINITY;
    return this.getsOf(cell, value, 0, next, most);
  }

  private getsOf(cell: number, value: number, from: number, to: number, most: number): Reading[] {
    return this.reads.gets(cell, from, to, most).map((first) => ({
      line: this.steps.history.lineOfToken(first),
      look: { token: first, role: 'byte of local or global', target: value },
    }));
  }
}
