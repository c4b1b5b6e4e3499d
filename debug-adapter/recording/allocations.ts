/**
 * The blocks of the heap, from the calls that gave them out and took them back: what a program asked for stands in the
 * trace, and nowhere else exactly (allocators round up). Of calls within each other the outermost counts. They are found
 * when somebody asks, and remembered.
 */
import type { ProgramFunction, TokenProgram } from '../../engine/isa/program.ts';
import { ALLOCATORS, CLEARS, RELEASERS, STORES_ADDRESS } from '../../engine/toolchain/library-functions.ts';
import type { History } from '../../engine/trace/history.ts';

/** A block, from the line behind the call that gave it out. */
export interface Block {
  readonly line: number;
  readonly address: number;
  readonly size: number;
  /** The line of that call. */
  readonly call: number;
  /** From which line on what is written to it is its own; 0 if all of it counts as written. */
  readonly since: number;
  /** The line of the call that took it back. */
  freed: number | undefined;
}

/** Bytes before and behind a block that belong to the allocator. */
const MARGIN = 16;

/** Blocks are found by pieces of memory of this many bytes, as a power of two. */
const PIECE_BITS = 8;

export class Allocations {
  private readonly history: History;
  /** The functions that give out and take back memory, by their first instructions. */
  private readonly functions = new Map<number, ProgramFunction>();
  private readonly entries: Uint8Array;
  /** Per piece of memory: the blocks in it or close to it, the oldest first. */
  private readonly pieces = new Map<number, Block[]>();
  /** Lines before this one have been looked through. */
  private seen = 0;

  constructor(program: TokenProgram, history: History) {
    this.history = history;
    this.entries = new Uint8Array(program.ops.length);
    for (const fn of program.functions) {
      if ((!ALLOCATORS.has(fn.name) && !RELEASERS.has(fn.name)) || fn.params === 0) continue;
      this.entries[fn.start] = 1;
      this.functions.set(fn.start, fn);
    }
  }

  /** Bytes from an address to the end of its block, before a line; undefined for what is in none. */
  extent(address: number, line: number): number | undefined {
    const block = this.holding(address, line);
    return block && block.address + block.size - address;
  }

  /** The latest block that an address is in, before a line; it may have been freed since. */
  holding(address: number, line: number): Block | undefined {
    return this.latest(address, line, 0);
  }

  /** The latest block that an address is in or close to. */
  near(address: number, line: number): Block | undefined {
    return this.latest(address, line, MARGIN);
  }

  private latest(address: number, line: number, margin: number): Block | undefined {
    this.read(line);
    return this.pieces
      .get(address >>> PIECE_BITS)
      ?.findLast(
        (block) =>
          block.line <= line && address >= block.address - margin && address < block.address + block.size + margin,
      );
  }

  private read(to: number): void {
    const { history, entries } = this;
    for (;;) {
      const line = history.firstMarked(entries, this.seen, to);
      this.seen = line < 0 ? Math.max(this.seen, to) : line;
      if (line < 0) break;
      const end = history.firstShallower(history.depthOf(line), line, history.lines + 1);
      // A call that has not returned yet is read again.
      if (end < 0) break;
      this.called(line, end);
      this.seen = end;
    }
  }

  /** A call from its first line to the one behind its last. */
  private called(line: number, end: number): void {
    const { history } = this;
    const fn = this.functions.get(history.cursorOf(line)) as ProgramFunction;
    const args = argumentsOf(history, fn, line);
    const call = history.moment(line).callLine(history.depthOf(line));
    const size = ALLOCATORS.get(fn.name)?.(args);
    const address = size === undefined ? 0 : this.givenOut(fn, args, end);
    let since = CLEARS.has(fn.name) ? 0 : end;
    // Where no memory was given out, none is taken back.
    if (RELEASERS.has(fn.name) && (size === undefined || size === 0 || address !== 0)) {
      const released = this.starting(args[0], line);
      if (released && released.freed === undefined) released.freed = call;
      // What was in the old block is copied into the new one during the call.
      if (size !== undefined) since = released?.address === address ? released.since : line;
    }
    if (size === undefined || address === 0) return;
    this.add({ line: end, address, size, call, since, freed: undefined });
  }

  /** The address that a call has given out, before the line behind it; 0 for none. */
  private givenOut({ name }: ProgramFunction, [first]: readonly number[], end: number): number {
    const moment = this.history.moment(end);
    const result = Number(moment.stackBits(this.history.stackDepthOf(end) - 1)) >>> 0;
    if (!STORES_ADDRESS.has(name)) return result;
    return result === 0 ? Buffer.from(moment.memory(first, 4)).readUInt32LE(0) : 0;
  }

  /** The latest block that begins at an address. */
  private starting(address: number, line: number): Block | undefined {
    return this.pieces
      .get(address >>> PIECE_BITS)
      ?.findLast((block) => block.line <= line && block.address === address);
  }

  private add(block: Block): void {
    const last = (block.address + block.size + MARGIN - 1) >>> PIECE_BITS;
    for (let piece = Math.max(block.address - MARGIN, 0) >>> PIECE_BITS; piece <= last; piece++) {
      const known = this.pieces.get(piece);
      if (known) known.push(block);
      else this.pieces.set(piece, [block]);
    }
  }
}

/** The arguments of a call, before its first line; of wide ones the low half. */
export function argumentsOf(history: History, { params }: ProgramFunction, line: number): number[] {
  const moment = history.moment(line);
  const base = history.stackDepthOf(line) - params;
  return Array.from({ length: params }, (_, i) => moment.stack(base + i));
}
