/**
 * Where what is thrown stands until it is caught: one cell for the number of the tag, 0 while nothing is thrown, and cells
 * for the values, which all tags share.
 */
import type { WasmModule } from '../decode/module.ts';
import { typeWidth } from './references.ts';
import type { Width } from './stack.ts';

/** A value's cell of frame 0. */
export interface PayloadCell {
  readonly cell: number;
  readonly width: Width;
}

export class Thrown {
  private readonly module: WasmModule;
  private readonly cellNamed: (name: string, width?: Width) => number;

  /** @param cellNamed finds or makes a cell */
  constructor(module: WasmModule, cellNamed: (name: string, width?: Width) => number) {
    this.module = module;
    this.cellNamed = cellNamed;
  }

  get cell(): number {
    return this.cellNamed('$thrown');
  }

  /** Whether there is one tag: then what is thrown has that one. */
  get isOnly(): boolean {
    return this.module.tags.length === 1;
  }

  /** What the cell holds while this tag is thrown. */
  number(tag: number): number {
    return tag + 1;
  }

  /** The cells of a tag's values, in their order. @throws RangeError if there is no such tag */
  payload(tag: number): PayloadCell[] {
    const type = this.module.types[this.module.tags[tag]];
    if (!type) throw new RangeError(`there is no tag ${tag}`);
    const next = { 4: 0, 8: 0 };
    return type.params.map((param) => {
      const width = typeWidth(param);
      return { cell: this.cellNamed(`$thrown i${8 * width} ${next[width]++}`, width), width };
    });
  }

  /** The cells of all values that any tag has. */
  all(): PayloadCell[] {
    const cells = this.module.tags.flatMap((_, tag) => this.payload(tag));
    return [...new Map(cells.map((found) => [found.cell, found])).values()];
  }
}
