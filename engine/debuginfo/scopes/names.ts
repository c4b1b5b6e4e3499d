/**
 * Names that are not variables: typedefs, tags of structs, unions and enums, and enum constants, by unit (DWARF 5,
 * chapter 5). What the expression evaluator looks up.
 */

import { AT, TAG } from '../dwarf/constants.ts';
import type { Entry, Unit } from '../dwarf/entries.ts';
import type { TypeReader } from '../types/type-reader.ts';
import type { EnumType, Type } from '../types/types.ts';

/** An enum constant and its enum. */
interface EnumConstant {
  name: string;
  value: bigint;
  type: EnumType;
}

/** The names of one unit. */
export class NameIndex {
  readonly typedefs = new Map<string, Type>();
  readonly structs = new Map<string, Type>();
  readonly unions = new Map<string, Type>();
  readonly enums = new Map<string, Type>();
  readonly constants = new Map<string, EnumConstant>();

  constructor(unit: Unit, types: TypeReader) {
    const pending: Entry[] = [unit.root];
    for (let entry = pending.pop(); entry; entry = pending.pop()) {
      for (const child of entry.children) pending.push(child);
      const name = entry.text(AT.name);
      if (entry.tag === TAG.enumerationType) this.addConstants(types.type(entry));
      if (name === undefined) continue;
      const map = this.mapOf(entry.tag);
      // Definitions win over declarations of the same tag.
      if (map && (!map.has(name) || !entry.flag(AT.declaration))) map.set(name, types.type(entry));
    }
  }

  private mapOf(tag: number): Map<string, Type> | undefined {
    if (tag === TAG.typedef) return this.typedefs;
    if (tag === TAG.structureType || tag === TAG.classType) return this.structs;
    if (tag === TAG.unionType) return this.unions;
    return tag === TAG.enumerationType ? this.enums : undefined;
  }

  private addConstants(type: Type): void {
    if (type.kind !== 'enum') return;
    for (const { name, value } of type.constants) this.constants.set(name, { name, value, type });
  }
}
