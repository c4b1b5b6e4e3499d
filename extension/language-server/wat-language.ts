/** What stands under the pointer in WebAssembly text, and the functions of a file for the outline. */

import { opcodeNamed } from '../../engine/isa/opcodes.ts';
import { OPERATORS } from '../../engine/toolchain/decode/operators.ts';
import { scanWat, tokenAt, type WatToken } from '../../engine/wat/scanner.ts';
import { watFunctions } from './wat-functions.ts';
import { numberWords, opcodeMarkdown } from './words.ts';

/** Instructions that a token program has no row for, because the toolchain turns them into others or into nothing. */
const STRUCTURE: ReadonlyMap<string, string> = new Map([
  ['block', 'A block: `br` to its label jumps behind its `end`. Structure only: nothing is executed for it.'],
  ['loop', 'A loop: `br` to its label jumps back here. Structure only: nothing is executed for it.'],
  ['end', 'The end of a block, loop, if or function; a function ends with a `return` in the token program.'],
  ['then', 'What is executed when the condition is not zero.'],
  [
    'memory.grow',
    'Takes a number of pages and makes memory that much larger; gives the size before, or -1. ' +
      'In the token program: a few instructions on the cell that holds the size.',
  ],
]);

const KNOWN: ReadonlySet<string> = new Set(OPERATORS.map(({ name }) => name));

/** Hover at an offset of a text; `start` and `end` are offsets too. */
export function watHover(text: string, tokens: readonly WatToken[], offset: number) {
  const index = tokenAt(tokens, offset);
  if (index < 0 || tokens[index].kind !== 'atom') return undefined;
  const { start, end } = tokens[index];
  const markdown = atomWords(text.slice(start, end));
  return markdown === undefined ? undefined : { markdown, start, end };
}

function atomWords(word: string): string | undefined {
  const row = opcodeNamed(word);
  // Rows without an encoding are no instructions of WebAssembly, even where a name is the same.
  if (row?.code !== undefined) return opcodeMarkdown(row);
  const structure = STRUCTURE.get(word);
  if (structure) return `**\`${word}\`** ${structure}`;
  if (KNOWN.has(word)) return `**\`${word}\`** An instruction of WebAssembly that the machine does not have.`;
  const isInteger = /^[+-]?(?:0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|\d+(?:_\d+)*)$/.test(word);
  return isInteger ? integerWords(word) : undefined;
}

/** An integer in all its readings. */
function integerWords(word: string): string | undefined {
  const digits = word.replace(/^[+-]|_/g, '');
  const magnitude = BigInt(digits.toLowerCase());
  const value = word.startsWith('-') ? -magnitude : magnitude;
  const width = BigInt.asIntN(32, value) === value || BigInt.asUintN(32, value) === value ? 4 : 8;
  if (BigInt.asIntN(64, value) !== value && BigInt.asUintN(64, value) !== value) return undefined;
  const bytes = Array.from({ length: width }, (_, i) => Number(BigInt.asUintN(8, value >> BigInt(8 * i))));
  return numberWords(bytes);
}

export interface WatSymbol {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** What is selected: the name. */
  readonly nameStart: number;
  readonly nameEnd: number;
}

/** The functions of a text. */
export function watSymbols(text: string): WatSymbol[] {
  return watFunctions(text, scanWat(text)).map((fn, i) => {
    const { start, end } = fn.nameToken ?? fn.keyword;
    const name = fn.name || `func ${i}`;
    return { name, start: fn.open.start, end: fn.close.end, nameStart: start, nameEnd: end };
  });
}
