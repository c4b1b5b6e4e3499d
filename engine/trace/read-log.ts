/**
 * Who read a key: per address of memory the loads that begin there, per cell the gets. The write logs turned around;
 * made when it is first asked for, in one pass over the trace, and kept up as that grows.
 */
import { OPCODES } from '../isa/opcodes.ts';
import type { History } from './history.ts';
import { DEPTH_CHANGE, STORES } from './notation.ts';
import { WriteLog } from './write-log.ts';

const LOADS = 1;
const GETS_LOCAL = 2;
const GETS_GLOBAL = 3;

/** Bytes of the widest load. */
const WIDEST = 8;

/** See the file's comment. Entries are the first tokens of lines. */
export class ReadLog {
  private readonly history: History;
  private readonly memory = new WriteLog();
  private readonly cells = new WriteLog();
  /** Per instruction: what it reads, and how many bytes. */
  private readonly reads: Uint8Array;
  private readonly widths: Uint8Array;
  /** Lines that were looked at, and the first token of each stack slot's value behind them. */
  private seen = 0;
  private slots = new Uint32Array(1024);

  constructor(history: History) {
    this.history = history;
    const { ops } = history.program;
    this.reads = Uint8Array.from(ops, (op) => {
      const { circuit, variant } = OPCODES[op];
      if (circuit === 'load') return LOADS;
      if (circuit !== 'cell-get') return 0;
      return variant === 'local' ? GETS_LOCAL : GETS_GLOBAL;
    });
    this.widths = Uint8Array.from(ops, (op) => OPCODES[op].access ?? 0);
  }

  /** Loads of a byte of memory from token `from` up to but not including `to`, at most `most`: ascending. */
  loads(address: number, from: number, to: number, most: number): number[] {
    this.catchUp();
    const { history } = this;
    const found: number[] = [];
    for (let back = 0; back < WIDEST && back <= address; back++) {
      for (const token of this.memory.from(address - back, from, most)) {
        if (token >= to) break;
        if (this.widths[history.cursorOf(history.lineOfToken(token))] > back) found.push(token);
      }
    }
    return found.sort((a, b) => a - b).slice(0, most);
  }

  /** Gets of a cell, as `loads`. */
  gets(cell: number, from: number, to: number, most: number): number[] {
    this.catchUp();
    return this.cells.from(cell, from, most).filter((token) => token < to);
  }

  private catchUp(): void {
    const { history, reads } = this;
    const { stride, imms } = history.program;
    for (; this.seen < history.lines; this.seen++) {
      const line = this.seen;
      const cursor = history.cursorOf(line);
      const first = history.firstToken(line);
      const depth = history.stackDepthOf(line);
      if (reads[cursor] === LOADS) this.memory.add(history.word(this.slots[depth - 1]) + imms[cursor], first);
      else if (reads[cursor] === GETS_LOCAL) this.cells.add(history.depthOf(line) * stride + imms[cursor], first);
      else if (reads[cursor] === GETS_GLOBAL) this.cells.add(imms[cursor], first);
      const end = history.tokenAt(history.firstToken(line + 1) - 1);
      if (STORES[end]) this.put(depth + DEPTH_CHANGE[end] - 1, first);
    }
  }

  private put(slot: number, first: number): void {
    if (slot >= this.slots.length) {
      const larger = new Uint32Array(2 * slot);
      larger.set(this.slots);
      this.slots = larger;
    }
    this.slots[slot] = first;
  }
}
