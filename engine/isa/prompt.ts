/**
 * A program as the model's prompt: table tokens `T0`..`T2047`, `{`, one line of five tokens per instruction (opcode, four immediate bytes,
 * little endian), `global` and `data` lines, `}`, the input as a line of its own with its end, `run`. Instruction n therefore
 * stands at token `PROGRAM_START + 5n`: the machine relies on that and on nothing else.
 */
import { inputTokens } from './input-lines.ts';
import { checkPromptLength, LIMITS, type MachineLimits } from './limits.ts';
import { type TokenProgram, widthOf } from './program.ts';
import { TABLE_SIZE, TOKEN } from './vocabulary.ts';

/** Token index of the first instruction (`frame`, at cursor 0). */
export const PROGRAM_START = TABLE_SIZE + 1;
/** Tokens per instruction: opcode and four immediate bytes. */
export const INSTRUCTION_TOKENS = 5;

/** Most instructions that a prompt can hold. */
export function mostInstructions({ promptTokens }: MachineLimits = LIMITS): number {
  return Math.floor(promptTokens / INSTRUCTION_TOKENS);
}

/**
 * The prompt: token ids of table, program, data and input.
 * @param more whether more input may be given later: the prompt does not say that it ends
 * @throws PlacedError when it is longer than the model has positions.
 */
export function encodePrompt(program: TokenProgram, input: Uint8Array, more = false): Uint16Array {
  const { ops, imms, globals, data } = program;
  const given = inputTokens(input, 0, !more);
  let length = TABLE_SIZE + 1 + ops.length * INSTRUCTION_TOKENS + 1 + given.length + 1;
  for (const { type } of globals) length += 6 + widthOf(type);
  for (const segment of data) length += 6 + segment.bytes.length;
  checkPromptLength(length);
  const tokens = new Uint16Array(length);
  let n = 0;
  const byte = (value: number) => {
    tokens[n++] = TOKEN.byte + value;
  };
  const word = (value: number) => {
    for (let shift = 0; shift < 32; shift += 8) byte((value >>> shift) & 0xff);
  };
  while (n < TABLE_SIZE) tokens[n] = n++;
  tokens[n++] = TOKEN.open;
  for (let i = 0; i < ops.length; i++) {
    tokens[n++] = TOKEN.opcode + ops[i];
    word(imms[i]);
  }
  for (const global of globals) {
    tokens[n++] = TOKEN.global;
    word(global.cell);
    word(global.initial);
    if (widthOf(global.type) === 8) word(global.high ?? 0);
    tokens[n++] = TOKEN.editCommit;
  }
  for (const segment of data) {
    tokens[n++] = TOKEN.data;
    word(segment.address);
    for (const value of segment.bytes) byte(value);
    tokens[n++] = TOKEN.editCommit;
  }
  tokens[n++] = TOKEN.close;
  tokens.set(given, n);
  tokens[length - 1] = TOKEN.run;
  return tokens;
}
