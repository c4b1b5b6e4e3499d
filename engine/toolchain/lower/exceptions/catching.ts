/**
 * Exceptions in one function: where they are thrown, caught and thrown on. What is thrown stands in cells (`Thrown`);
 * a throw jumps to where it is caught, and where that is another function returns with results that nobody looks at. The
 * landing of a block that catches lies behind its body: one test for each tag, then on to the block around it.
 */
import type { InstructionList } from '../../../isa/instruction-list.ts';
import type { Uncaught as UncaughtRows } from '../../../isa/program.ts';
import type { WasmFunction, WasmModule } from '../../decode/module.ts';
import type { ReferenceCalls, Shared } from '../assembly.ts';
import type { BlockType, Branches } from '../branches.ts';
import { CODE } from '../operators.ts';
import { type Block, bytesOf, type Clause, type StackTracker } from '../stack.ts';
import { clausesOf, type PayloadCell, Thrown } from '../throwing.ts';

/** Every method throws a RangeError for what wasm validation refuses. */
export class Catching {
  private readonly list: InstructionList;
  private readonly stack: StackTracker;
  private readonly branches: Branches;
  private readonly push: (name: string, imm?: number) => number;
  private readonly thrown: Thrown;
  private readonly referenceCalls: ReferenceCalls;
  /** First of the locals that keep what was caught for a `rethrow`; undefined in a function without one. */
  private readonly kept: number | undefined;

  constructor(
    list: InstructionList,
    stack: StackTracker,
    branches: Branches,
    push: (name: string, imm?: number) => number,
    thrown: Thrown,
    referenceCalls: ReferenceCalls,
    kept: number | undefined,
  ) {
    this.list = list;
    this.stack = stack;
    this.branches = branches;
    this.push = push;
    this.thrown = thrown;
    this.referenceCalls = referenceCalls;
    this.kept = kept;
  }

  /** An operator of the control of exceptions; false for any other. */
  control(
    code: number,
    immediate: number,
    high: number,
    { tables }: WasmFunction,
    blockType: (immediate: number) => BlockType,
  ): boolean {
    switch (code) {
      case CODE.try:
        this.open(blockType(immediate));
        return true;
      case CODE.tryTable:
        this.open(blockType(immediate), clausesOf(tables[high]));
        return true;
      case CODE.catch:
        this.catch(immediate);
        return true;
      case CODE.catchAll:
        this.catch(undefined);
        return true;
      case CODE.throw:
        this.throw(immediate);
        return true;
      case CODE.throwRef:
        this.throwReference();
        return true;
      case CODE.rethrow:
        this.rethrow(immediate);
        return true;
      case CODE.delegate:
        this.finish(immediate);
        this.branches.end();
        return true;
      default:
        return false;
    }
  }

  /** Opens a block that catches: by clauses, or by the `catch` and `catch_all` that follow. */
  open({ params, results }: BlockType, clauses?: readonly Clause[]): void {
    const { stack } = this;
    stack.open('try', params, results, this.list.ops.length);
    stack.innermost.catches = [];
    stack.innermost.clauses = clauses;
  }

  private throw(tag: number): void {
    const cells = this.thrown.payload(tag);
    this.stack.move(cells.length, []);
    for (const { cell } of cells.toReversed()) this.push('global.set', cell);
    this.push('i32.const', this.thrown.number(tag));
    this.push('global.set', this.thrown.cell);
    this.throwsNoReference();
    this.unwind();
    this.stack.dead();
  }

  private throwReference(): void {
    this.stack.move(1, []);
    this.referenceCalls.thrown.push(this.push('call'));
    this.push('global.set', this.thrown.cell);
    this.unwind();
    this.stack.dead();
  }

  /** A `catch` of a tag, or a `catch_all`. */
  private catch(tag: number | undefined): void {
    const { stack } = this;
    const block = stack.innermost;
    if (block.kind !== 'try' || block.clauses) throw new RangeError('a catch without try');
    this.land(block);
    this.test(block, tag);
    if (this.kept !== undefined) {
      const first = this.keptOf(block);
      this.push('global.get', this.thrown.cell);
      this.push('local.set', first);
      for (const [i, cell] of this.thrown.all().entries()) {
        this.load(cell);
        this.push('local.set', first + 1 + i);
      }
    }
    this.take(tag);
  }

  private rethrow(depth: number): void {
    const block = this.stack.label(depth);
    if (block.kind !== 'try' || block.catches) throw new RangeError('a rethrow outside of a catch');
    const first = this.keptOf(block);
    for (const [i, { cell, width }] of this.thrown.all().entries()) {
      this.push(bytesOf(width) === 8 ? 'local.get.i64' : 'local.get', first + 1 + i);
      this.push('global.set', cell);
    }
    this.push('local.get', first);
    this.push('global.set', this.thrown.cell);
    this.throwsNoReference();
    this.unwind();
    this.stack.dead();
  }

  /** Before the end of a block that catches: what it does not catch is thrown on, to the block `outwards` around it. */
  finish(outwards = 0): void {
    const { stack } = this;
    const block = stack.innermost;
    if ((block.catches ?? block.uncaught ?? []).length === 0) return;
    this.land(block);
    for (const { tag, label, refers } of block.clauses ?? []) {
      this.test(block, tag);
      this.take(tag, refers);
      this.branches.br(label + 1);
      this.patch(block);
      if (block.uncaught?.length === 0) break;
      stack.caught();
    }
    if (stack.live) this.unwind(outwards + 1);
    stack.dead();
  }

