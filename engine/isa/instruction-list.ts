/** Building a program's instructions, one behind the other. */
import { opcodeIndex } from './opcodes.ts';
import { mostInstructions } from './prompt.ts';

/** What a prompt can hold; a small module can ask for far more (branches that drop many values). */
const MOST = mostInstructions();

/** Incremental builder of a program's instructions; used by the toolchain and by tests. */
export class InstructionList {
  readonly ops: number[] = [opcodeIndex('frame')];
  readonly imms: number[] = [0];
  readonly offsets: number[] = [-1];

  /**
   * Appends an instruction; returns its cursor. `imm` may be signed.
   * @throws RangeError when there are as many as a prompt can hold
   */
  push(name: string, imm = 0, offset = -1): number {
    if (this.ops.length >= MOST) throw new RangeError(`over ${MOST} instructions`);
    this.ops.push(opcodeIndex(name));
    this.imms.push(imm >>> 0);
    this.offsets.push(offset);
    return this.ops.length - 1;
  }

  /** Appends a constant of eight bytes, which takes two instructions; returns the cursor of the first. */
  pushWide(low: number, high: number, offset = -1): number {
    const cursor = this.push('i64.const', low, offset);
    this.push('i64.high', high, offset);
    return cursor;
  }

  /** Makes the jump at `cursor` lead to `target`. */
  patch(cursor: number, target: number): void {
    this.imms[cursor] = (target - cursor - 1) >>> 0;
  }
}
