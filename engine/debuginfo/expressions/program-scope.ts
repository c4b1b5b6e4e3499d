/**
 * The names of a C program at a code offset: its variables, enum constants, functions and types (C17, section 6.2.1).
 */
import type { DebugInfo } from '../debug-info.ts';
import type { Unit } from '../dwarf/entries.ts';
import type { NameIndex } from '../scopes/names.ts';
import type { FunctionInfo, Variable } from '../scopes/scopes.ts';
import { INT, LLONG, UINT, ULLONG } from '../types/base-types.ts';
import { isCxx } from '../types/cxx-names.ts';
import { asRecord, findMember } from '../types/members.ts';
import { bare, type IntegerType, spellType, type Type } from '../types/types.ts';
import type { Candidate, ExpressionScope, Meaning } from './scope.ts';

/** Looks names up: locals innermost first, then the unit's globals, other units', enum constants, functions. */
export class ProgramScope implements ExpressionScope {
  readonly codeOffset: number;
  private readonly info: DebugInfo;
  private readonly locals: Map<string, Variable>;
  private readonly indices: readonly NameIndex[];
  private readonly unit: Unit | undefined;

  /** `frame` is an index into `info.framesAt(codeOffset)`: 0, the innermost, unless functions were inlined. */
  constructor(info: DebugInfo, codeOffset: number, frame = 0) {
    this.info = info;
    this.codeOffset = codeOffset;
    this.unit = info.functionAt(codeOffset)?.unit;
    this.locals = new Map(info.variablesAt(codeOffset, frame).map((variable) => [variable.name, variable]));
    this.indices = info.namesFor(this.unit);
  }

  lookUp(spelt: string): Meaning | undefined {
    const isGlobal = spelt.startsWith('::');
    const name = isGlobal ? spelt.slice(2) : spelt;
    const local = isGlobal ? undefined : this.locals.get(name);
    const member = isGlobal || local ? undefined : this.memberOfThis(name);
    if (member) return member;
    const variable = local ?? this.info.globalNamed(name, this.unit);
    if (variable) return this.variable(variable);
    const isPath = name.includes('::');
    for (const index of this.indices) {
      const constant = isPath ? index.constantAt(name) : index.constants.get(name);
      if (constant)
        return { kind: 'constant', type: constantType(constant.value, constant.type.size), value: constant.value };
    }
    const found = this.info.functionNamed(name);
    const { info } = this;
    return (
      found && { kind: 'function', type: found.type, tableIndex: info.tableIndexOf(found), index: info.indexOf(found) }
    );
  }

  private variable({ type, locate }: Variable): Extract<Meaning, { kind: 'variable' }> {
    return { kind: 'variable', type, locator: locate(this.codeOffset) };
  }

  /** In a method of C++ members of its object are in scope, behind its locals. */
  private memberOfThis(name: string): Meaning | undefined {
    const object = this.locals.get('this');
    const pointer = object && bare(object.type);
    if (pointer?.kind !== 'pointer') return undefined;
    const isMember = findMember(asRecord(pointer.to)?.members ?? [], name);
    return isMember && { kind: 'member', of: this.variable(object as Variable) };
  }

  typedef(name: string): Type | undefined {
    if (this.locals.has(name)) return undefined;
    if (name.includes('::')) return this.first((index) => index.typeAt(name));
    // In C++ a class is a type by its name alone.
    const isClass = this.unit !== undefined && isCxx(this.unit.root);
    return this.first(({ typedefs, structs, unions, enums }) => {
      return typedefs.get(name) ?? (isClass ? (structs.get(name) ?? unions.get(name) ?? enums.get(name)) : undefined);
    });
  }

  tag(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined {
    return this.first(({ structs, unions, enums }) =>
      (kind === 'struct' ? structs : kind === 'union' ? unions : enums).get(name),
    );
  }

  notCallable(name: string): string | undefined {
    const found = this.info.functionNamed(name);
    if (found) {
      return mayTakeOthers(found) ? 'the compiler may have changed what it takes: optimise less' : undefined;
    }
    if (!this.info.isInlined(name)) return undefined;
    return 'the compiler put its code into those that call it, and left no function: optimise less';
  }

  private first(ask: (index: NameIndex) => Type | undefined): Type | undefined {
    for (const index of this.indices) {
      const type = ask(index);
      if (type) return type;
    }
    return undefined;
  }

  candidates(): Candidate[] {
    const variables = [...this.locals.values(), ...this.info.globals];
    return [
      ...variables.map(({ name, typeName }) => ({ label: name, kind: 'variable' as const, detail: typeName })),
      ...this.indices.flatMap(({ constants }) =>
        Array.from(constants.values(), ({ name, type }) => ({
          label: name,
          kind: 'constant' as const,
          detail: spellType(type),
        })),
      ),
      ...this.info.functions.map(({ name, type }) => ({
        label: name,
        kind: 'function' as const,
        detail: spellType(type),
      })),
    ];
  }
}

/**
 * Optimisers pass what a pointer points to instead of the pointer, where they know all callers; the parameter is nowhere then.
 * So it may be where it is merely unused: that is not told apart.
 */
function mayTakeOthers({ scope, prologueEnd }: FunctionInfo): boolean {
  return scope.variables.some(
    ({ isParameter, type, locate }) =>
      isParameter && bare(type).kind === 'pointer' && locate(prologueEnd).kind === 'gone',
  );
}

/** Enum constants have type int in C, and a larger one where they need it. */
function constantType(value: bigint, size: number): IntegerType {
  if (value >= -(1n << 31n) && value < 1n << 31n) return INT;
  if (size < 8) return UINT;
  return value < 1n << 63n ? LLONG : ULLONG;
}
