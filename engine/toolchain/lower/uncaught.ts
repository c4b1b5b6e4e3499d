/**
 * The end of a program that does not catch what it throws: behind the call that began it stands a look at what is thrown.
 * A line on standard error says so, with the tag, and the machine stops as at `unreachable`.
 */
import type { WasmModule } from '../decode/module.ts';
import type { Shared } from './assembly.ts';
import { Thrown } from './thrown.ts';

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

  /** The end, if anything leads there. Returns the cursor of the first row and those of the ends themselves. */
  rows(): { readonly start: number; readonly ends: readonly number[] } | undefined {
    const { jumps, module, shared, thrown } = this;
    const { list } = shared;
    if (jumps.length === 0) return undefined;
    const start = list.ops.length;
    for (const cursor of jumps) list.patch(cursor, start);
    const ends = module.tags.map((_, tag) => {
      const isLast = tag === module.tags.length - 1;
      if (!isLast) {
        list.push('global.get', thrown.cell);
        list.push('i32.const', thrown.number(tag));
        list.push('i32.eq');
      }
      const over = isLast ? -1 : list.push('if');
      list.push('i32.const', 0);
      list.push('global.set', thrown.cell);
      this.say(`uncaught exception: ${this.nameOf(tag)}\n`);
      const end = list.push('unreachable');
      if (over >= 0) list.patch(over, list.ops.length);
      return end;
    });
    return { start, ends };
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
