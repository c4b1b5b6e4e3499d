/** Locals and globals of a module as debug information shows them, where nothing is known but their names. */
import { isNumberType, type MappedNumber } from '../../debuginfo/index.ts';
import type { WasmFunction, WasmModule } from '../decode/module.ts';

/** A function's parameters and locals. `nameOf` may know no name, or an empty one; then it is `$local` and a number. */
export function localsOf(
  module: WasmModule,
  fn: WasmFunction,
  nameOf: (index: number) => string | undefined,
): { parameters: MappedNumber[]; locals: MappedNumber[] } {
  const all = fn.locals.flatMap((type, index) =>
    isNumberType(type) ? [{ name: nameOf(index) || `$local${index}`, type, index }] : [],
  );
  const parameters = module.types[fn.type].params.length;
  return {
    parameters: all.filter(({ index }) => index < parameters),
    locals: all.filter(({ index }) => index >= parameters),
  };
}

/** The module's globals, likewise. */
export function globalsOf(module: WasmModule, nameOf: (index: number) => string | undefined): MappedNumber[] {
  return module.globals.flatMap(({ type }, index) =>
    isNumberType(type) ? [{ name: nameOf(index) || `$global${index}`, type, index }] : [],
  );
}

/** Code offset behind a function's last operator, its `end`. */
export function endOf(module: WasmModule, { offsets }: WasmFunction): number {
  return offsets[offsets.length - 1] + 1 - module.codeSection;
}
