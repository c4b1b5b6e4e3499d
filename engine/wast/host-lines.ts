/**
 * The lines by which a host calls an exported function: tokens that it appends to the history for the model to read.
 *
 *     branch_taken fc ff ff ff commit(0,sts=0,bt=1)      a jump to instruction 1
 *     branch_taken ff ff ff ff commit(-1,sts=0,bt=1)     a result of the last call is dropped
 *     branch_taken ff ff ff ff return_commit             a call that a trap left open is closed
 *     edit(stack) 05 00 00 00 commit(+1,sts=1,bt=0)      an argument
 *     branch_taken 04 00 00 00 commit(0,sts=0,bt=1)      a jump to the function's entry: from here the model generates
 *
 * A line's bytes and its end do what the instruction under the cursor does with such: bytes under a store are stored,
 * an end that leads onto a `local.set` sets. So the lines stay on instructions 1 and 2, which begin every program and
 * write nothing; and behind a trap the jump there is an edit's line, in which no instruction is executed.
 */
import type { ProgramEntry } from '../isa/program.ts';
import { EDIT, HOME, jumpLine, pushLines } from '../isa/state-lines.ts';
import { commitIndex, TOKEN } from '../isa/vocabulary.ts';
import { bitsOf, type Value } from './numbers.ts';

const DROP = TOKEN.commit + commitIndex({ depth: -1, stores: false, branch: true, advance: 1 });

/** Where the machine stands when a call is made. */
export interface State {
  readonly cursor: number;
  readonly stackDepth: number;
  readonly callDepth: number;
  /** Whether the last call ended in a trap. */
  readonly trapped: boolean;
}

/** Tokens of a call of `entry`. */
export function hostLines(state: State, entry: ProgramEntry, args: readonly Value[]): number[] {
  const tokens = jumpLine(state.cursor, HOME, undefined, state.trapped ? EDIT : TOKEN.branchTaken);
  for (let i = 0; i < state.stackDepth; i++) tokens.push(...jumpLine(HOME, HOME, DROP));
  for (let i = 0; i < state.callDepth; i++) tokens.push(...jumpLine(HOME, HOME, TOKEN.returnCommit));
  for (const { type, bits } of args) {
    const bytes = Array.from({ length: Number(bitsOf(type)) / 8 }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn));
    tokens.push(...pushLines(bytes));
  }
  return [...tokens, ...jumpLine(HOME, entry.cursor)];
}
