/**
 * A line of a trace in words, with the tokens that its operands came from: "`i32.add` took 5 from token 27 (stack
 * top) and 3 from token 22 (below it); result 8." Everything is read from the history: who wrote each operand.
 */
import { EDIT_HEADER, editKindOf } from '../isa/edit-lines.ts';
import { type Circuit, OPCODES, type Opcode } from '../isa/opcodes.ts';
import { functionAt, instructionText } from '../isa/program.ts';
import { TOKEN } from '../isa/vocabulary.ts';
import { hexadecimal, isOnStack } from './addresses.ts';
import type { History } from './history.ts';
import type { Moment } from './moment.ts';
import { byteOf, KIND, KINDS, lineNumber } from './notation.ts';

/** A piece of a sentence. `value`: it is one; `token`: where it leads. */
export interface SentencePart {
  readonly text: string;
  readonly value?: string;
  readonly token?: number;
}

/** Line `line` of a history in words; of one that is not complete, what it is about to do. */
export function sentence(history: History, line: number): SentencePart[] {
  return new Sentence(history, line).parts;
}

/** Where operands lie, from the top. */
const PLACES = ['stack top', 'below it', 'third'] as const;

/** How lines of a circuit are told, where it is not operands and a result. */
const WAYS: Partial<Record<Circuit, (line: Sentence) => void>> = {
  const: (line) => line.result(' gives '),
  'cell-get': (line) => line.get(),
  'cell-set': (line) => {
    line.operands([' took '], 1);
    line.say('.');
  },
  load: (line) => line.load(),
  store: (line) => line.store(),
  select: (line) => {
    line.operands([' took the condition ', ', ', ' and ']);
    line.result('; result ');
  },
  branch: (line) => line.branch(),
  return: (line) => line.return(),
  read: (line) => line.read(),
  write: (line) => line.write(),
  halt: (line) => line.halt(),
  none: (line) => line.forget(),
};

class Sentence {
  readonly parts: SentencePart[] = [];
  private readonly history: History;
  private readonly moment: Moment;
  private readonly cursor: number;
  private readonly opcode: Opcode;
  private readonly imm: number;
  /** Tokens of the line: the first, and the one that ends it. */
  private readonly start: number;
  private readonly end: number;

  constructor(history: History, line: number) {
    const { program } = history;
    this.history = history;
    this.moment = history.moment(line);
    this.cursor = history.cursorOf(line);
    this.opcode = OPCODES[program.ops[this.cursor]];
    this.imm = program.imms[this.cursor];
    this.start = history.firstToken(line);
    this.end = history.firstToken(line + 1) - 1;
    if (line < history.lines && !history.executes(line)) {
      this.stated();
      return;
    }
    this.say(instructionText(program, this.cursor));
    const name = this.nameOfImmediate();
    if (name) this.say(` (${name})`);
    if (line >= history.lines) this.say(' comes next.');
    else if (KINDS[history.tokenAt(this.end)] === KIND.trap) this.trap();
    else this.tell();
  }

  /** A line of input, which executes nothing. */
  private input(): void {
    const token = this.history.tokenAt(this.start);
    const name = instructionText(this.history.program, this.cursor);
    if (token === TOKEN.needInput) this.say(`${name} waits: the next byte of the input was not given yet.`);
    else if (token === TOKEN.inputEnd) this.say('The input ends here.');
    else {
      const first = this.history.word(this.start + 1);
      const count = this.end - this.start - 5;
      this.say(`Input was given: ${bytes(count)}, from byte ${first} on.`);
    }
  }

  say(text: string): void {
    this.parts.push({ text });
  }

  /** A line of a host's, which executes nothing. */
  private stated(): void {
    const token = this.history.tokenAt(this.start);
    if ([TOKEN.needInput, TOKEN.inputEnd, TOKEN.input].includes(token as never)) this.input();
    else this.edit();
  }

