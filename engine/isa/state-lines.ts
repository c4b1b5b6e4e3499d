/**
 * The lines by which a host puts the machine where it once was: behind a prompt that states globals, memory and input they
 * state the rest, open calls, locals, the operand stack and the cursor.
 *
 *     branch_taken 07 00 00 00 commit(0,sts=0,bt=1)      a jump from instruction 1 onto the outermost open call
 *     branch_taken 2c 00 00 00 call_commit               which leads onto the call that is open inside of it
 *     branch_taken cb ff ff ff call_commit               the innermost leads back to instruction 1
 *     edit(local) 05 00 00 00 07 00 00 00 edit_commit    a local that is not zero
 *     edit(stack) 05 00 00 00 commit(+1,sts=1,bt=0)      a value of the operand stack
 *     branch_taken fe ff ff ff commit(0,sts=0,bt=1)      back to instruction 1
 *     branch_taken 40 00 00 00 commit(0,sts=0,bt=1)      onto the instruction that comes next
 *
 * They are lines of the machine's own language, and it reads them as it reads its own: a call's line is found by the depth to
 * which it leads, and returns lead behind the instruction where it stands, wherever it led; in a line that `edit(stack)`
 * opens no instruction is executed, and its end pushes or jumps as every such end does. So they need no weights of their own. Where the cursor lands matters, for a set writes when the cursor comes onto it: those on the way stay on calls
 * and on instructions 1 and 2, which begin every program and write nothing; the last one comes when all else is there.
 */
import { type Edit, editTokens } from './edit-lines.ts';
import { commitIndex, TOKEN, tokenId } from './vocabulary.ts';

/** The instruction from which a host's lines start, and to which they come back. */
export const HOME = 1;

const commit = (depth: number, stores: boolean, branch: boolean) =>
  TOKEN.commit + commitIndex({ depth, stores, branch, advance: 1 });
const PUSH = commit(1, true, false);
const JUMP = commit(0, false, true);
/** Opens a line in which no instruction is executed. */
export const EDIT = tokenId('edit(stack)');

/** What a machine holds besides globals, memory and input. */
export interface OpenState {
  /** The instruction that is executed next. */
  readonly cursor: number;
  /** Instructions of the calls that are open, the outermost first. */
  readonly calls: readonly number[];
  /** Locals of all open calls that are not zero. */
  readonly locals: readonly Edit[];
  /** Values of the operand stack from the bottom, four bytes or eight each. */
  readonly stack: readonly Uint8Array[];
}

/** The line of a jump: its opener, where it leads as seen from the instruction behind, its end. */
export function jumpLine(from: number, to: number, end: number = JUMP, opener: number = TOKEN.branchTaken): number[] {
  const distance = to - from - 1;
  return [opener, ...[0, 8, 16, 24].map((shift) => TOKEN.byte + ((distance >> shift) & 0xff)), end];
}

/** The lines that put a value on the operand stack, from `HOME` and back. */
export function pushLines(bytes: Iterable<number>): number[] {
  return [EDIT, ...Array.from(bytes, (byte) => TOKEN.byte + byte), PUSH, ...jumpLine(HOME + 1, HOME)];
}

/** The lines that lead from the beginning of a program to a state. */
export function stateLines({ cursor, calls, locals, stack }: OpenState): Uint16Array {
  const lines: ArrayLike<number>[] = [];
  if (calls.length > 0) lines.push(jumpLine(HOME, calls[0]));
  calls.forEach((call, i) => {
    lines.push(jumpLine(call, calls[i + 1] ?? HOME, TOKEN.callCommit));
  });
  lines.push(...locals.map(editTokens), ...stack.map(pushLines), jumpLine(HOME, cursor));
  const tokens = new Uint16Array(lines.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const line of lines) {
    tokens.set(line, at);
    at += line.length;
  }
  return tokens;
}
