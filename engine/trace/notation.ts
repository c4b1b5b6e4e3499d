/**
 * How a trace is written: which tokens end a line, what an end says about the machine, and lines as text.
 *
 * A line is one executed instruction: result bytes (or `branch_taken` and the four bytes of a jump), then one token
 * that ends it; or it is an edit or says something of the input, and executes nothing. Everything here is a table by token id, so that reading tens of millions of tokens is array look-ups.
 */

import { TRAP_REASONS } from '../isa/opcodes.ts';
import { COMMITS, TOKEN, VOCABULARY } from '../isa/vocabulary.ts';

/** What a token is in a trace. Kinds from `COMMIT` on end a line. */
export const KIND = {
  /** Has no place in a trace. */
  other: 0,
  byte: 1,
  branchTaken: 2,
  commit: 3,
  call: 4,
  return: 5,
  out: 6,
  /** Ends a line that executes nothing: a host states a fact, or the model waits for input. */
  edit: 7,
  halt: 8,
  trap: 9,
} as const;

/** Per token id: its kind. */
export const KINDS = new Uint8Array(VOCABULARY.length);
/** Per token id: change of the stack's depth, whether the bytes go on the stack, how far the cursor moves on. */
export const DEPTH_CHANGE = new Int8Array(VOCABULARY.length);
export const STORES = new Uint8Array(VOCABULARY.length);
export const ADVANCE = new Uint8Array(VOCABULARY.length);

KINDS.fill(KIND.byte, TOKEN.byte, TOKEN.opcode);
KINDS[TOKEN.branchTaken] = KIND.branchTaken;
KINDS[TOKEN.halt] = KIND.halt;
KINDS.fill(KIND.out, TOKEN.out, TOKEN.out + 256);
KINDS.fill(KIND.trap, TOKEN.trap, TOKEN.trap + TRAP_REASONS.length);
const ends = (token: number, kind: number, depth: number, stores: boolean, advance = 1) => {
  KINDS[token] = kind;
  DEPTH_CHANGE[token] = depth;
  STORES[token] = Number(stores);
  ADVANCE[token] = advance;
};
for (const [i, { depth, stores, advance }] of COMMITS.entries()) {
  ends(TOKEN.commit + i, KIND.commit, depth, stores, advance);
}
ends(TOKEN.callCommit, KIND.call, 0, false);
ends(TOKEN.returnCommit, KIND.return, 0, false);
ends(TOKEN.readCommit, KIND.commit, 1, true);
for (const token of [TOKEN.editCommit, TOKEN.editStackCommit, TOKEN.inputEnd, TOKEN.needInput]) {
  ends(token, KIND.edit, 0, false, 0);
}
for (let token = TOKEN.out; token < TOKEN.out + 256; token++) ends(token, KIND.out, -1, false);

/** A line's number as people count, and as the pages of the trace number it: from 1. */
export function lineNumber(line: number): number {
  return line + 1;
}

/** The byte that a byte token stands for, with or without its carry mark. */
export function byteOf(token: number): number {
  return (token - TOKEN.byte) & 0xff;
}

/** Tokens `start` up to but not including `end` as text: one line of a trace, without the line break. */
export function lineText(tokens: ArrayLike<number>, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += `${i > start ? ' ' : ''}${VOCABULARY[tokens[i]] ?? `?${tokens[i]}`}`;
  return text;
}
