/**
 * The blocks of the heap, from the calls that gave them out: what a program asked for stands in the trace, and nowhere
 * else exactly (allocators round up). Calls are found when somebody asks, and remembered.
 */
import type { TokenProgram } from '../../engine/isa/program.ts';
import { ALLOCATORS } from '../../engine/toolchain/allocators.ts';
import type { History } from '../../engine/trace/history.ts';

/** A block, from the line behind the call that gave it out. */
interface Block {
  line: number;
  address: number;
  size: number;
}

/** Lines of a call that are looked through for its end. */
const LONGEST_CALL = 1 << 20;

export class Allocations {
  private readonly program: TokenProgram;
  private readonly history: History;
  /** The first instructions of functions that give out memory. */
  private readonly entries: Uint8Array;
  private readonly blocks: Block[] = [];
  /** Lines before this one have been looked through. */
  private seen = 0;

  constructor(program: TokenProgram, history: History) {
    this.program = program;
    this.history = history;
    this.entries = new Uint8Array(program.ops.length);
    for (const { name, start, params } of program.functions) {
      if (ALLOCATORS.has(name) && params > 0) this.entries[start] = 1;
    }
  }

  /** Bytes from an address to the end of its block, before a line; undefined for what is in none. */
  extent(address: number, line: number): number | undefined {
    this.read(line);
    // Addresses are given out again: the latest block counts.
    for (let i = this.blocks.length - 1; i >= 0; i--) {
      const block = this.blocks[i];
      const offset = address - block.address;
      if (block.line <= line && offset >= 0 && offset < block.size) return block.size - offset;
    }
    return undefined;
  }

  private read(to: number): void {
    const { history, entries } = this;
    for (;;) {
      const line = history.firstMarked(entries, this.seen, to);
      if (line < 0) break;
      const block = this.blockOf(line);
      // A call that has not returned yet is read again.
      if (!block) break;
      this.blocks.push(block);
      this.seen = line + 1;
    }
  }

  /** What the call gave out whose first line this is; undefined if its end is not there. */
  private blockOf(line: number): Block | undefined {
    const { history, program } = this;
    const cursor = history.cursorOf(line);
    const called = program.functions.find(({ start }) => start === cursor)!;
    const top = history.stackDepthOf(line);
    const before = history.moment(line);
    const args = Array.from(
      { length: called.params },
      (_, i) => Number(before.stackBits(top - called.params + i)) >>> 0,
    );
    const depth = history.depthOf(line);
    const last = Math.min(line + LONGEST_CALL, history.lines);
    for (let end = line + 1; end <= last; end++) {
      if (history.depthOf(end) >= depth) continue;
      const address = Number(history.moment(end).stackBits(history.stackDepthOf(end) - 1)) >>> 0;
      const size = address === 0 ? 0 : ALLOCATORS.get(called.name)!(args);
      return { line: end, address, size };
    }
    return undefined;
  }
}
