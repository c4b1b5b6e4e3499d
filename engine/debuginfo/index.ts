/**
 * Debug information of C programs in WebAssembly: source lines, functions, variables, values and expressions. The
 * entry point; see `readDebugInfo`, `describe` and `compileExpression`.
 */
export { DebugInfo, readDebugInfo, type SourceFrame, type SourceLine } from './debug-info.ts';
export type { ExpressionScope } from './expression-scope.ts';
export { type CompiledExpression, type Completion, compileExpression, completions } from './expressions.ts';
export { type Child, childrenOf, type Description, describe, type FormatOptions, formatValue } from './format.ts';
export { type LineTable, ROW, rowAt } from './lines.ts';
export type { Locator, Place } from './location.ts';
export type { MachineState } from './machine-state.ts';
export type { FunctionInfo, Scope, Variable } from './scopes.ts';
export type { Statement } from './statements.ts';
export { type BitField, bare, type Member, sizeOf, spellType, type Type } from './types.ts';
export { bytesOf, readVariable, scalarOf, Unreadable, type Value } from './values.ts';
