/** The language of token programs (`.tokens`): what is wrong in one, and what stands under the pointer. */
import { opcodeNamed } from '../../engine/isa/opcodes.ts';
import { parseProgramText, wordsOf } from '../../engine/isa/text.ts';
import { type Finding, type HoverText, MOST_FINDINGS, type Span } from './finding.ts';
import { immediateWords, numberWords, opcodeMarkdown, tokenWords } from './words.ts';

export function programProblems(text: string): Finding[] {
  const { errors } = parseProgramText(text);
  return errors.slice(0, MOST_FINDINGS).map((error) => ({ ...error, severity: 'error' }));
}

/** Hover at a character of a line (both from 0). `textBefore` is everything above the line. */
export function programHover(line: string, character: number, textBefore: () => string): HoverText | undefined {
  const words = spansOf(line);
  const at = words.findIndex(({ start, end }) => start <= character && character < end);
  if (at < 0) return undefined;
  const [first] = words;
  const span = words[at];
  const row = opcodeNamed(first.text);
  if (at === 0 && row) {
    const immediate = row.immediate === 'none' ? undefined : bytesOf(words.slice(1, 5));
    const cursor = cursorOf(textBefore());
    const says = immediate?.length === 4 ? `\n\n${immediateWords(row, immediate, cursor)}` : '';
    return { markdown: `${opcodeMarkdown(row)}${says}\n\nInstruction ${cursor} of the program.`, span };
  }
  if (row) {
    const bytes = bytesOf(words.slice(1));
    if (bytes?.length !== 4) return undefined;
    return { markdown: immediateWords(row, bytes, cursorOf(textBefore())), span: join(words[1], words[4]) };
  }
  if (first.text === 'global' || first.text === 'data') return factHover(words, at);
  const markdown = tokenWords(span.text);
  return markdown ? { markdown, span } : undefined;
}

/** On the address or value of a `global` or `data` line. */
function factHover(words: readonly Span[], at: number): HoverText | undefined {
  const span = words[at];
  const isGlobal = words[0].text === 'global';
  if (at === 0 || span.text === 'edit_commit') {
    const markdown = tokenWords(span.text);
    return markdown ? { markdown, span } : undefined;
  }
  const end = words.at(-1)?.text === 'edit_commit' ? words.length - 1 : words.length;
  const bytes = bytesOf(words.slice(1, end));
  if (!bytes || bytes.length < 4) return undefined;
  if (at <= 4) {
    return {
      markdown: `${isGlobal ? 'Cell' : 'Address'} ${numberWords(bytes.slice(0, 4))}.`,
      span: join(words[1], words[4]),
    };
  }
  if (isGlobal)
    return { markdown: `Initial value ${numberWords(bytes.slice(4))}.`, span: join(words[5], words[end - 1]) };
  const address = bytes.slice(0, 4).reduceRight((value, byte) => value * 256 + byte, 0) + at - 5;
  return { markdown: `Byte ${numberWords([bytes[at - 1]])} at address ${address}.`, span };
}

/** Number of the instruction that follows a text. */
function cursorOf(textBefore: string): number {
  return parseProgramText(textBefore).instructions.length;
}

function spansOf(line: string): Span[] {
  return wordsOf(line, 1).map(({ text, column }) => ({ text, start: column - 1, end: column - 1 + text.length }));
}

/** The bytes that words say; undefined if one says none. */
function bytesOf(words: readonly Span[]): number[] | undefined {
  if (!words.every(({ text }) => /^[0-9a-f]{2}$/.test(text))) return undefined;
  return words.map(({ text }) => Number.parseInt(text, 16));
}

function join(first: Span, last: Span): Span {
  return { text: '', start: first.start, end: last.end };
}
