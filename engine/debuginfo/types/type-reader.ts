/**
 * From debugging entries to C types (DWARF 5, chapter 5).
 *
 * Each type is made once, when first asked for, and what it refers to when that is asked for: reading a module costs
 * nothing for types nobody looks at, and cycles need no care.
 */
import { AT, ENCODING, FORM, OP, TAG } from '../dwarf/constants.ts';
import type { Entries, Entry } from '../dwarf/entries.ts';
import type { MachineState } from '../places/machine-state.ts';
import { isCxx, isRust, qualifiedName, shortName } from './cxx-names.ts';
import {
  type ArrayType,
  type Choice,
  type Member,
  type PointerType,
  type QualifiedType,
  type RecordType,
  sizeOf,
  type Type,
  type TypedefType,
  VOID,
} from './types.ts';
import { tableEntry } from './virtual-bases.ts';

const QUALIFIERS: Record<number, 'const' | 'volatile' | 'restrict' | '_Atomic'> = {
  [TAG.constType]: 'const',
  [TAG.volatileType]: 'volatile',
  [TAG.restrictType]: 'restrict',
  [TAG.atomicType]: '_Atomic',
};

/** Reads an integer held by a variable entry: how a variable length array gives its length. */
type VariableReader = (entry: Entry, state: MachineState, codeOffset: number) => number | undefined;

/** Makes types from entries, each once. */
export class TypeReader {
  private readonly entries: Entries;
  private readonly readVariable: VariableReader;
  private readonly types = new Map<Entry, Type>();

  constructor(entries: Entries, readVariable: VariableReader) {
    this.entries = entries;
    this.readVariable = readVariable;
  }

  /** The type that `entry` refers to by `DW_AT_type`; void without one, as C has it. */
  typeOf(entry: Entry): Type {
    const reference = entry.value(AT.type);
    if (reference === undefined) return VOID;
    const target =
      typeof reference === 'number'
        ? (this.entries.byOffset.get(reference) ?? this.entries.bySignature.get(reference))
        : typeof reference === 'bigint'
          ? this.entries.bySignature.get(reference)
          : undefined;
    return target ? this.type(target) : { kind: 'unknown', name: 'unreadable type', size: undefined };
  }

  /** The type that `entry` describes. */
  type(entry: Entry): Type {
    let type = this.types.get(entry);
    if (!type) {
      type = this.make(entry);
      this.types.set(entry, type);
    }
    return type;
  }

  private make(entry: Entry): Type {
    const name = entry.text(AT.name);
    const size = entry.number(AT.byteSize);
    switch (entry.tag) {
      case TAG.baseType:
        return baseType(name ?? 'unnamed type', size ?? 0, entry.number(AT.encoding) ?? 0);
      case TAG.pointerType:
      case TAG.referenceType:
      case TAG.rvalueReferenceType: {
        const reference = entry.tag !== TAG.pointerType;
        return lazily<PointerType, 'to'>(
          { kind: 'pointer', size: size ?? entry.unit.addressSize, reference, to: VOID },
          'to',
          () => this.typeOf(entry),
        );
      }
      case TAG.typedef:
        return lazily<TypedefType, 'to'>(
          { kind: 'typedef', name: spelled(entry, name) ?? name ?? 'unnamed type', to: VOID },
          'to',
          () => this.typeOf(entry),
        );
      case TAG.constType:
      case TAG.volatileType:
      case TAG.restrictType:
      case TAG.atomicType:
        return lazily<QualifiedType, 'to'>(
          { kind: 'qualified', qualifier: QUALIFIERS[entry.tag], to: VOID },
          'to',
          () => this.typeOf(entry),
        );
      case TAG.structureType:
      case TAG.classType:
      case TAG.unionType:
        return this.record(entry, name, size ?? 0);
      case TAG.enumerationType:
        return this.enumeration(entry, name, size);
      case TAG.arrayType:
        return this.array(entry);
      case TAG.subroutineType:
      case TAG.subprogram:
        return this.functionType(entry);
      case TAG.unspecifiedType:
        return unspecified(name, entry.unit.addressSize);
      default:
        return { kind: 'unknown', name: name ?? 'unsupported type', size };
    }
  }

