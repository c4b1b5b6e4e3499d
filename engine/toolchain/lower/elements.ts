/** Element segments: what is in them, and how many of them an instance gets. */

import { evaluate } from '../decode/constants.ts';
import type { Element, WasmModule } from '../decode/module.ts';
import { referenceTo } from './references.ts';

/** More entries than any program's table of functions; every entry costs an instruction per type called. */
export const MAX_TABLE = 65536;

/** How many element segments instantiation applies: those before the first that does not fit its table. */
export function fittingElements({ elements, tables, globals }: Pick<WasmModule, 'elements' | 'tables' | 'globals'>) {
  const end = elements.findIndex(({ table, offset, elements: listed }) => {
    const place = offset && evaluate(offset, globals);
    return place && (place.low >>> 0) + listed.length > (tables[table]?.initial ?? 0);
  });
  return end < 0 ? elements.length : end;
}

/** What an element is: a function's index, the number of a reference to something else, or undefined if not known. */
export function elementValue(
  element: Element,
  module: Pick<WasmModule, 'globals'>,
): { readonly function?: number; readonly low: number } | undefined {
  if (element === null) return { low: 0 };
  return typeof element === 'number' ? { low: 0, function: element } : evaluate(element, module.globals);
}

/** The same as a number. */
export function elementNumber(element: Element, module: WasmModule): number {
  const value = elementValue(element, module);
  if (value?.function !== undefined) return referenceTo(module, value.function);
  return value?.low ?? 0;
}
