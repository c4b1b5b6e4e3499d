/**
 * Token programs as text (`.tokens` files): a line per instruction, global and data segment, spelled with the very
 * tokens that the model reads.
 *
 *     {
 *     frame 03 00 00 00
 *     i32.const 03 00 00 00        ;; comments run to the end of the line
 *     global 00 00 00 00 02 00 00 00 edit_commit
 *     data 00 04 00 00 48 69 edit_commit
 *     }
 *
 * Reading never throws: what is wrong comes back with its place, so that an editor can show it while one types. The
 * checks are those that a program's text can answer by itself; whether it makes sense is for the machine to find out.
 */
import { OPCODES, opcodeIndex, opcodeNamed, TRAP_REASONS } from './opcodes.ts';
import { functionAt, instructionText, jumpTarget, type TokenProgram } from './program.ts';
import { encodePrompt } from './prompt.ts';
import { findToken, TABLE_SIZE, TOKEN, VOCABULARY } from './vocabulary.ts';

/** A word with its place; line and column count from 1. */
export interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

export interface ProgramTextError {
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

export interface TextInstruction {
  /** Row of OPCODES. */
  readonly op: number;
  readonly imm: number;
  readonly line: number;
}

/** Bytes of a `global` or `data` line, address included. */
export interface TextFact {
  readonly kind: 'global' | 'data';
  readonly bytes: Uint8Array;
  readonly line: number;
}

export interface ParsedProgram {
  readonly instructions: readonly TextInstruction[];
  readonly facts: readonly TextFact[];
  /** In the order of their places. */
  readonly errors: readonly ProgramTextError[];
}

/**
 * A program as text; ends with a line break.
 * @param comments where each function starts, and what each instruction says in the usual notation
 * @throws PlacedError when the program is longer than a prompt can be
 */
export function programText(program: TokenProgram, comments = false): string {
  const tokens = encodePrompt(program, new Uint8Array(), true);
  const lines: string[] = [];
  let line: string[] = [];
  let cursor = 0;
  const end = () => {
    const text = line.join(' ');
    const isInstruction = comments && cursor < program.ops.length && line.length > 1;
    if (isInstruction) lines.push(...commented(program, cursor++, text));
    else lines.push(text);
    line = [];
  };
  // The last token, `run`, follows the program.
  for (const token of tokens.subarray(TABLE_SIZE, tokens.length - 1)) {
    const isByte = token >= TOKEN.byte && token < TOKEN.carryByte;
    if (!isByte && token !== TOKEN.editCommit && line.length > 0) end();
    line.push(VOCABULARY[token]);
  }
  end();
  return `${lines.join('\n')}\n`;
}

function commented(program: TokenProgram, cursor: number, text: string): string[] {
  const fn = functionAt(program, cursor);
  const { immediate } = OPCODES[program.ops[cursor]];
  const target = immediate === 'jump' ? ` to ${jumpTarget(cursor, program.imms[cursor])}` : '';
  const line = `${text.padEnd(28)} ;; ${cursor}: ${instructionText(program, cursor)}${target}`;
  return fn?.start === cursor ? [`;; ${fn.name}`, line] : [line];
}

/** The words of a line of a program, without its comment. */
export function wordsOf(line: string, number: number): Word[] {
  const comment = line.indexOf(';;');
  const text = comment < 0 ? line : line.slice(0, comment);
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], line: number, column: match.index + 1 }));
}

/** Reads a program. O(length of the text). */
export function parseProgramText(text: string): ParsedProgram {
  const parser = new Parser();
  text.split(/\r?\n/).forEach((line, i) => {
    const words = wordsOf(line, i + 1);
    if (words.length > 0) parser.line(words);
  });
  return parser.finish();
}

const BYTE = /^[0-9a-f]{2}$/;

class Parser {
  private readonly instructions: TextInstruction[] = [];
  /** Immediates' places, for what can be checked only when all instructions are known. */
  private readonly places: Word[][] = [];
  private readonly facts: TextFact[] = [];
  private readonly errors: ProgramTextError[] = [];
  private opened = false;
  private closed = false;
  private last: Word | undefined;

  line(words: readonly Word[]): void {
    const [first] = words;
    this.last = words[words.length - 1];
    if (this.closed) {
      this.error('The program ended with `}`: nothing may follow it.', words);
    } else if (!this.opened) {
      this.opened = true;
      if (first.text === '{') {
        this.alone(words);
      } else {
        this.error('A program starts with `{`.', words);
        this.content(words);
      }
    } else {
      this.content(words);
    }
  }

  finish(): ParsedProgram {
    if (!this.opened) this.report('The program is empty: it starts with `{`.', 1, 1, 1);
    else if (!this.closed) this.error('The closing `}` of the program is missing.', [this.last as Word]);
    this.checkWhole();
    this.errors.sort((a, b) => a.line - b.line || a.column - b.column);
    return { instructions: this.instructions, facts: this.facts, errors: this.errors };
  }

