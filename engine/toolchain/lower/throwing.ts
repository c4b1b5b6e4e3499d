/**
 * Exceptions of WebAssembly: which calls can end in one. The machine has no way back over several calls at once, so a
 * throw is a return that every caller looks at (`catching.ts`); only calls that can throw are looked at behind.
 */
import { typeOfFunction, type WasmFunction, type WasmModule } from '../decode/module.ts';
import type { Clause } from './catching.ts';
import { signatureText } from './imports.ts';
import { CLOSING, CODE, OPENING } from './operators.ts';
import type { CallTables } from './tables.ts';
import type { Thrown } from './thrown.ts';

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
    return { tag: kind < 2 ? tag : undefined, label };
  });
}

/** Whether a clause of a `try_table` gives the exception itself, as a reference. */
export function givesReference(kept: readonly number[]): boolean {
  return kept.some((kind, i) => i % 3 === 0 && kind % 2 === 1);
}
