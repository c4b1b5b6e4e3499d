/**
 * Input as tokens: lines of `input`, the number of the first byte (four bytes), the bytes, `edit_commit`; and `input_end`
 * behind the last. They stand in the prompt, and wherever in the trace more input is given: behind `need_input`, which the
 * model says where it can neither read a byte nor that there is none.
 */
import { EDIT_BYTES } from './limits.ts';
import { TOKEN } from './vocabulary.ts';

/** Tokens of an input line besides its bytes: opener, number, commit. */
const AROUND = 6;

/**
 * The lines that give some bytes of input; none without bytes.
 * @param from how many bytes were given before
 * @param end whether no more will come
 */
export function inputTokens(bytes: Uint8Array, from: number, end: boolean): Uint16Array {
  const lines = Math.ceil(bytes.length / EDIT_BYTES);
  const tokens = new Uint16Array(bytes.length + AROUND * lines + Number(end));
  let n = 0;
  for (let start = 0; start < bytes.length; start += EDIT_BYTES) {
    tokens[n++] = TOKEN.input;
    for (let shift = 0; shift < 32; shift += 8) tokens[n++] = TOKEN.byte + (((from + start) >>> shift) & 0xff);
    for (const value of bytes.subarray(start, start + EDIT_BYTES)) tokens[n++] = TOKEN.byte + value;
    tokens[n++] = TOKEN.editCommit;
  }
  if (end) tokens[n] = TOKEN.inputEnd;
  return tokens;
}

/** The same tokens with bytes of input numbered by so many more, or less; lines that are whole. */
export function renumbered(tokens: ArrayLike<number>, more: number): Uint16Array {
  const copy = Uint16Array.from(tokens);
  for (let at = copy.indexOf(TOKEN.input); at >= 0; at = copy.indexOf(TOKEN.input, at + 1)) {
    let number = more;
    for (let i = 0; i < 4; i++) number += (copy[at + 1 + i] - TOKEN.byte) * 2 ** (8 * i);
    for (let i = 0; i < 4; i++) copy[at + 1 + i] = TOKEN.byte + ((number >>> (8 * i)) & 0xff);
  }
  return copy;
}
