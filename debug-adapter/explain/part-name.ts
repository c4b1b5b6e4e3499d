/** What a part of an object is called in C: `.name[1]`, for the bytes that are exactly one member or element. */
import { bare, sizeOf, type Type } from '../../engine/debuginfo/index.ts';

/** Undefined for bytes that are no member or element by themselves, and where the type is not known. */
export function partName(
  type: Type | undefined,
  offset: number,
  count: number,
): { name: string; type: Type } | undefined {
  let name = '';
  let within = type;
  for (let at = offset; within; ) {
    if (at === 0 && sizeOf(within) === count && name !== '') return { name, type: within };
    const inner = innerPart(bare(within), at);
    if (!inner) return undefined;
    name += inner.name;
    at -= inner.offset;
    within = inner.type;
  }
  return undefined;
}

/** The member or element that holds the byte at `offset`. */
export function innerPart(
  type: ReturnType<typeof bare>,
  offset: number,
): { name: string; offset: number; type: Type } | undefined {
  if (type.kind === 'array') {
    const size = sizeOf(type.element);
    if (!size) return undefined;
    const index = Math.floor(offset / size);
    return { name: `[${index}]`, offset: index * size, type: type.element };
  }
  if (type.kind !== 'struct') return undefined;
  const holds = type.members.find((member) => {
    // Where a virtual base class lies, only the object says.
    const size = member.bits || member.base ? 0 : (sizeOf(member.type) ?? 0);
    return offset >= member.offset && offset < member.offset + size;
  });
  return holds && { name: holds.name === undefined ? '' : `.${holds.name}`, offset: holds.offset, type: holds.type };
}
