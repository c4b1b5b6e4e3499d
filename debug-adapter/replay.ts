/** Temporary stand-in for engine/trace's History. */
import { instructionText, LIMITS, PAGE_SIZE, type TokenProgram } from '../engine/isa/program.ts';
import { OPCODES, TRAP_REASONS } from '../engine/isa/opcodes.ts';
import { COMMITS, TOKEN, VOCABULARY } from '../engine/isa/vocabulary.ts';
import type { Moment } from './moment.ts';

class Log {
  private readonly map = new Map<number, { lines: number[]; values: number[] }>();
  write(key: number, line: number, value: number) {
    let e = this.map.get(key);
    if (!e) this.map.set(key, (e = { lines: [], values: [] }));
    if (e.lines.at(-1) === line) e.values[e.values.length - 1] = value;
    else {
      e.lines.push(line);
      e.values.push(value);
    }
  }
  read(key: number, line: number): number {
    const e = this.map.get(key);
    if (!e) return 0;
    let lo = 0;
    let hi = e.lines.length;
    while (lo < hi) {
      const mid = (lo + hi) >> 1;
      if (e.lines[mid] < line) lo = mid + 1;
      else hi = mid;
    }
    return lo > 0 ? e.values[lo - 1] : 0;
  }
}

export class Replay {
  readonly program: TokenProgram;
  readonly tokens: number[];
  readonly promptLength: number;
  first: number[] = [];
  cursors: number[] = [1];
  depths: number[] = [0];
  stackDepths: number[] = [0];
  end: { line: number; kind: 'halt' | 'trap'; code: number; reason?: string } | undefined;
  private readonly stackLog = new Log();
  private readonly cellLog = new Log();
  private readonly memoryLog = new Log();
  private readonly returnLog = new Log();
  private readonly callLog = new Log();
  private start: number;

  constructor(program: TokenProgram, prompt: Uint16Array) {
    this.program = program;
    this.tokens = [...prompt];
    this.promptLength = prompt.length;
    this.start = prompt.length;
    this.first.push(this.start);
    for (const { cell, initial } of program.globals) this.cellLog.write(cell, -1, initial);
    for (const { address, bytes } of program.data) bytes.forEach((b, i) => this.memoryLog.write(address + i, -1, b));
  }
  get lines() {
    return this.cursors.length - 1;
  }
  append(token: number) {
    this.tokens.push(token);
    const t = token;
    const ends =
      (t >= TOKEN.commit && t < TOKEN.commit + COMMITS.length) ||
      t === TOKEN.callCommit ||
      t === TOKEN.returnCommit ||
      t === TOKEN.readCommit ||
      t === TOKEN.halt ||
      (t >= TOKEN.out && t < TOKEN.out + 256) ||
      t >= TOKEN.trap;
    if (!ends) {
      const isByte = t >= TOKEN.byte && t < TOKEN.opcode;
      if (!isByte && t !== TOKEN.branchTaken) throw new Error(`unexpected token ${VOCABULARY[t]}`);
      return;
    }
    this.line(t);
  }
  private line(end: number) {
    const line = this.lines;
    const cursor = this.cursors[line];
    const opcode = OPCODES[this.program.ops[cursor]];
    const imm = this.program.imms[cursor];
    let depth = this.depths[line];
    let sd = this.stackDepths[line];
    let value = 0;
    let n = 0;
    let taken = false;
    const bytes: number[] = [];
    for (let i = this.start; i < this.tokens.length - 1; i++) {
      const t = this.tokens[i];
      if (t === TOKEN.branchTaken) taken = true;
      else {
        const b = (t - TOKEN.byte) & 255;
        bytes.push(b);
        value |= b << (8 * n++);
      }
    }
    const at = line;
    const stack = (i: number) => this.stackLog.read(i, at);
    let next = cursor + 1;
    let delta = 0;
    let stores = false;
    if (end >= TOKEN.commit && end < TOKEN.commit + COMMITS.length) ({ depth: delta, stores } = COMMITS[end - TOKEN.commit]);
    else if (end === TOKEN.readCommit) [delta, stores] = [1, true];
    else if (end >= TOKEN.out && end < TOKEN.out + 256) delta = -1;
    else if (end === TOKEN.halt || end >= TOKEN.trap) {
      this.end =
        end === TOKEN.halt
          ? { line, kind: 'halt', code: stack(sd - 1) | 0 }
          : { line, kind: 'trap', code: 0, reason: TRAP_REASONS[end - TOKEN.trap] };
    }
    if (opcode.circuit === 'cell-set') {
      const cell = opcode.variant === 'local' ? depth * this.program.stride + imm : imm;
      this.cellLog.write(cell, at, stack(sd - 1));
    } else if (opcode.circuit === 'store' && !this.end) {
      const address = (stack(sd - 2) >>> 0) + imm;
      bytes.forEach((b, i) => this.memoryLog.write(address + i, at, b));
    }
    if (taken) next = cursor + 1 + (value | 0);
    if (end === TOKEN.callCommit) {
      depth++;
      this.callLog.write(depth, at, line);
      for (let i = 0; i < this.program.stride; i++) this.cellLog.write(depth * this.program.stride + i, at, 0);
    } else if (end === TOKEN.returnCommit) depth--;
    sd += delta;
    if (stores) this.stackLog.write(sd - 1, at, value);
    this.cursors.push(next);
    this.depths.push(depth);
    this.stackDepths.push(sd);
    this.start = this.tokens.length;
    this.first.push(this.start);
    void LIMITS;
    void this.returnLog;
  }
  moment(line: number): Moment {
    const pages = this.cellLog.read(0, line);
    return {
      line,
      stackDepth: this.stackDepths[line],
      stack: (i) => this.stackLog.read(i, line) >>> 0,
      cell: (i) => this.cellLog.read(i, line) >>> 0,
      memory: (address, length) => {
        const n = Math.max(0, Math.min(length, pages * PAGE_SIZE - address));
        return Uint8Array.from({ length: n }, (_, i) => this.memoryLog.read(address + i, line));
      },
      calls: Array.from({ length: this.depths[line] }, (_, d) => this.callLog.read(d + 1, line)),
    };
  }
  text(line: number) {
    return this.tokens.slice(this.first[line], this.first[line + 1]).map((t) => VOCABULARY[t]).join(' ');
  }
  instruction(cursor: number) {
    return instructionText(this.program, cursor);
  }
}
