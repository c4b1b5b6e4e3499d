/**
 * What generated functions call, besides each other: they find it in a table, and so import no function. An imported
 * function of JavaScript would cost more than everything else about a small module: V8 makes a wrapper for each in every
 * module. For the same reason this table is not the one of the functions themselves: V8 copies tables for every module
 * that imports them, and most modules need only these few slots.
 */
import { type Code, F64, type FunctionType, I32 } from './wasm.ts';

/** Types of every generated module. */
export const TYPES: readonly FunctionType[] = [
  { parameters: [I32, I32], results: [I32] },
  { parameters: [I32, I32, I32], results: [I32] },
  { parameters: [I32, F64], results: [I32] },
  { parameters: [I32, F64, F64], results: [I32] },
  { parameters: [I32, I32, F64, F64], results: [I32] },
];

/** Tables by index: what is called, and the functions of the decision tree. */
export const TABLES = ['calls', 'stages'] as const;

/** (position, id) -> token: the functions of the decision tree. */
const STAGE_TYPE = 0;

/** By slot of the first table: name and type. */
export const CALLS = [
  /** (group, key, position) -> record */
  { name: 'insert', type: 1 },
  /** (group, x) -> record of the nearest key: 0 for none, -1 for a tie with those that left no record */
  { name: 'miss', type: 2 },
  /** (look-up, x, y) -> id, or -1 */
  { name: 'few', type: 3 },
  /** (group, position, x, y) -> position, or -1 for several */
  { name: 'general', type: 4 },
  /** (group, position, x, y) -> 0 */
  { name: 'generalInsert', type: 4 },
] as const;

export type CallName = (typeof CALLS)[number]['name'];

/** Calls with the arguments on the stack. */
export function call(code: Code, name: CallName): Code {
  const slot = CALLS.findIndex((known) => known.name === name);
  return code.i32(slot).callIndirect(CALLS[slot].type, 0);
}

/** Calls a function of the decision tree; its slot and the arguments are on the stack. */
export function callStage(code: Code): Code {
  return code.callIndirect(STAGE_TYPE, 1);
}
