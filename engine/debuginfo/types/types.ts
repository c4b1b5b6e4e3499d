/**
 * C types: what they are, how large, and how C spells them.
 *
 * The types of one module are a graph (a struct may point to itself), so what a type refers to is a getter, filled in
 * when first asked for. Other languages' types degrade to the nearest C has.
 */
import type { MachineState } from '../places/machine-state.ts';

export type Type =
  | VoidType
  | IntegerType
  | BooleanType
  | FloatType
  | EnumType
  | PointerType
  | ArrayType
  | RecordType
  | TypedefType
  | QualifiedType
  | FunctionType
  | UnknownType;

interface VoidType {
  kind: 'void';
}

export interface IntegerType {
  kind: 'integer';
  name: string;
  /** Bytes: 1, 2, 4, 8 or 16. */
  size: number;
  signed: boolean;
  /** A character type: shown with its character. */
  character: boolean;
}

export interface BooleanType {
  kind: 'boolean';
  name: string;
  size: number;
}

export interface FloatType {
  kind: 'float';
  name: string;
  /** Bytes: 4, 8, or 16 for `long double` (IEEE binary128). */
  size: number;
}

export interface EnumType {
  kind: 'enum';
  /** The tag; undefined for an anonymous one. */
  name: string | undefined;
  /** In C++, the name as people write it. */
  spelled?: string | undefined;
  size: number;
  signed: boolean;
  readonly constants: { name: string; value: bigint }[];
}

export interface PointerType {
  kind: 'pointer';
  readonly to: Type;
  size: number;
  /** A C++ reference rather than a pointer. */
  reference: boolean;
}

export interface ArrayType {
  kind: 'array';
  readonly element: Type;
  /** Undefined for `int a[]`, and for a variable length array until a value of it is read. */
  count: number | undefined;
  /** The length of a variable length array, in a frame stopped at `codeOffset`. */
  countAt: ((state: MachineState, codeOffset: number) => number | undefined) | undefined;
}

/** A member of a struct or union. */
export interface Member {
  /** Undefined for an anonymous struct or union inside another. */
  name: string | undefined;
  readonly type: Type;
  /** Bytes from the start of the record; of a bit-field, of the first byte it touches. */
  offset: number;
  bits: BitField | undefined;
  /** What the offset counts from, if that is no fixed place of the record: a virtual base class. */
  base?: VirtualBase | undefined;
}

/** A virtual base class: see virtual-bases.ts. */
export interface VirtualBase {
  /** Bytes from the start of the record, or of the virtual base around it, to the object whose table says where this one lies. */
  readonly offset: number;
  /** Bytes before the table's address at which the distance stands. */
  readonly entry: number;
  readonly around?: VirtualBase | undefined;
}

/** Which bits of a few bytes: `shift` counts from the least significant bit of the first byte. */
export interface BitField {
  shift: number;
  width: number;
}

export interface RecordType {
  kind: 'struct' | 'union';
  name: string | undefined;
  /** In C++, the name as people write it, with its namespaces. */
  spelled?: string | undefined;
  /** In C++, the types that a template was given. */
  readonly parameters?: readonly Type[];
  size: number;
  /** False for a struct that is only declared. */
  complete: boolean;
  /** Bytes, where the source says so. */
  alignment?: number | undefined;
  /** Of an enumeration of Rust: its members are values that it can have, one at a time. */
  readonly choice?: Choice | undefined;
  readonly members: Member[];
}

/** Which member there is. */
export interface Choice {
  /** What tells; undefined where there is one case only. */
  readonly discriminant: Member | undefined;
  /** Each with its number; without one what all other numbers stand for. */
  readonly cases: readonly { readonly value: bigint | undefined; readonly member: Member }[];
}

export interface TypedefType {
  kind: 'typedef';
  name: string;
  readonly to: Type;
}

export interface QualifiedType {
  kind: 'qualified';
  qualifier: 'const' | 'volatile' | 'restrict' | '_Atomic';
  readonly to: Type;
}

export interface FunctionType {
  kind: 'function';
  readonly returns: Type;
  readonly parameters: Type[];
  variadic: boolean;
  prototyped: boolean;
}

/** A type that C does not have, or that could not be read. */
interface UnknownType {
  kind: 'unknown';
  name: string;
  size: number | undefined;
}

/** Deeper nesting than any program has: damaged data ends there. */
const DEPTH_LIMIT = 60;

