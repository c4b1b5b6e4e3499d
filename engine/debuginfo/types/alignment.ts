/**
 * Alignment of C types for wasm32 (the "Basic C ABI" of the WebAssembly tool conventions): numbers and pointers at
 * multiples of their size. Debug information says alignment only where the source does; of other records it is worked
 * out from where their members are.
 */
import { bare, sizeOf, type Type } from './types.ts';

/** Deeper nesting than any program has: damaged data ends there. */
const DEPTH_LIMIT = 60;

/** Bytes; undefined for what has none: void, functions, incomplete types. */
export function alignmentOf(type: Type, depth = 0): number | undefined {
  const plain = bare(type);
  if (depth > DEPTH_LIMIT) return undefined;
  if (plain.kind === 'array') return alignmentOf(plain.element, depth + 1);
  if (plain.kind !== 'struct' && plain.kind !== 'union') return plain.kind === 'unknown' ? undefined : sizeOf(plain);
  if (!plain.complete) return undefined;
  let alignment = plain.alignment ?? 1;
  for (const { type: member, offset, bits } of plain.members) {
    const wanted = alignmentOf(member, depth + 1) ?? 1;
    // In a packed record members are where their alignment would not let them be.
    const fits = plain.size % wanted === 0 && (bits !== undefined || offset % wanted === 0);
    if (fits) alignment = Math.max(alignment, wanted);
  }
  return alignment;
}
