/** What of a module is about references to exceptions (`exceptions/references.ts`), and whether these need memory. */
import type { WasmModule } from '../decode/module.ts';
import { CODE } from './operators.ts';

/** Pages for records of exceptions. */
export const RECORD_PAGES = 64;

const THROWS_REFERENCES = new WeakMap<WasmModule, boolean>();

/** Whether an instruction of the module throws a reference to an exception. */
export function throwsReferences(module: WasmModule): boolean {
  const known = THROWS_REFERENCES.get(module) ?? module.functions.some(({ codes }) => codes.includes(CODE.throwRef));
  THROWS_REFERENCES.set(module, known);
  return known;
}

/** Whether exceptions need records: an exception is referred to, and one of the module's has more than fits in a reference. */
export function needsRecords(module: WasmModule): boolean {
  const refers = module.functions.some(({ codes, highs, tables }) =>
    codes.some((code, i) => code === CODE.tryTable && givesReference(tables[highs[i]])),
  );
  const isLarge = (tag: number) => {
    const params = module.types[tag]?.params ?? [];
    return params.length > 1 || params.some((type) => type !== 'i32' && type !== 'f32');
  };
  return refers && module.tags.some(isLarge);
}

/** Whether a clause of a `try_table` gives the exception itself, as a reference; see `clausesOf`. */
function givesReference(kept: readonly number[]): boolean {
  return kept.some((kind, i) => i % 3 === 0 && kind % 2 === 1);
}
