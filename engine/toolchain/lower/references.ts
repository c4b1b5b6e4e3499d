/**
 * References as numbers of four bytes: 0 is none; a function has one more than its place among those that the module
 * refers to; what comes from outside has the number that it was given.
 */
import type { WasmModule } from '../decode/module.ts';
import { CODE } from './operators.ts';

/** The functions that a module refers to, each once, in their order. */
const REFERRED = new WeakMap<WasmModule, readonly number[]>();

export function referredFunctions(module: WasmModule): readonly number[] {
  const known = REFERRED.get(module);
  if (known) return known;
  const found = new Set<number>();
  for (const { elements } of module.elements) {
    for (const element of elements) if (typeof element === 'number') found.add(element);
  }
  for (const { initial } of module.globals) {
    for (const step of initial.steps ?? []) if (step.kind === 'function') found.add(step.index);
  }
  for (const { codes, immediates } of module.functions) {
    for (let i = 0; i < codes.length; i++) if (codes[i] === CODE.refFunc) found.add(immediates[i]);
  }
  const functions = [...found].sort((a, b) => a - b);
  REFERRED.set(module, functions);
  return functions;
}

/** The number of a reference to a function that the module refers to. */
export function referenceTo(module: WasmModule, index: number): number {
  return numbersOf(module).get(index) ?? 0;
}

const NUMBERS = new WeakMap<WasmModule, ReadonlyMap<number, number>>();

function numbersOf(module: WasmModule): ReadonlyMap<number, number> {
  const numbers = NUMBERS.get(module) ?? new Map(referredFunctions(module).map((index, i) => [index, i + 1]));
  NUMBERS.set(module, numbers);
  return numbers;
}
