/**
 * Static shape of the operand stack, block by block: how many values there are, and how many bytes each has.
 *
 * Validated WebAssembly has one stack shape at each operator, known without running it. The lowering follows the
 * shapes of live code only: what stands behind a branch that is always taken is skipped up to the end of its block,
 * so the specification's polymorphic stack never arises.
 */

import type { ValueType } from '../decode/module.ts';
import { HIGH, LOW } from './vectors/halves.ts';

/** Bytes of a value; the upper half of a vector, whose lower lies below it, has a width of its own. */
export type Width = 4 | 8 | typeof UPPER;
export const UPPER = 16;

export function bytesOf(width: Width): 4 | 8 {
  return width === 4 ? 4 : 8;
}

/** Bytes of a value of this type. @throws RangeError for what the machine has none of. */
export function typeWidth(type: ValueType): Width {
  if (type === 'i32' || type === 'f32' || type === 'funcref' || type === 'externref') return 4;
  if (type === 'i64' || type === 'f64' || type === 'exnref' || type === LOW) return 8;
  if (type === HIGH) return UPPER;
  throw new RangeError(`a value of type ${type}`);
}

/** A clause of a `try_table`: a tag, or none for all, and the label to go to, counted from outside. */
export interface Clause {
  readonly tag: number | undefined;
  readonly label: number;
  /** Whether it gives the exception itself, too. */
  readonly refers: boolean;
}

/** A block being lowered. */
export interface Block {
  readonly kind: 'function' | 'block' | 'loop' | 'if' | 'try';
  /** Of a block whose throws are caught: cursors of the jumps to where that is. */
  catches?: number[];
  /** Behind its body: cursors of the jumps to where what is not caught yet goes on. */
  uncaught?: number[];
  /** What a `try_table` catches. */
  clauses?: readonly Clause[];
  /** Height below the block's parameters. */
  readonly base: number;
  readonly params: readonly Width[];
  readonly results: readonly Width[];
  /** Cursor of a loop's first instruction. */
  readonly start: number;
  /** Cursors of the jumps to the block's end, to be patched there. */
  readonly exits: number[];
  /** Cursor of the jump to the else branch, -1 when there is none (any more). */
  skip: number;
}

/** Values, open blocks, and whether the current operator can be reached. */
export class StackTracker {
  private readonly values: Width[] = [];
  live = true;
  readonly blocks: Block[] = [];
  /** Blocks opened inside skipped code. */
  private skipped = 0;

  get height(): number {
    return this.values.length;
  }

  /** The innermost open block. @throws RangeError when none is open. */
  get innermost(): Block {
    const block = this.blocks[this.blocks.length - 1];
    if (!block) throw new RangeError('code behind the end of a function');
    return block;
  }

  /** The block that a branch of this depth leaves. @throws RangeError when there is none. */
  label(depth: number): Block {
    const block = this.blocks[this.blocks.length - 1 - depth];
    if (!block) throw new RangeError(`a branch of depth ${depth} leaves its function`);
    return block;
  }

  /** Bytes of the value on top. @throws RangeError when the block has none. */
  top(): Width {
    if (this.height <= this.innermost.base) throw new RangeError('the operand stack is empty');
    return this.values[this.values.length - 1];
  }

  /** Takes `pops` values and puts those of `pushes`. @throws RangeError when the block has fewer. */
  move(pops: number, pushes: readonly Width[]): void {
    if (this.height - pops < this.innermost.base) throw new RangeError('the operand stack is empty');
    this.reset(this.height - pops, pushes);
  }

  /** Opens a block whose parameters are on the stack. `start` is the cursor behind the line that opens it. */
  open(kind: Block['kind'], params: readonly Width[], results: readonly Width[], start: number, skip = -1): void {
    const base = this.height - params.length;
    if (this.blocks.length > 0 && base < this.innermost.base) throw new RangeError('the operand stack is empty');
    this.blocks.push({ kind, base, params, results, start, exits: [], skip });
  }

  /** From here to the end of the block nothing can be reached. */
  dead(): void {
    this.live = false;
  }

  /** For an operator in dead code: true if it belongs to that code, false if it ends it (an end or else). */
  skips(opens: boolean, ends: boolean, isElse: boolean): boolean {
    if (opens) this.skipped++;
    else if (this.skipped > 0) this.skipped -= Number(ends);
    else return !ends && !isElse;
    return true;
  }

  /** Starts the else branch of the innermost block. */
  otherwise(): void {
    const block = this.innermost;
    block.skip = -1;
    this.reset(block.base, block.params);
    this.live = true;
  }

  /** The innermost block that catches throws, at least `depth` blocks outside; undefined if none does. */
  catching(depth: number): Block | undefined {
    return this.blocks.slice(0, this.blocks.length - depth).findLast(({ catches }) => catches !== undefined);
  }

  /** Starts where throws out of the innermost block arrive, with nothing on its stack. */
  caught(): void {
    this.reset(this.innermost.base, []);
    this.live = true;
  }

  /** Closes the innermost block; what follows is live if its end falls through or is branched to. */
  close(): Block {
    const block = this.innermost;
    this.blocks.pop();
    if (this.live && this.height !== block.base + block.results.length) {
      throw new RangeError('a block leaves other values');
    }
    this.live = this.live || block.exits.length > 0 || block.skip >= 0;
    this.reset(block.base, block.results);
    return block;
  }

  /** Values that a branch to `block` carries. */
  carried(block: Block): readonly Width[] {
    return block.kind === 'loop' ? block.params : block.results;
  }

  /** Values below the carried ones that a branch to `block` must drop. @throws RangeError when values are missing. */
  surplus(block: Block): number {
    const surplus = this.height - this.carried(block).length - block.base;
    if (surplus < 0) throw new RangeError('a branch carries more values than there are');
    return surplus;
  }

  private reset(height: number, values: readonly Width[]): void {
    this.values.length = height;
    for (const width of values) this.values.push(width);
  }
}
