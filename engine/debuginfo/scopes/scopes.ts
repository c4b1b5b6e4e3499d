/**
 * Functions, blocks and variables of the source, and which of them are in scope at a code offset.
 */
import type { Unit } from '../dwarf/entries.ts';
import type { Range } from '../dwarf/ranges.ts';
import type { Locator } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import type { Type } from '../types/types.ts';

/** A variable or parameter of the source. */
export interface Variable {
  name: string;
  /** Of a global of C++: with the namespaces and classes that it lies in. */
  readonly path?: string | undefined;
  readonly type: Type;
  /** The type as C spells it. */
  readonly typeName: string;
  isParameter: boolean;
  /** Source path, when known. */
  file: string | undefined;
  /** Line of its declaration; 0 when unknown. */
  line: number;
  /** Where it lives while the machine stands at `codeOffset`. */
  locate(codeOffset: number): Locator;
}

/** A function's body, a block inside it, or the body of a function inlined there. */
export interface Scope {
  ranges: Range[];
  variables: Variable[];
  children: Scope[];
  /** For the body of an inlined function: which, and where it was called. */
  inlined: InlinedCall | undefined;
}

/** A call that the compiler replaced by the body of what is called. */
export interface InlinedCall {
  name: string;
  /** Where the function is declared. */
  file: string | undefined;
  line: number;
  /** Where it was called; line and column 0 when unknown. */
  callFile: string | undefined;
  callLine: number;
  callColumn: number;
}

/** A function with code. */
export interface FunctionInfo {
  name: string;
  /** In C++: with the namespaces and classes that it lies in. */
  readonly path?: string | undefined;
  file: string | undefined;
  /** Line of its declaration; 0 when unknown. */
  line: number;
  /** First byte of the body (the declarations of its locals) and the one behind its last. */
  lowPc: number;
  highPc: number;
  /** Code offset of the first statement after the prologue: from here on its variables can be read. */
  prologueEnd: number;
  readonly type: Type;
  scope: Scope;
  /** Undefined where there is no DWARF. */
  unit: Unit | undefined;
  /** What frame-relative locations count from; undefined where it is not known. */
  frameBase: ((state: MachineState) => number | undefined) | undefined;
}

/** The scopes that hold `codeOffset`, outermost first. */
export function scopesAt(outermost: Scope, codeOffset: number): Scope[] {
  const found = [outermost];
  for (let scope: Scope | undefined = outermost; scope; ) {
    scope = scope.children.find(({ ranges }) => covers(ranges, codeOffset));
    if (scope) found.push(scope);
  }
  return found;
}

function covers(ranges: Range[], codeOffset: number): boolean {
  for (const { low, high } of ranges) if (low <= codeOffset && codeOffset < high) return true;
  return false;
}
