/**
 * Structured control as relative jumps: block, loop and end vanish, `if` jumps when its condition is zero, `else` jumps
 * over the else branch, the function's end is a `return`. The machine's branches move no values, so a branch that must
 * drop values below its results first lifts the results into temporaries: extra locals behind the function's own. A
 * conditional one does so on a path of its own.
 */
import type { InstructionList } from '../../isa/instruction-list.ts';
import { type Block, bytesOf, type StackTracker, type Width } from './stack.ts';

/** What a block takes and leaves. */
export interface BlockType {
  readonly params: readonly Width[];
  readonly results: readonly Width[];
}

/** The control of one function. Every method throws a RangeError for what wasm validation refuses. */
export class Branches {
  /** Locals that are needed behind the function's own. */
  temporaries = 0;
  private readonly list: InstructionList;
  private readonly stack: StackTracker;
  private readonly push: (name: string, imm?: number) => number;
  private readonly locals: number;

  /**
   * @param push appends an instruction and returns its cursor
   * @param locals how many the function has
   */
  constructor(
    list: InstructionList,
    stack: StackTracker,
    push: (name: string, imm?: number) => number,
    locals: number,
  ) {
    this.list = list;
    this.stack = stack;
    this.push = push;
    this.locals = locals;
  }

  open(kind: 'block' | 'loop', { params, results }: BlockType): void {
    this.stack.open(kind, params, results, this.list.ops.length);
  }

  if({ params, results }: BlockType): void {
    this.stack.move(1, []);
    const skip = this.push('if');
    this.stack.open('if', params, results, skip + 1, skip);
  }

  else(): void {
    const { list, stack } = this;
    const { skip, exits } = stack.innermost;
    if (skip < 0) throw new RangeError('an else without if');
    if (stack.live) exits.push(this.push('else'));
    list.patch(skip, list.ops.length);
    stack.otherwise();
  }

  br(depth: number): void {
    this.branch(this.stack.label(depth));
    this.stack.dead();
  }

  brIf(depth: number): void {
    const block = this.stack.label(depth);
    this.stack.move(1, []);
    if (this.stack.surplus(block) === 0) {
      this.jump('br_if', block);
      return;
    }
    const over = this.push('if');
    this.branch(block);
    this.list.patch(over, this.list.ops.length);
  }

  return(): void {
    const { stack } = this;
    this.settle(stack.label(stack.blocks.length - 1));
    this.push('return');
    stack.dead();
  }

  /** Leaves nothing on the stack but the values on top, which a function is jumped to with. */
  leave(carried: readonly Width[]): void {
    const { stack } = this;
    const { base } = stack.label(stack.blocks.length - 1);
    this.lift(carried, stack.height - carried.length - base);
  }

  unreachable(): void {
    this.push('unreachable');
    this.stack.dead();
  }

  end(): void {
    const { list, stack } = this;
    const { kind, skip, exits, params, results } = stack.close();
    if (skip >= 0 && params.join() !== results.join()) throw new RangeError('an if without else changes the stack');
    const here = list.ops.length;
    if (skip >= 0) list.patch(skip, here);
    for (const exit of exits) list.patch(exit, here);
    if (kind !== 'function') return;
    if (stack.live) this.push('return');
    stack.dead();
  }

  /** A jump line to `block`: backwards to a loop's start, else to the end, which is patched when it is known. */
  private jump(name: 'br' | 'br_if', block: Block): void {
    const cursor = this.push(name);
    if (block.kind === 'loop') this.list.patch(cursor, block.start);
    else block.exits.push(cursor);
  }

  /** Drops what lies between the values that a branch to `block` carries and the block's base. */
  private settle(block: Block): void {
    this.lift(this.stack.carried(block), this.stack.surplus(block));
  }

  /** Drops the `surplus` values below the topmost ones, which are `carried`. */
  private lift(carried: readonly Width[], surplus: number): void {
    if (surplus === 0) return;
    const first = this.temporary(carried.length);
    for (let i = carried.length - 1; i >= 0; i--) this.push('local.set', first + i);
    for (let i = 0; i < surplus; i++) this.push('drop');
    for (const [i, width] of carried.entries())
      this.push(bytesOf(width) === 8 ? 'local.get.i64' : 'local.get', first + i);
  }

  /** Index of the first of `count` temporaries; every use of them ends before the next begins. */
  temporary(count: number): number {
    this.temporaries = Math.max(this.temporaries, count);
    return this.locals;
  }

  private branch(block: Block): void {
    this.settle(block);
    this.jump('br', block);
  }

  /** Rows of `br`, one per label; those that must drop values lead to a path behind the rows, one per block. */
  brTable(depths: readonly number[]): void {
    const { list, stack } = this;
    stack.move(1, []);
    this.push('br_table', depths.length - 1);
    const paths = new Map<Block, number[]>();
    for (const depth of depths) {
      const block = stack.label(depth);
      if (stack.surplus(block) === 0) {
        this.jump('br', block);
      } else {
        const rows = paths.get(block) ?? [];
        paths.set(block, rows);
        rows.push(this.push('br'));
      }
    }
    for (const [block, rows] of paths) {
      for (const row of rows) list.patch(row, list.ops.length);
      this.branch(block);
    }
    stack.dead();
  }
}
