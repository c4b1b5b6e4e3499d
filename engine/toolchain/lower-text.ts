/** The program part of a prompt as text, a line per instruction, global and data segment: for documents and tests. */
import { encodePrompt, type TokenProgram } from '../isa/program.ts';
import { TABLE_SIZE, TOKEN, VOCABULARY } from '../isa/vocabulary.ts';

/**
 * `{`, instructions as `i32.const 03 00 00 00`, `global` and `data` lines with their bytes, `}`: the very tokens that
 * the model reads. Ends with a line break.
 * @throws PlacedError when the program is longer than a prompt can be.
 */
export function programText(program: TokenProgram): string {
  const tokens = encodePrompt(program, new Uint8Array());
  const lines: string[] = [];
  let line: string[] = [];
  // The last token, `run`, follows the program.
  for (const token of tokens.subarray(TABLE_SIZE, tokens.length - 1)) {
    const isByte = token >= TOKEN.byte && token < TOKEN.carryByte;
    if (!isByte && token !== TOKEN.editCommit && line.length > 0) {
      lines.push(line.join(' '));
      line = [];
    }
    line.push(VOCABULARY[token]);
  }
  lines.push(line.join(' '));
  return `${lines.join('\n')}\n`;
}
