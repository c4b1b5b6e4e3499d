/**
 * Edits as tokens: a line that states what is somewhere from now on, as if it had been written. Its opener says where: a
 * slot of the stack (from 1, the bottom), a cell (see TokenProgram) or an address; four bytes of its number, the bytes of
 * the value, and an end. Both engines read such a line wherever it stands in the trace; the model never says one.
 */
import { type EditKind, TOKEN, tokenId } from './vocabulary.ts';

/** Tokens before the first byte of the value: the opener and four bytes of a number. */
export const EDIT_HEADER = 5;

/** What is put where. A value of the stack or of a cell has four bytes or eight. */
export interface Edit {
  readonly kind: EditKind;
  readonly place: number;
  readonly bytes: Uint8Array;
}

const OPENERS: ReadonlyMap<number, EditKind> = new Map(
  (['stack', 'local', 'global', 'memory'] as const).map((kind) => [tokenId(`edit(${kind})`), kind]),
);

/** What a line that begins with a token edits; undefined for all that are no edits. */
export function editKindOf(token: number): EditKind | undefined {
  return OPENERS.get(token);
}

/** The line of an edit. */
export function editTokens({ kind, place, bytes }: Edit): Uint16Array {
  const tokens = new Uint16Array(EDIT_HEADER + bytes.length + 1);
  tokens[0] = tokenId(`edit(${kind})`);
  for (let i = 0; i < 4; i++) tokens[1 + i] = TOKEN.byte + ((place >>> (8 * i)) & 0xff);
  bytes.forEach((byte, i) => {
    tokens[EDIT_HEADER + i] = TOKEN.byte + byte;
  });
  tokens[tokens.length - 1] = kind === 'stack' ? TOKEN.editStackCommit : TOKEN.editCommit;
  return tokens;
}
