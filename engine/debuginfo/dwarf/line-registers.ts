/**
 * The registers of the machine that a line program runs on, and its opcodes but for the extended ones (DWARF 5,
 * sections 6.2.2 and 6.2.5). Each row that the program emits says which source line the code is from an address on.
 */
import type { Cursor } from './cursor.ts';

/** Bits of a row's flags. */
export const ROW = { isStatement: 1, prologueEnd: 2, endSequence: 4 } as const;

/** A row of the line table. Offsets count in the code section's payload; lines from 1, 0 is code without a line. */
export interface Row {
  offset: number;
  file: number;
  line: number;
  column: number;
  flags: number;
}

/** What a program's header says of its opcodes. */
export interface ProgramHeader {
  readonly unitLength: number;
  readonly defaultIsStatement: boolean;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  /** Per standard opcode: how many operands it has. */
  readonly operands: readonly number[];
  readonly addressSize: number;
}

export class Registers {
  address = 0;
  private file = 1;
  private line = 1;
  private column = 0;
  private isStatement: boolean;
  private prologueEnd = false;
  private rows: Row[] = [];
  private readonly header: ProgramHeader;
  private readonly files: readonly number[];

  /** `files`: which file each of the program's numbers is; it may grow while the program runs. */
  constructor(header: ProgramHeader, files: readonly number[]) {
    this.header = header;
    this.files = files;
    this.isStatement = header.defaultIsStatement;
  }

  /** An opcode that moves address and line by amounts of its own, and emits a row. */
  special(opcode: number): void {
    const { opcodeBase, unitLength, lineBase, lineRange } = this.header;
    const adjusted = opcode - opcodeBase;
    this.address += Math.floor(adjusted / lineRange) * unitLength;
    this.line += lineBase + (adjusted % lineRange);
    this.emit(0);
  }

  /** An opcode of the standard, by its number there; the operands of one that is not known are passed over. */
  standard(opcode: number, cursor: Cursor): void {
    const { unitLength, opcodeBase, lineRange, operands } = this.header;
    switch (opcode) {
      case 1:
        this.emit(0);
        break;
      case 2:
        this.address += cursor.uleb() * unitLength;
        break;
      case 3:
        this.line += Number(cursor.sleb());
        break;
      case 4:
        this.file = cursor.uleb();
        break;
      case 5:
        this.column = cursor.uleb();
        break;
      case 6:
        this.isStatement = !this.isStatement;
        break;
      case 8:
        this.address += Math.floor((255 - opcodeBase) / lineRange) * unitLength;
        break;
      case 9:
        this.address += cursor.u16();
        break;
      case 10:
        this.prologueEnd = true;
        break;
      default:
        for (let i = operands[opcode]; i > 0; i--) cursor.uleb();
    }
  }

  /** Ends a sequence of ascending addresses: its rows. The registers are as at the start. */
  endSequence(): Row[] {
    this.emit(ROW.endSequence);
    const { rows } = this;
    this.rows = [];
    this.address = 0;
    this.file = 1;
    this.line = 1;
    this.column = 0;
    this.isStatement = this.header.defaultIsStatement;
    return rows;
  }

  private emit(flags: number): void {
    const { address, files, file, line, column } = this;
    const statement = this.isStatement ? ROW.isStatement : 0;
    const prologue = this.prologueEnd ? ROW.prologueEnd : 0;
    const row = { offset: address, file: files[file] ?? 0, line: Math.max(line, 0), column };
    this.rows.push({ ...row, flags: flags | statement | prologue });
    this.prologueEnd = false;
  }
}
