/**
 * The lines by which a host calls an exported function: tokens that it appends to the history for the model to read.
 *
 *     branch_taken fc ff ff ff commit(0,sts=0,bt=1)      a jump to instruction 1
 *     branch_taken ff ff ff ff commit(-1,sts=0,bt=1)     a result of the last call is dropped
 *     branch_taken ff ff ff ff return_commit             a call that a trap left open is closed
 *     05 00 00 00 commit(+1,sts=1,bt=0)                  an argument
 *     branch_taken 04 00 00 00 commit(0,sts=0,bt=1)      a jump to the function's entry: from here the model generates
 *
 * A line's bytes and its end do what the instruction under the cursor does with such: bytes under a store are stored,
 * an end that leads onto a `local.set` sets. So the lines stay on instructions 1 and 2, which begin every program and
 * write nothing; and behind a trap the jump there is an edit's line, in which no instruction is executed.
 */
import type { ProgramEntry } from '../isa/program.ts';
import { commitIndex, TOKEN, tokenId } from '../isa/vocabulary.ts';
import { bitsOf, type Value } from './numbers.ts';

/** The instruction that the host's lines stay on. */
const HOME = 1;

const commit = (depth: number, stores: boolean, branch: boolean) =>
  TOKEN.commit + commitIndex({ depth, stores, branch, advance: 1 });
const PUSH = commit(1, true, false);
const JUMP = commit(0, false, true);
const DROP = commit(-1, false, true);
const EDIT = tokenId('edit(stack)');

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
  const tokens: number[] = [];
  const bytes = (value: bigint, count: number) => {
    for (let i = 0; i < count; i++) tokens.push(TOKEN.byte + Number((value >> BigInt(8 * i)) & 0xffn));
  };
  /** A jump from `cursor`, relative to the instruction behind it. */
  const jump = (cursor: number, target: number, end: number, opening: number = TOKEN.branchTaken) => {
    tokens.push(opening);
    bytes(BigInt.asUintN(32, BigInt(target - cursor - 1)), 4);
    tokens.push(end);
  };
  jump(state.cursor, HOME, JUMP, state.trapped ? EDIT : TOKEN.branchTaken);
  for (let i = 0; i < state.stackDepth; i++) jump(HOME, HOME, DROP);
  for (let i = 0; i < state.callDepth; i++) jump(HOME, HOME, TOKEN.returnCommit);
  for (const value of args) {
    bytes(value.bits, Number(bitsOf(value.type)) / 8);
    tokens.push(PUSH);
    jump(HOME + 1, HOME, JUMP);
  }
  jump(HOME, entry.cursor, JUMP);
  return tokens;
}
