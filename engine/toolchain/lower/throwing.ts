/**
 * Exceptions of WebAssembly: which calls can end in one. The machine has no way back over several calls at once, so a
 * throw is a return that every caller looks at (`catching.ts`); only calls that can throw are looked at behind.
 */
import { typeOfFunction, type WasmFunction, type WasmModule } from '../decode/module.ts';
import { signatureText } from './imports.ts';
import { CLOSING, CODE, OPENING } from './operators.ts';
import { throwsReferences } from './records.ts';
import { bytesOf, type Clause, typeWidth, type Width } from './stack.ts';
import type { CallTables } from './tables.ts';

/** Which calls can end in a throw. */
export interface Throwing {
  /** Functions. */
  readonly functions: ReadonlySet<number>;
  /** Tables and types of indirect calls, as `indirectKey` names them. */
  readonly indirect: ReadonlySet<string>;
}

export const NEVER: Throwing = { functions: new Set(), indirect: new Set() };

/** Name of the calls that choose from one list of functions (`CallTables`) and are of one type. */
export function indirectKey(table: number, signature: string): string {
  return `${table} ${signature}`;
}

/** Finds the calls that can throw, among functions that can run: O(instructions) times how deep a throw can be called. */
export function throwingCalls(module: WasmModule, running: readonly WasmFunction[], tables: CallTables): Throwing {
  const isThrower = ({ codes }: WasmFunction) => codes.includes(CODE.throw) || codes.includes(CODE.throwRef);
  const functions = new Set(running.filter(isThrower).map(({ index }) => index));
  if (functions.size === 0) return NEVER;
  const indirect = new Set<string>();
  for (let before = -1; before !== functions.size; ) {
    before = functions.size;
    for (const key of tables.keys) {
      for (const element of tables.functions(key)) {
        if (element === null || !functions.has(element)) continue;
        indirect.add(indirectKey(key, signatureText(module.types[typeOfFunction(module, element) as number])));
      }
    }
    for (const fn of running) {
      const throws = (code: number, i: number) =>
        code === CODE.call || code === CODE.returnCall
          ? functions.has(fn.immediates[i])
          : (code === CODE.callIndirect || code === CODE.returnCallIndirect) &&
            indirect.has(indirectKey(tables.keyOf(fn.highs[i]), signatureText(module.types[fn.immediates[i]])));
      if (!functions.has(fn.index) && [...fn.codes].some(throws)) functions.add(fn.index);
    }
  }
  return { functions, indirect };
}

/** How many locals a function needs to keep what it caught, for a `rethrow`: a set of them for each `try` in another. */
export function keptLocals({ codes }: WasmFunction, thrown: Thrown): number {
  if (!codes.includes(CODE.rethrow)) return 0;
  const open: boolean[] = [];
  let most = 0;
  for (const code of codes) {
    if (OPENING.has(code)) open.push(code === CODE.try || code === CODE.tryTable);
    else if (CLOSING.has(code)) open.pop();
    most = Math.max(most, open.filter((catches) => catches).length);
  }
  return most * (1 + thrown.all().length);
}

/** The clauses of a `try_table`, as `Operators.tables` keeps them: kind, tag and label of each. */
export function clausesOf(kept: readonly number[]): Clause[] {
  return Array.from({ length: kept.length / 3 }, (_, i) => {
    const [kind, tag, label] = kept.slice(3 * i);
    return { tag: kind < 2 ? tag : undefined, label, refers: kind % 2 === 1 };
  });
}

/** A value's cell of frame 0. */
export interface PayloadCell {
  readonly cell: number;
  readonly width: Width;
}

/**
 * Where what is thrown stands until it is caught: one cell for the number of the tag, 0 while nothing is thrown, and cells
 * for the values, which all tags share.
 */
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

  /** The cell for the reference that was thrown, 0 if it was none; undefined in a module that throws none. */
  get reference(): number | undefined {
    return throwsReferences(this.module) ? this.cellNamed('$thrown reference', 8) : undefined;
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
      const bytes = bytesOf(width);
      return { cell: this.cellNamed(`$thrown i${8 * bytes} ${next[bytes]++}`, bytes), width };
    });
  }

  /** The cells of all values that any tag has. */
  all(): PayloadCell[] {
    const cells = this.module.tags.flatMap((_, tag) => this.payload(tag));
    return [...new Map(cells.map((found) => [found.cell, found])).values()];
  }
}