  private throwsNoReference(): void {
    const { reference } = this.thrown;
    if (reference === undefined) return;
    this.push('i32.const', 0);
    this.push('i64.extend_i32_s');
    this.push('global.set', reference);
  }

  /** Behind a call that can throw: unwinds if it did. */
  unwindIfThrown(): void {
    this.push('global.get', this.thrown.cell);
    const over = this.push('if');
    this.unwind();
    this.list.patch(over, this.list.ops.length);
  }

  /** Goes to where a throw is caught: in a block that lies at least `depth` outside, else in the caller. */
  private unwind(depth = 0): void {
    const { stack } = this;
    const block = stack.catching(depth);
    const outer = block ?? stack.label(stack.blocks.length - 1);
    for (let height = stack.height; height > outer.base; height--) this.push('drop');
    if (block) {
      block.catches?.push(this.push('br'));
      return;
    }
    for (const width of outer.results) {
      this.push('i32.const', 0);
      if (bytesOf(width) === 8) this.push('i64.extend_i32_s');
    }
    this.push('return');
  }

  /** Ends the part of a block that goes before, and begins where what is not caught yet arrives. */
  private land(block: Block): void {
    if (this.stack.live) block.exits.push(this.push('br'));
    block.uncaught = block.catches ?? block.uncaught ?? [];
    block.catches = undefined;
    this.patch(block);
    this.stack.caught();
  }

  private patch(block: Block): void {
    for (const cursor of block.uncaught ?? []) this.list.patch(cursor, this.list.ops.length);
  }

  /** Goes on to the next test where another tag was thrown. */
  private test(block: Block, tag: number | undefined): void {
    block.uncaught = [];
    if (tag === undefined || this.thrown.isOnly) return;
    this.push('global.get', this.thrown.cell);
    this.push('i32.const', this.thrown.number(tag));
    this.push('i32.eq');
    block.uncaught.push(this.push('if'));
  }

  /** Puts onto the stack what was thrown; from here on nothing is. */
  private take(tag: number | undefined, refers = false): void {
    for (const cell of tag === undefined ? [] : this.thrown.payload(tag)) {
      this.load(cell);
      this.stack.move(0, [cell.width]);
    }
    if (refers) {
      this.referenceCalls.caught.push(this.push('call'));
      this.stack.move(0, [8]);
    }
    this.push('i32.const', 0);
    this.push('global.set', this.thrown.cell);
  }

  private load({ cell, width }: PayloadCell): void {
    this.push(bytesOf(width) === 8 ? 'global.get.i64' : 'global.get', cell);
  }

  /** The locals of a block: blocks side by side share theirs. */
  private keptOf(block: Block): number {
    const { blocks } = this.stack;
    const around = blocks.slice(0, blocks.indexOf(block)).filter(({ kind }) => kind === 'try').length;
    return (this.kept ?? 0) + around * (1 + this.thrown.all().length);
  }
}

/**
 * The end of a program that does not catch what it throws: behind the call that began it stands a look at what is thrown.
 * A line on standard error says so, with the tag, and the machine stops as at `unreachable`.
 */
export class Uncaught {
  private readonly module: WasmModule;
  private readonly shared: Shared;
  private readonly thrown: Thrown;
  /** Cursors of the jumps to the end. */
  private readonly jumps: number[] = [];

  constructor(module: WasmModule, shared: Shared) {
    this.module = module;
    this.shared = shared;
    this.thrown = new Thrown(module, shared.cellNamed);
  }

  /** Behind a call from outside that can throw. */
  check(): void {
    const { list } = this.shared;
    list.push('global.get', this.thrown.cell);
    this.jumps.push(list.push('br_if'));
  }

  /** The ends, if anything leads there. */
  rows(): UncaughtRows | undefined {
    const { jumps, module, shared, thrown } = this;
    const { list } = shared;
    if (jumps.length === 0) return undefined;
    const start = list.ops.length;
    for (const cursor of jumps) list.patch(cursor, start);
    const texts = new Map<number, string>();
    for (const tag of module.tags.keys()) {
      const isLast = tag === module.tags.length - 1;
      if (!isLast) {
        list.push('global.get', thrown.cell);
        list.push('i32.const', thrown.number(tag));
        list.push('i32.eq');
      }
      const over = isLast ? -1 : list.push('if');
      list.push('i32.const', 0);
      list.push('global.set', thrown.cell);
      const text = `uncaught exception: ${this.nameOf(tag)}`;
      this.say(`${text}\n`);
      texts.set(list.push('unreachable'), text);
      if (over >= 0) list.patch(over, list.ops.length);
    }
    return { cell: thrown.cell, start, end: list.ops.length, texts };
  }

  private nameOf(tag: number): string {
    const exported = this.module.exports.find(({ kind, index }) => kind === 'tag' && index === tag);
    return exported ? `tag ${exported.name}` : `tag ${tag}`;
  }

  private say(text: string): void {
    const { list, errorWrites } = this.shared;
    for (const byte of new TextEncoder().encode(text)) {
      list.push('i32.const', byte);
      errorWrites.push(list.push('write_byte'));
    }
  }
}