export const VOID: VoidType = { kind: 'void' };

/** A type without its typedefs and qualifiers. */
export type BareType = Exclude<Type, TypedefType | QualifiedType>;

/** Follows typedefs and qualifiers; damaged data that goes in circles ends as unknown. */
export function bare(type: Type): BareType {
  let current = type;
  for (let steps = 0; steps < 100; steps++) {
    if (current.kind !== 'typedef' && current.kind !== 'qualified') return current;
    current = current.to;
  }
  return { kind: 'unknown', name: spellType(type), size: undefined };
}

/** Size in bytes; undefined where it has none (void, functions, incomplete types, lengths known only at run time). */
export function sizeOf(type: Type): number | undefined {
  let count = 1;
  let current = bare(type);
  for (let depth = 0; current.kind === 'array'; depth++) {
    if (current.count === undefined || depth > 100) return undefined;
    count *= current.count;
    current = bare(current.element);
  }
  if (current.kind === 'void' || current.kind === 'function') return undefined;
  if ((current.kind === 'struct' || current.kind === 'union') && !current.complete) return undefined;
  return current.size === undefined ? undefined : current.size * count;
}

/** `type` with the lengths of variable length arrays as they are in this state. */
export function withLengths(type: Type, state: MachineState, codeOffset: number, depth = 0): Type {
  const array = bare(type);
  if (array.kind !== 'array' || depth > DEPTH_LIMIT || !hasVariableLength(type)) return type;
  return {
    kind: 'array',
    element: withLengths(array.element, state, codeOffset, depth + 1),
    count: array.countAt ? array.countAt(state, codeOffset) : array.count,
    countAt: undefined,
  };
}

/** Whether the type is an array with a length known only at run time, at any dimension. */
function hasVariableLength(type: Type): boolean {
  let current = bare(type);
  for (let depth = 0; current.kind === 'array' && depth < 100; depth++) {
    if (current.countAt) return true;
    current = bare(current.element);
  }
  return false;
}

/** The type as C spells it: `int[9][9]`, `struct node *`, `int (*)(int, int)`. */
export function spellType(type: Type): string {
  return spell(type, '', DEPTH_LIMIT);
}

/** `inner` is the declarator so far, read from the inside out as C declarations are. */
function spell(type: Type, inner: string, depth: number): string {
  if (depth === 0) return '…';
  switch (type.kind) {
    case 'pointer': {
      const target = unqualified(type.to);
      const star = `${type.reference ? '&' : '*'}${inner}`;
      const wrapped = target.kind === 'array' || target.kind === 'function' ? `(${star})` : star;
      return spell(type.to, wrapped, depth - 1);
    }
    case 'array':
      return spell(type.element, `${inner}[${type.count ?? ''}]`, depth - 1);
    case 'function':
      return spell(type.returns, `${inner}(${spellParameters(type, depth - 1)})`, depth - 1);
    case 'qualified': {
      const target = unqualified(type.to);
      if (target.kind === 'pointer') {
        return spell(type.to, `${type.qualifier}${inner === '' || /^[[)]/.test(inner) ? '' : ' '}${inner}`, depth - 1);
      }
      if (target.kind === 'array') return spell(type.to, inner, depth - 1);
      return `${type.qualifier} ${spell(type.to, inner, depth - 1)}`;
    }
    default: {
      const space = inner === '' || inner.startsWith('[') ? '' : ' ';
      return `${baseName(type)}${space}${inner}`;
    }
  }
}

function unqualified(type: Type): Type {
  let current = type;
  for (let steps = 0; current.kind === 'qualified' && steps < 20; steps++) current = current.to;
  return current;
}

function spellParameters(type: FunctionType, depth: number): string {
  const parameters = type.parameters.map((parameter) => spell(parameter, '', depth));
  if (type.variadic && parameters.length > 0) parameters.push('...');
  if (parameters.length === 0) return type.prototyped ? 'void' : '';
  return parameters.join(', ');
}

function baseName(type: Type): string {
  switch (type.kind) {
    case 'struct':
    case 'union':
    case 'enum':
      if (type.spelled !== undefined) return type.spelled;
      return type.name === undefined ? `${type.kind} {...}` : `${type.kind} ${type.name}`;
    case 'void':
      return 'void';
    case 'integer':
    case 'boolean':
    case 'float':
    case 'typedef':
    case 'unknown':
      return type.name;
    default:
      return type.kind;
  }
}
