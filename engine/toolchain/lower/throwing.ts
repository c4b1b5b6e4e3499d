/**
 * Exceptions of WebAssembly (its first proposal: `try`, `catch`, `throw`) with one tag that carries an i32, which is what
 * `longjmp` becomes. The machine has no way back over several calls at once, so a throw is a return that every caller
 * looks at: a cell holds what is thrown, 0 while nothing is. Only calls that can throw are looked at behind.
 */
import { typeOfFunction, type WasmFunction, type WasmModule } from '../decode/module.ts';
import { signatureText } from './imports.ts';
import { CODE } from './operators.ts';
import type { CallTables } from './tables.ts';

/** The cell; what is thrown is never 0. */
export const THROWN_CELL = '$thrown';

/** The type of the one tag that can be thrown. */
export const TAG_TYPE = '(i32) -> ()';

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
  const functions = new Set(running.filter(({ codes }) => codes.includes(CODE.throw)).map(({ index }) => index));
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
