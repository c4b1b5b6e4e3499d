/**
 * The lines of a trace that read or write a place: some bytes of memory, or a cell (a wasm local of one call depth, or a
 * global).
 *
 * Nothing is kept: instructions that could are marked once, and a stretch of the trace is scanned for marked ones, of
 * which the address is looked up. That is a few milliseconds per million lines, for a place of any size.
 */
import { OPCODES } from '../isa/opcodes.ts';
import type { History } from './history.ts';
import { STORES } from './notation.ts';

/** A place that values are kept in. */
export type DataPlace =
  | { readonly kind: 'memory'; readonly address: number; readonly length: number }
  /** See TokenProgram for the numbers of cells. */
  | { readonly kind: 'cell'; readonly cell: number };

/** What is looked for. */
export interface AccessKinds {
  readonly reads: boolean;
  readonly writes: boolean;
}

const READS = 1;
const WRITES = 2;

/** Bytes of a cell. */
const CELL_BYTES = 8;

/** See the file's comment. */
export class Accesses {
  private readonly history: History;
  private readonly place: DataPlace;
  /** Per instruction: whether it could be one, and which. */
  private readonly marks: Uint8Array;

  constructor(history: History, place: DataPlace, { reads, writes }: AccessKinds) {
    this.history = history;
    this.place = place;
    const kindOf = accessOf(place, history.program.stride);
    const { ops, imms } = history.program;
    const wanted = (reads ? READS : 0) | (writes ? WRITES : 0);
    this.marks = Uint8Array.from(ops, (op, cursor) => kindOf(op, imms[cursor]) & wanted);
  }

  /** The first such line from `from` up to but not including `to`; -1 for none. Only lines that are complete count. */
  first(from: number, to: number): number {
    const { history, marks } = this;
    const end = Math.min(to, history.lines);
    for (
      let line = history.firstMarked(marks, from, end);
      line >= 0;
      line = history.firstMarked(marks, line + 1, end)
    ) {
      if (this.touches(line)) return line;
    }
    return -1;
  }

  /** The last such line from `from` up to but not including `to`; -1 for none. */
  last(from: number, to: number): number {
    const { history, marks } = this;
    const end = Math.min(to, history.lines);
    for (let line = history.lastMarked(marks, from, end); line >= 0; line = history.lastMarked(marks, from, line)) {
      if (this.touches(line)) return line;
    }
    return -1;
  }

  /** Whether such a line writes; it reads otherwise. */
  isWrite(line: number): boolean {
    return (this.marks[this.history.cursorOf(line)] & WRITES) !== 0;
  }

  /** The bytes of the place before a line; of a cell eight, the high four zero where its value has four. */
  bytesBefore(line: number): Uint8Array {
    const moment = this.history.moment(line);
    const { place } = this;
    if (place.kind === 'memory') return moment.bytes(place.address, place.length);
    const bytes = new Uint8Array(CELL_BYTES);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, moment.wideCell(place.cell)), true);
    return bytes;
  }

  /** Whether a line with a marked instruction touches the place. One that trapped touches nothing. */
  private touches(line: number): boolean {
    const { history, place } = this;
    if (line === history.end?.line) return false;
    const { program } = history;
    if (place.kind === 'cell') {
      const depth = Math.floor(place.cell / program.stride);
      return depth === 0 || history.depthOf(line) === depth;
    }
    const cursor = history.cursorOf(line);
    const { circuit, access = 0 } = OPCODES[program.ops[cursor]];
    // Below the value that is stored, or on top of the stack.
    const slot = history.stackDepthOf(line) - (circuit === 'store' ? 2 : 1);
    const address = history.word(this.writerOf(slot, line)) + program.imms[cursor];
    return address < place.address + place.length && address + access > place.address;
  }

  /** First token of the value in a stack slot before a line: mostly the line before has put it there. */
  private writerOf(slot: number, line: number): number {
    const { history } = this;
    const first = history.firstToken(line);
    const isNew = slot === history.stackDepthOf(line) - 1 && STORES[history.tokenAt(first - 1)] === 1;
    return isNew ? history.valueOf(line - 1) : history.stackWrites.before(slot, first);
  }
}

/** Which access an instruction could be, by its opcode and immediate. */
function accessOf(place: DataPlace, stride: number): (op: number, imm: number) => number {
  if (place.kind === 'memory') {
    const kinds = OPCODES.map(({ circuit }) => (circuit === 'load' ? READS : circuit === 'store' ? WRITES : 0));
    return (op) => kinds[op];
  }
  const isLocal = place.cell >= stride;
  const index = isLocal ? place.cell % stride : place.cell;
  const kinds = OPCODES.map(({ circuit, variant }) => {
    if ((variant === 'local') !== isLocal) return 0;
    return circuit === 'cell-get' ? READS : circuit === 'cell-set' ? WRITES : 0;
  });
  return (op, imm) => (imm === index ? kinds[op] : 0);
}
