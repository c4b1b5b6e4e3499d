/**
 * What names mean where an expression is evaluated: the interface between the evaluator and whatever gives names (the
 * program's debug information, the machine, what somebody adds), and scopes inside one another.
 */
import type { Locator } from '../places/location.ts';
import type { MachineState } from '../places/machine-state.ts';
import { INT, STANDARD_TYPEDEFS } from '../types/base-types.ts';
import { type FunctionType, type IntegerType, type Type, withLengths } from '../types/types.ts';
import type { TypeScope } from './syntax/type-names.ts';

/** What a name means. */
export type Meaning =
  | { kind: 'variable'; type: Type; locator: Locator }
  /** A member of the object that C++'s `this` points to. */
  | { kind: 'member'; of: Extract<Meaning, { kind: 'variable' }> }
  /** A number without a place. */
  | { kind: 'value'; type: Type; read: ValueReader }
  | { kind: 'list'; list: List }
  | { kind: 'constant'; type: IntegerType; value: bigint }
  /** `index`: in the module's function space; undefined where the module has no such function. */
  | { kind: 'function'; type: Type; tableIndex: number | undefined; index: number | undefined };

/**
 * Reads a number: a bigint for types of eight bytes that are integers, otherwise a number in the type's range. Undefined
 * where the state does not know it.
 */
export type ValueReader = (state: MachineState) => number | bigint | undefined;

/** Numbers that are chosen by an index and have no address; each may have a type of its own. */
export interface List {
  /** What it is, for errors: "the operand stack". */
  description: string;
  /** What is at an index; without one, a way to read any. Undefined for an entry that does not exist. */
  entry(index: number | undefined): ListEntry | undefined;
}

/** `read` gives entry `index` as a value of `type`. */
export interface ListEntry {
  type: Type;
  read(state: MachineState, index: number): number | bigint | undefined;
}

/** A function that is known by its name and its WebAssembly types alone. */
export interface LibraryFunction {
  /** In the module's function space. */
  index: number;
  type: FunctionType;
}

/** A name for completion. */
export interface Candidate {
  label: string;
  kind: 'variable' | 'member' | 'constant' | 'function';
  /** Type as C spells it. */
  detail: string;
}

/** Where an expression is evaluated. */
export interface ExpressionScope extends TypeScope {
  /** What a name that is not a type means. */
  lookUp(name: string): Meaning | undefined;
  /** All names but those of types, the nearest first. */
  candidates(): Candidate[];
  /** A function of the module that the source does not define: one of a library. */
  libraryFunction?(name: string): LibraryFunction | undefined;
  /** Why nothing of this name can be called. */
  notCallable?(name: string): string | undefined;
  /** Where in the code the selected frame is, which decides the lengths of arrays; undefined outside of known code. */
  readonly codeOffset: number | undefined;
}

/** Scopes from the innermost to the outermost, as one. A name of an inner one hides that of an outer one. */
export function nested(scopes: readonly ExpressionScope[]): ExpressionScope {
  const first = <T>(ask: (scope: ExpressionScope) => T | undefined): T | undefined => {
    for (const scope of scopes) {
      const answer = ask(scope);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return {
    codeOffset: first(({ codeOffset }) => codeOffset),
    lookUp: (name) => first((scope) => scope.lookUp(name)),
    typedef(name) {
      for (const scope of scopes) {
        const type = scope.typedef(name);
        if (type || scope.lookUp(name)) return type;
      }
      return undefined;
    },
    tag: (kind, name) => first((scope) => scope.tag(kind, name)),
    candidates: () => scopes.flatMap((scope) => scope.candidates()),
    libraryFunction: (name) => first((scope) => scope.libraryFunction?.(name)),
    notCallable: (name) => first((scope) => scope.notCallable?.(name)),
  };
}

/** What every C program may say: the usual typedefs, and macros that leave no trace in debug information. */
export const STANDARD_SCOPE: ExpressionScope = {
  codeOffset: undefined,
  lookUp(name) {
    if (name === 'true') return { kind: 'constant', type: INT, value: 1n };
    return name === 'false' || name === 'NULL' ? { kind: 'constant', type: INT, value: 0n } : undefined;
  },
  typedef: (name) => (Object.hasOwn(STANDARD_TYPEDEFS, name) ? STANDARD_TYPEDEFS[name] : undefined),
  tag: () => undefined,
  candidates: () => [],
};

/** `type` with the lengths that arrays have in this state. */
export function typeIn(scope: ExpressionScope, type: Type, state: MachineState): Type {
  // Outside of known code only expressions bring lengths along, which no place in the code decides.
  return withLengths(type, state, scope.codeOffset ?? 0);
}
