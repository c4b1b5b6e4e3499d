/** WebAssembly's number types by their names: what C calls int, long long, float and double. */
import { DOUBLE, FLOAT, INT, LLONG } from './base-types.ts';
import type { Type } from './types.ts';

export const NUMBER_TYPES = {
  i32: { kind: 'typedef', name: 'i32', to: INT },
  i64: { kind: 'typedef', name: 'i64', to: LLONG },
  f32: { kind: 'typedef', name: 'f32', to: FLOAT },
  f64: { kind: 'typedef', name: 'f64', to: DOUBLE },
} as const satisfies Record<string, Type>;

export type NumberTypeName = keyof typeof NUMBER_TYPES;

export function isNumberType(name: string): name is NumberTypeName {
  return Object.hasOwn(NUMBER_TYPES, name);
}