  private record(entry: Entry, name: string | undefined, size: number): Type {
    // A declaration stands for a definition elsewhere: the first complete one of that name is taken.
    if (entry.flag(AT.declaration) && name !== undefined) {
      const definition = this.definition(entry, name);
      if (definition) return this.type(definition);
    }
    const kind = entry.tag === TAG.unionType ? 'union' : 'struct';
    const complete = !entry.flag(AT.declaration);
    const alignments = [entry, ...entry.children].map((part) => part.number(AT.alignment) ?? 0);
    const alignment = Math.max(...alignments) || undefined;
    const record = {
      kind,
      name,
      spelled: spelled(entry, name),
      size,
      complete,
      alignment,
      members: [],
      parameters: [],
    };
    const part = entry.children.find(({ tag }) => tag === TAG.variantPart);
    if (part) return this.choosing(record as RecordType, part);
    return lazily(
      lazily<RecordType, 'members'>(record as RecordType, 'members', () => this.members(entry)),
      'parameters',
      () => entry.children.filter(({ tag }) => tag === TAG.templateType).map((parameter) => this.typeOf(parameter)),
    );
  }

  private choosing(record: RecordType, part: Entry): RecordType {
    const choice = (): Choice => {
      const told = this.entries.byOffset.get(part.number(AT.discriminant) ?? -1);
      const cases = part.children.flatMap((variant) => {
        if (variant.tag !== TAG.variant) return [];
        const value = variant.value(AT.discriminantValue);
        const known = typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : undefined;
        return this.members(variant).map((member) => ({ value: known, member }));
      });
      return { discriminant: told && this.member(told), cases };
    };
    return lazily(
      lazily<RecordType, 'choice'>(record, 'choice', choice),
      'members',
      () => record.choice?.cases.map(({ member }) => member) ?? [],
    );
  }

  private definitions: Map<string, Entry> | undefined;

  private definition(declaration: Entry, name: string): Entry | undefined {
    const keyOf = (entry: Entry, name: string) => `${entry.tag} ${qualifiedName(entry, name)}`;
    if (!this.definitions) {
      this.definitions = new Map();
      for (const entry of this.entries.byOffset.values()) {
        if (entry.tag !== TAG.structureType && entry.tag !== TAG.unionType && entry.tag !== TAG.classType) continue;
        const name = entry.text(AT.name);
        if (name === undefined || entry.flag(AT.declaration)) continue;
        const key = keyOf(entry, name);
        if (!this.definitions.has(key)) this.definitions.set(key, entry);
      }
    }
    return this.definitions.get(keyOf(declaration, name));
  }

  private members(record: Entry): Member[] {
    const found: Member[] = [];
    for (const entry of record.children) {
      if (entry.tag !== TAG.member && entry.tag !== TAG.inheritance) continue;
      if (entry.flag(AT.external)) continue;
      const member = this.member(entry);
      found.push(member);
      if (entry.tag === TAG.inheritance) member.name = undefined;
    }
    return found;
  }

  private member(entry: Entry): Member {
    const member: Member = { name: entry.text(AT.name), type: VOID, offset: memberOffset(entry), bits: undefined };
    const inTable = entry.tag === TAG.inheritance ? tableEntry(entry.value(AT.dataMemberLocation)) : undefined;
    if (inTable !== undefined) member.base = { offset: 0, entry: inTable };
    const width = entry.number(AT.bitSize);
    if (width !== undefined) {
      const from = firstBit(entry, member.offset, width, () => sizeOf(this.typeOf(entry)) ?? 0);
      member.offset = from >> 3;
      member.bits = { shift: from & 7, width };
    }
    return lazily(member, 'type', () => this.typeOf(entry));
  }

  private enumeration(entry: Entry, name: string | undefined, size: number | undefined): Type {
    const values: { name: string; raw: number | bigint }[] = [];
    for (const child of entry.children) {
      const raw = child.value(AT.constValue);
      if (child.tag !== TAG.enumerator || (typeof raw !== 'number' && typeof raw !== 'bigint')) continue;
      values.push({ name: child.text(AT.name) ?? '', raw });
    }
    const underlying = entry.has(AT.type) ? this.typeOf(entry) : undefined;
    const signed = underlying?.kind === 'integer' ? underlying.signed : values.some(({ raw }) => raw < 0);
    const bytes = size ?? 4;
    const wrap = signed ? BigInt.asIntN : BigInt.asUintN;
    const constants = values.map(({ name, raw }) => ({ name, value: wrap(Math.min(bytes, 8) * 8, BigInt(raw)) }));
    return { kind: 'enum', name, spelled: spelled(entry, name), size: bytes, signed, constants };
  }

  private array(entry: Entry): Type {
    const dimensions = entry.children.filter((child) => child.tag === TAG.subrangeType);
    const make = (index: number): Type => {
      const dimension = dimensions[index];
      const array: ArrayType = { kind: 'array', element: VOID, count: undefined, countAt: undefined };
      if (dimension) this.readLength(dimension, array);
      return lazily(array, 'element', () => (index + 1 < dimensions.length ? make(index + 1) : this.typeOf(entry)));
    };
    return make(0);
  }