  private content(words: readonly Word[]): void {
    const [first] = words;
    if (first.text === '}') {
      this.closed = true;
      this.alone(words);
    } else if (first.text === '{') {
      this.error('`{` opens a program once, before its first instruction.', [first]);
    } else if (first.text === 'global' || first.text === 'data') {
      this.fact(first.text, words);
    } else {
      this.instruction(words);
    }
  }

  /** A brace is a line by itself. */
  private alone(words: readonly Word[]): void {
    if (words.length > 1) this.error(`\`${words[0].text}\` stands on a line of its own.`, words.slice(1));
  }

  private instruction(words: readonly Word[]): void {
    const [first, ...rest] = words;
    const known = opcodeNamed(first.text) !== undefined;
    if (!known) {
      const what =
        findToken(first.text) === undefined ? 'There is no instruction' : 'A line starts with an opcode, not';
      this.error(`${what} \`${first.text}\`.`, [first]);
    }
    if (this.facts.length > 0) this.error('Instructions stand before `global` and `data` lines.', [first]);
    const bytes = this.bytes(rest);
    if (bytes && bytes.length !== 4) {
      this.error(`An instruction has four immediate bytes, not ${bytes.length}.`, rest.length > 0 ? rest : [first]);
    }
    const imm = bytes?.length === 4 ? new DataView(bytes.buffer).getUint32(0, true) : 0;
    // An unknown one keeps its place, so that jumps over it are counted right.
    const op = known ? opcodeIndex(first.text) : opcodeIndex('nop');
    this.places.push([...words]);
    this.instructions.push({ op, imm, line: first.line });
  }

  private fact(kind: TextFact['kind'], words: readonly Word[]): void {
    const end = words[words.length - 1];
    const ended = end.text === 'edit_commit';
    if (!ended) this.error(`A \`${kind}\` line ends with \`edit_commit\`.`, [end]);
    const rest = words.slice(1, ended ? -1 : undefined);
    const bytes = this.bytes(rest);
    if (!bytes) return;
    if (kind === 'global' && bytes.length !== 8 && bytes.length !== 12) {
      this.error(
        `A \`global\` line has four bytes of its cell and four or eight of its value, not ${bytes.length}.`,
        words,
      );
    } else if (bytes.length < 4) {
      this.error('A `data` line starts with the four bytes of its address.', words);
    }
    this.facts.push({ kind, bytes, line: words[0].line });
  }

  /** The bytes of words; undefined after saying which is none. */
  private bytes(words: readonly Word[]): Uint8Array | undefined {
    const wrong = words.find(({ text }) => !BYTE.test(text));
    if (!wrong) return Uint8Array.from(words, ({ text }) => Number.parseInt(text, 16));
    this.error(`\`${wrong.text}\` is no byte: a byte is two hexadecimal digits in lower case.`, [wrong]);
    return undefined;
  }

  /** What concerns more than a line: `frame`, jumps, cells, constants in two halves. */
  private checkWhole(): void {
    const { instructions, places } = this;
    const frame = opcodeIndex('frame');
    if (instructions.length > 0 && instructions[0].op !== frame) {
      this.error('The first instruction is `frame`: how many cells a call frame has.', [places[0][0]]);
    }
    const stride = instructions[0]?.op === frame ? instructions[0].imm : Number.POSITIVE_INFINITY;
    instructions.forEach(({ op, imm }, cursor) => {
      const row = OPCODES[op];
      const [first, ...immediate] = places[cursor];
      const at = immediate.length > 0 ? immediate : [first];
      if (op === frame && cursor > 0) this.error('`frame` is the first instruction only.', [first]);
      const isHigh = row.immediate === 'high';
      if (isHigh !== (cursor > 0 && OPCODES[instructions[cursor - 1].op].advance === 2)) {
        this.error(
          isHigh ? `\`${row.name}\` follows a constant of eight bytes.` : 'The high bytes of the constant are missing.',
          [first],
        );
      }
      const wrong = this.wrongImmediate(row.immediate, imm, cursor, stride);
      if (wrong) this.error(wrong, at);
    });
  }

  private wrongImmediate(kind: string, imm: number, cursor: number, stride: number): string | undefined {
    const count = this.instructions.length;
    const target = jumpTarget(cursor, imm);
    switch (kind) {
      case 'jump':
        if (target >= 1 && target < count) return undefined;
        return `The jump leads to instruction ${target}, outside the program (1 to ${count - 1}).`;
      case 'count':
        if (cursor + 1 + imm < count) return undefined;
        return `The table of ${imm} entries and its default end outside the program.`;
      case 'cell':
        return imm < stride ? undefined : `There is no cell ${imm}: \`frame\` says ${stride}.`;
      case 'reason':
        return imm < TRAP_REASONS.length
          ? undefined
          : `There is no trap reason ${imm} (0 to ${TRAP_REASONS.length - 1}).`;
      default:
        return undefined;
    }
  }

  private error(message: string, words: readonly Word[]): void {
    const [first] = words;
    const last = words[words.length - 1];
    this.report(message, first.line, first.column, last.column + last.text.length - first.column);
  }

  private report(message: string, line: number, column: number, length: number): void {
    this.errors.push({ message, line, column, length });
  }
}