  private edit(): void {
    const { history, start, end } = this;
    const { program } = history;
    const place = history.word(start + 1);
    const value = start + EDIT_HEADER;
    const kind = editKindOf(history.tokenAt(start));
    const names = {
      stack: `value ${place} of the stack`,
      local: `local ${place % program.stride}`,
      global: program.globals.find(({ cell }) => cell === place)?.name ?? `global ${place}`,
      memory: `memory at ${hexadecimal(place)}`,
    };
    this.say(`An edit: ${kind ? names[kind] : 'nothing'} is `);
    const bytes = Array.from({ length: end - value }, (_, i) => byteOf(history.tokenAt(value + i)));
    this.parts.push({ text: bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' '), token: value });
    this.say(' from here on.');
  }

  /** A name for the cell or function that the instruction names. */
  private nameOfImmediate(): string | undefined {
    const { program } = this.history;
    const { immediate, variant } = this.opcode;
    if (immediate === 'cell' && variant === 'local') return functionAt(program, this.cursor)?.localNames[this.imm];
    if (immediate === 'cell') return program.globals.find(({ cell }) => cell === this.imm)?.name;
    return undefined;
  }

  private tell(): void {
    const way = WAYS[this.opcode.circuit];
    if (way) {
      way(this);
    } else {
      this.operands([' took ', ' and ', ' and ']);
      this.result('; result ');
    }
  }

  /** A number; where C's stack is in use, an address, which is written like one wherever it comes up. */
  private readonly spell = (value: number | bigint): string => {
    const isAddress = typeof value === 'number' && isOnStack(this.history.program, this.moment, value);
    return isAddress ? hexadecimal(value) : signed(value);
  };

  /** The instruction's operands from the top of the stack down, each behind one of `words`. */
  operands(words: readonly string[], count = this.opcode.pops, spell: Spelling = this.spell): void {
    for (let i = 0; i < count; i++) this.operand(words[i], i, spell);
  }

  private operand(words: string, below: number, spell: Spelling): void {
    const index = this.moment.stackDepth - 1 - below;
    const start = this.moment.stackWrite(index);
    if (start < 0) return;
    this.say(words);
    this.from(spell(this.moment.stackBits(index), below), start, ` (${PLACES[below]})`);
  }

  /** "5 from token 27 (stack top)": the first of its bytes; heads attend to the commit behind them, too. */
  private from(text: string, token: number, place = ''): void {
    const where = `token ${token.toLocaleString('en')}`;
    this.parts.push({ text, value: text, token }, { text: ' from ' }, { text: where, token });
    if (place) this.say(place);
  }

  /** The value that the line itself gave. */
  result(words: string): void {
    const start = this.end - (this.end - this.start < 8 ? 4 : 8);
    const text = this.spell(valueAt(this.history, start));
    this.parts.push({ text: words }, { text, value: text, token: start }, { text: '.' });
  }

  get(): void {
    const { stride } = this.history.program;
    const isLocal = this.opcode.variant === 'local';
    const found = this.moment.cellWrite(isLocal ? this.moment.callDepth * stride + this.imm : this.imm);
    if (!found) {
      this.result(' gives ');
      this.say(' Nothing was put into it since the call.');
      return;
    }
    this.say(' took ');
    this.from(this.spell(valueAt(this.history, found.value)), found.value);
    if (found.write === found.value) this.say(', its value at the beginning');
    else {
      const line = this.history.lineOfToken(found.write);
      this.parts.push({ text: ', put there in ' }, { text: lineName(line), token: found.write });
    }
    this.say('.');
  }

  load(): void {
    this.operands([' took the address '], 1, hexadecimal);
    const address = this.moment.stack(this.moment.stackDepth - 1) + this.imm;
    const access = this.opcode.access ?? 0;
    this.say(` and read ${bytes(access)} at ${hexadecimal(address)}`);
    const writers = Array.from({ length: access }, (_, i) => this.moment.memoryWrite(address + i));
    const lines = new Set<number>();
    for (const token of writers.filter((writer) => writer >= 0)) {
      const line = this.history.lineOfToken(token);
      if (lines.has(line)) continue;
      this.say(lines.size === 0 ? ', written by ' : ' and ');
      this.parts.push({ text: line < 0 ? "the program's data" : lineName(line), token });
      lines.add(line);
    }
    if (lines.size === 0) this.say(', never written');
    this.result('; result ');
  }

  store(): void {
    this.operands([' took the value ', ' and the address '], 2, (value, i) =>
      (i === 1 ? hexadecimal : this.spell)(value),
    );
    const address = this.moment.stack(this.moment.stackDepth - 2) + this.imm;
    this.say(`; wrote ${bytes(this.opcode.access ?? 0)} at `);
    const text = hexadecimal(address);
    this.parts.push({ text, value: text, token: this.start }, { text: '.' });
  }

  branch(): void {
    const { history, moment, opcode } = this;
    const to = history.cursorOf(moment.line + 1);
    if (opcode.variant === 'call') {
      const name = functionAt(history.program, to)?.name ?? '?';
      this.parts.push({ text: ' went into ' }, { text: name, token: this.end }, { text: '.' });
      return;
    }
    this.operands([opcode.variant === 'table' ? ' took the index ' : ' took the condition ']);
    if (opcode.pops > 0) this.say(' and');
    if (history.tokenAt(this.start) !== TOKEN.branchTaken) this.say(' went on with the next instruction.');
    else this.say(` jumped to instruction ${to}.`);
  }

  return(): void {
    const call = this.moment.callLine(this.moment.callDepth);
    this.say(' went back behind the call in ');
    this.parts.push({ text: lineName(call), token: this.history.firstToken(call) }, { text: '.' });
  }

  read(): void {
    this.result(
      this.history.tokenAt(this.end) === TOKEN.readCommit
        ? ' took the next byte of the input: '
        : ' found the end of the input: ',
    );
  }

  write(): void {
    this.operands([' took ']);
    const isError = this.history.program.errorWrites?.includes(this.cursor) ?? false;
    this.parts.push(
      { text: '; the program printed ' },
      { text: this.textOf(this.end), token: this.end },
      { text: isError ? ' to standard error.' : '.' },
    );
  }

  forget(): void {
    if (this.opcode.pops === 0) {
      this.say(' did nothing.');
    } else {
      this.operands([' took ']);
      this.say(' and forgot it.');
    }
  }

  halt(): void {
    this.say(' ended the program');
    if (this.history.program.exitCode) this.operands([' with exit code '], 1);
    this.say('.');
  }

  private trap(): void {
    this.operands([' took ', ' and ', ' and ']);
    this.parts.push(
      { text: ' and trapped: ' },
      { text: this.history.end?.reason ?? 'trap', token: this.end },
      { text: '.' },
    );
  }

  private textOf(token: number): string {
    const byte = byteOf(this.history.tokenAt(token) - TOKEN.out + TOKEN.byte);
    return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte ${byte}`;
  }
}

/** The value whose bytes begin at a token. */
function valueAt(history: History, token: number): number | bigint {
  const low = history.word(token);
  return history.widthAt(token) === 8 ? (BigInt(history.word(token + 4)) << 32n) | BigInt(low) : low;
}

/** How an operand is written; `below`: how far it is from the top. */
type Spelling = (value: number | bigint, below: number) => string;

/** -12345 as "-12,345". */
function signed(value: number | bigint): string {
  return (typeof value === 'bigint' ? BigInt.asIntN(64, value) : value | 0).toLocaleString('en');
}

function bytes(count: number): string {
  return count === 1 ? 'a byte' : `${count} bytes`;
}

/** Line 5 as "line 6", with separators. */
function lineName(line: number): string {
  return `line ${lineNumber(line).toLocaleString('en')}`;
}