  /** A constant, or a reference to the (artificial) variable that holds the length. */
  private readLength(dimension: Entry, array: ArrayType): void {
    const bound = dimension.has(AT.count) ? AT.count : AT.upperBound;
    const extra = bound === AT.count ? 0 : 1;
    const value = dimension.number(bound);
    if (value === undefined) return;
    const form = dimension.form(bound);
    const variable = isReference(form) ? this.entries.byOffset.get(value) : undefined;
    if (variable) {
      array.countAt = (state, codeOffset) => {
        const count = this.readVariable(variable, state, codeOffset);
        return count === undefined ? undefined : count + extra;
      };
    } else if (!isReference(form) && value + extra >= 0) {
      array.count = value + extra;
    }
  }

  private functionType(entry: Entry): Type {
    const parameters = entry.children.filter((child) => child.tag === TAG.formalParameter);
    const variadic = entry.children.some((child) => child.tag === TAG.unspecifiedParameters);
    const type = {
      kind: 'function' as const,
      returns: VOID as Type,
      parameters: [] as Type[],
      variadic,
      prototyped: true,
    };
    // C's `int f()` is not prototyped and takes anything.
    type.prototyped = entry.flag(AT.prototyped) || parameters.length > 0;
    return lazily(
      lazily(type, 'parameters', () => parameters.map((parameter) => this.typeOf(parameter))),
      'returns',
      () => this.typeOf(entry),
    );
  }
}

/** C++'s type of `nullptr`, which is kept as a pointer; of others nothing is known. */
function unspecified(name: string | undefined, pointerSize: number): Type {
  if (name !== 'decltype(nullptr)') return { kind: 'unknown', name: name ?? 'unspecified type', size: undefined };
  const to: PointerType = { kind: 'pointer', size: pointerSize, reference: false, to: VOID };
  return { kind: 'typedef', name: 'std::nullptr_t', to };
}

/** In C++, a type's name as people write it; in Rust, with its modules. */
function spelled(entry: Entry, name: string | undefined): string | undefined {
  if (name !== undefined && isRust(entry)) return name.startsWith('&') ? name : qualifiedName(entry, name);
  return name === undefined || !isCxx(entry) ? undefined : shortName(qualifiedName(entry, name));
}

function isReference(form: number | undefined): boolean {
  return form !== undefined && ((form >= FORM.refAddr && form <= FORM.refUdata) || form === FORM.refSig8);
}

function memberOffset(entry: Entry): number {
  const offset = entry.value(AT.dataMemberLocation);
  if (typeof offset === 'number') return offset;
  // Older producers write DW_OP_plus_uconst and the offset.
  if (offset instanceof Uint8Array && offset[0] === OP.plusUconst) {
    let value = 0;
    for (let i = 1; i < offset.length && i < 6; i++) value += (offset[i] & 127) * 2 ** (7 * (i - 1));
    return value;
  }
  return 0;
}

/** First bit of a bit-field from the start of the record; DWARF 3's DW_AT_bit_offset counts from the other end. */
function firstBit(entry: Entry, offset: number, width: number, storage: () => number): number {
  const fromStart = entry.number(AT.dataBitOffset);
  if (fromStart !== undefined) return Math.max(fromStart, 0) + offset * 8;
  const fromTop = entry.number(AT.bitOffset);
  if (fromTop === undefined) return offset * 8;
  const bytes = entry.number(AT.byteSize) ?? storage();
  return Math.max(offset * 8 + bytes * 8 - fromTop - width, 0);
}

function baseType(name: string, size: number, encoding: number): Type {
  const isWide = encoding === ENCODING.utf;
  switch (encoding) {
    case ENCODING.boolean:
      return { kind: 'boolean', name, size };
    case ENCODING.float:
      return size === 4 || size === 8 || size === 16 ? { kind: 'float', name, size } : { kind: 'unknown', name, size };
    case ENCODING.signed:
    case ENCODING.signedChar:
      return integerType(name, size, true, encoding === ENCODING.signedChar);
    case ENCODING.unsigned:
    case ENCODING.unsignedChar:
    case ENCODING.utf:
    case ENCODING.address:
      return integerType(name, size, false, encoding === ENCODING.unsignedChar || isWide);
    default:
      return { kind: 'unknown', name, size };
  }
}

function integerType(name: string, size: number, signed: boolean, character: boolean): Type {
  if (![1, 2, 4, 8, 16].includes(size)) return { kind: 'unknown', name, size };
  return { kind: 'integer', name, size, signed, character };
}

/** Makes `target[key]` a getter that computes once. */
function lazily<T extends object, K extends keyof T>(target: T, key: K, compute: () => T[K]): T {
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get() {
      const value = compute();
      Object.defineProperty(target, key, { value, enumerable: true });
      return value;
    },
  });
  return target;
}
