/**
 * What names mean where an expression is evaluated: the program's variables, enum constants, functions and types at a
 * code offset.
 */

import type { DebugInfo } from '../debug-info.ts';
import type { Locator } from '../places/location.ts';
import type { Variable } from '../scopes/scopes.ts';
import { INT, LLONG, STANDARD_TYPEDEFS, UINT, ULLONG } from '../types/base-types.ts';
import type { IntegerType, Type } from '../types/types.ts';
import type { TypeNames } from './parser.ts';

/** Where an expression is evaluated. */
export interface ExpressionScope {
  info: DebugInfo;
  /** Code offset of the selected frame. */
  codeOffset: number;
  /** Index into `info.framesAt(codeOffset)`: 0, the innermost, unless functions were inlined. */
  frame?: number;
}

/** What a name means. */
export type Meaning =
  | { kind: 'variable'; type: Type; locator: Locator }
  | { kind: 'constant'; type: IntegerType; value: bigint }
  | { kind: 'function'; type: Type; tableIndex: number | undefined }
  | { kind: 'type' };

/** Looks names up: locals innermost first, then the unit's globals, other units', enum constants, functions. */
export class NameScope implements TypeNames {
  readonly codeOffset: number;
  private readonly info: DebugInfo;
  private readonly locals: Map<string, Variable>;
  private readonly indices: ReturnType<DebugInfo['namesFor']>;
  private readonly unit: Parameters<DebugInfo['namesFor']>[0];

  constructor({ info, codeOffset, frame }: ExpressionScope) {
    this.info = info;
    this.codeOffset = codeOffset;
    this.unit = info.functionAt(codeOffset)?.unit;
    this.locals = new Map(info.variablesAt(codeOffset, frame).map((variable) => [variable.name, variable]));
    this.indices = info.namesFor(this.unit);
  }

  lookUp(name: string): Meaning | undefined {
    const variable = this.locals.get(name) ?? this.info.globalNamed(name, this.unit);
    if (variable) return { kind: 'variable', type: variable.type, locator: variable.locate(this.codeOffset) };
    for (const { constants } of this.indices) {
      const constant = constants.get(name);
      if (constant)
        return { kind: 'constant', type: constantType(constant.value, constant.type.size), value: constant.value };
    }
    const found = this.info.functionNamed(name);
    if (found) return { kind: 'function', type: found.type, tableIndex: this.info.tableIndexOf(found) };
    if (this.typedef(name)) return { kind: 'type' };
    if (name === 'true' || name === 'false') return { kind: 'constant', type: INT, value: name === 'true' ? 1n : 0n };
    // A macro in C; the debug information has none, and people write it.
    return name === 'NULL' ? { kind: 'constant', type: INT, value: 0n } : undefined;
  }

  typedef(name: string): Type | undefined {
    if (this.locals.has(name)) return undefined;
    for (const { typedefs } of this.indices) {
      const type = typedefs.get(name);
      if (type) return type;
    }
    return Object.hasOwn(STANDARD_TYPEDEFS, name) ? STANDARD_TYPEDEFS[name] : undefined;
  }

  tag(kind: 'struct' | 'union' | 'enum', name: string): Type | undefined {
    for (const index of this.indices) {
      const map = kind === 'struct' ? index.structs : kind === 'union' ? index.unions : index.enums;
      const type = map.get(name);
      if (type) return type;
    }
    return undefined;
  }
}

/** Enum constants have type int in C, and a larger one where they need it. */
function constantType(value: bigint, size: number): IntegerType {
  if (value >= -(1n << 31n) && value < 1n << 31n) return INT;
  if (size < 8) return UINT;
  return value < 1n << 63n ? LLONG : ULLONG;
}
