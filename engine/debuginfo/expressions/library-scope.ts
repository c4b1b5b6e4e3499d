/**
 * Functions that no debug information describes: those of a library that was linked without it, and those of modules
 * written in text. Their WebAssembly types say what they take: `size_t` is an `i32` then, and so is a pointer.
 */
import type { MachineType } from '../places/machine-state.ts';
import { NUMBER_TYPES } from '../types/number-types.ts';
import { VOID } from '../types/types.ts';
import type { ExpressionScope, LibraryFunction } from './scope.ts';

/** A function of the module. */
export interface ModuleFunction {
  readonly name: string;
  /** In the module's function space. */
  readonly index: number;
  readonly params: readonly MachineType[];
  readonly results: readonly MachineType[];
}

/**
 * The C library's functions that take `...`, with how many arguments stand before: in WebAssembly they have one more
 * parameter, which nothing tells from others.
 */
const VARIADIC: Readonly<Record<string, number>> = {
  printf: 1,
  fprintf: 2,
  dprintf: 2,
  sprintf: 2,
  snprintf: 3,
  scanf: 1,
  fscanf: 2,
  sscanf: 2,
};

/** A scope of nothing but those functions. Of several with a name the first counts. */
export function libraryScope(functions: readonly ModuleFunction[]): ExpressionScope {
  const byName = new Map<string, ModuleFunction>();
  for (const found of functions) if (!byName.has(found.name)) byName.set(found.name, found);
  return {
    codeOffset: undefined,
    lookUp: () => undefined,
    typedef: () => undefined,
    tag: () => undefined,
    candidates: () => [],
    libraryFunction(name): LibraryFunction | undefined {
      // A name in WebAssembly's text begins with a dollar.
      const { index, params, results } = byName.get(name) ?? byName.get(name.replace(/^\$/, '')) ?? {};
      if (index === undefined || !params || !results || results.length > 1) return undefined;
      const fixed = Object.hasOwn(VARIADIC, name) && params.length === VARIADIC[name] + 1 ? VARIADIC[name] : undefined;
      const parameters = params.slice(0, fixed).map((type) => NUMBER_TYPES[type]);
      const returns = results.length === 0 ? VOID : NUMBER_TYPES[results[0]];
      const type = { kind: 'function', returns, parameters, variadic: fixed !== undefined, prototyped: true } as const;
      return { index, type };
    },
  };
}
