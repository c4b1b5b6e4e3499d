/**
 * Debug information of C programs in WebAssembly: source lines, functions, variables, values and expressions. The
 * entry point; see `readDebugInfo`, `describe` and `compileExpression`.
 */
export { DebugInfo, readDebugInfo, type SourceFrame, type SourceLine } from './debug-info.ts';
export { type LineTable, ROW, rowAt } from './dwarf/lines.ts';
export { type Completion, completions } from './expressions/completions.ts';
export { type CompiledExpression, compileExpression } from './expressions/expressions.ts';
export { type MachineNames, MachineScope, type MachineType } from './expressions/machine-scope.ts';
export { ProgramScope } from './expressions/program-scope.ts';
export { type ExpressionScope, type Meaning, nested, STANDARD_SCOPE } from './expressions/scope.ts';
export type { Locator, Place } from './places/location.ts';
export type { MachineState } from './places/machine-state.ts';
export type { FunctionInfo, Scope, Variable } from './scopes/scopes.ts';
export type { Statement } from './scopes/statements.ts';
export { readVariable } from './scopes/variable-values.ts';
export { type Child, childrenOf, type Description, describe, type FormatOptions, formatValue } from './types/format.ts';
export { type BitField, bare, type Member, sizeOf, spellType, type Type } from './types/types.ts';
export { bytesOf, scalarOf, Unreadable, type Value } from './types/values.ts';
