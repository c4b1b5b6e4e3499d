/**
 * Names that are not variables: typedefs, tags of structs, unions and enums, and enum constants, by unit (DWARF 5,
 * chapter 5). What the expression evaluator looks up.
 */

import { AT, TAG } from '../dwarf/constants.ts';
import type { Entry, Unit } from '../dwarf/entries.ts';
import { qualifiedName } from '../types/cxx-names.ts';
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

  private readonly types: TypeReader;
  private readonly inner: { entry: Entry; name: string }[] = [];
  private readonly enumerations: { type: EnumType; entry: Entry }[] = [];

  constructor(unit: Unit, types: TypeReader) {
    this.types = types;
    const pending: Entry[] = [unit.root];
    for (let entry = pending.pop(); entry; entry = pending.pop()) {
      for (const child of entry.children) pending.push(child);
      const name = entry.text(AT.name);
      if (entry.tag === TAG.enumerationType) this.addConstants(types.type(entry), entry);
      if (name === undefined) continue;
      const map = this.mapOf(entry.tag);
      if (map && entry.parent !== unit.root) this.inner.push({ entry, name });
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

  private addConstants(type: Type, entry: Entry): void {
    if (type.kind !== 'enum') return;
    this.enumerations.push({ type, entry });
    for (const { name, value } of type.constants) this.constants.set(name, { name, value, type });
  }

  /** A constant by its name with that of its enum, or of what the enum is in, in front: `Color::Red`. */
  constantAt(path: string): EnumConstant | undefined {
    const [around, last] = split(path);
    for (const { type, entry } of this.enumerations) {
      const constant = type.constants.find(({ name }) => name === last);
      if (!constant) continue;
      const whole = qualifiedName(entry, type.name ?? '');
      if (around === whole || around === split(whole)[0]) return { ...constant, type };
    }
    return undefined;
  }

  /** A type by its name with the namespaces and classes around it. */
  typeAt(path: string): Type | undefined {
    const [, last] = split(path);
    const isIt = ({ entry, name }: { entry: Entry; name: string }) =>
      name === last && qualifiedName(entry, name) === path;
    const found = this.inner.filter(isIt);
    const whole = found.find(({ entry }) => !entry.flag(AT.declaration)) ?? found[0];
    return whole && this.types.type(whole.entry);
  }
}

/** What stands before the last `::`, and behind it. */
function split(path: string): [around: string, last: string] {
  const at = path.lastIndexOf('::');
  return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 2)];
}
