/**
 * Debug information of C programs in WebAssembly: source lines, functions, variables, values and expressions. The
 * entry point; see `readDebugInfo`, `describe` and `compileExpression`.
 *
 * Its rooms, from the ground up: `dwarf` (the sections as entries, lines and ranges), `places` (where bytes are), `types`
 * (C types and values), `scopes` (functions and variables), `DebugInfo` (what a code offset
 * means: from DWARF, or from lines that a text or a source map gives), `expressions`.
 */
export { DebugInfo, type SourceFrame, type SourceLine } from './debug-info.ts';
export { ROW } from './dwarf/line-registers.ts';
export { readDebugInfo } from './dwarf-info.ts';
export { assigned } from './expressions/assigned.ts';
export { completions } from './expressions/completions.ts';
export { type CompiledExpression, compileExpression } from './expressions/expressions.ts';
export { libraryScope, type ModuleFunction } from './expressions/library-scope.ts';
export { type MachineNames, MachineScope } from './expressions/machine-scope.ts';
export { ProgramScope } from './expressions/program-scope.ts';
export { type ExpressionScope, type Meaning, nested, STANDARD_SCOPE } from './expressions/scope.ts';
export { type AssignmentText, assignmentIn } from './expressions/syntax/assignments.ts';
export { MappedInfo, type MappedNumber, type Mapping } from './mapped-info.ts';
export type { MachineArgument, MachineCall, MachineResult, MachineState, MachineType } from './places/machine-state.ts';
export { REMOVED } from './places/variable-location.ts';
export type { FunctionInfo, Scope, Variable } from './scopes/scopes.ts';
export { readVariable } from './scopes/variable-values.ts';
export { childrenOf } from './types/children.ts';
export { describe, formatValue } from './types/format.ts';
export type { DisplayFormat } from './types/integer-text.ts';
export { isNumberType, NUMBER_TYPES } from './types/number-types.ts';
export { bare, type FunctionType, sizeOf, spellType, type Type } from './types/types.ts';
export { bytesOf, quote, scalarOf, Unreadable, type Value } from './types/values.ts';
