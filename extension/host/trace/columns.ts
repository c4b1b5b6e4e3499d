/**
 * How a page of the trace is laid out: the tokens, and beside them in columns the instruction, what it does in C's terms, and
 * the line of C where a new one begins.
 */
import type { AnswerOf } from '../../../debug-adapter/protocol/protocol.ts';

export type TraceLine = AnswerOf<'stepformer/lines'>['lines'][number];

/** Characters of a line's tokens; those of a wide value, or of a branch that is taken, may take more. */
const TOKENS = 40;
const INSTRUCTION = 20;
const MEANING = 28;

/** A page's text, its lines filled up so that what stands beside them begins in one column. */
export function aligned(text: string): string {
  return text.replace(/^.+$/gm, (line) => line.padEnd(TOKENS));
}

/**
 * What stands beside a line of so many characters; `before`: the line in front of it, whose line of C is not told again. Where the
 * tokens reach beyond their column, the instruction has less room, so that the columns behind it stay in line.
 */
export function columnsOf(line: TraceLine, before: TraceLine | undefined, length = 0): [string, string, string] {
  const { instruction, meaning, place, source } = line;
  const isSame = place !== undefined && before?.place?.line === place.line && before.place.path === place.path;
  const number = place ? String(place.line) : '';
  const inC = isSame || source === undefined ? number : `${number}  ${source}`;
  return [instruction.padEnd(INSTRUCTION - Math.max(length - TOKENS, 0)), meaning.padEnd(MEANING), inC];
}

/** Which token of its line a character (from 0) is in; -1 behind the last. A token may hold spaces in parentheses. */
export function tokenAt(line: string, character: number): number {
  const tokens = [...line.matchAll(/(?:\([^)]*\)+|\S)+/g)];
  return character < line.trimEnd().length ? tokens.findLastIndex(({ index }) => index <= character) : -1;
}
