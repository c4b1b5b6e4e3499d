/**
 * The line table: which source line each code offset belongs to (DWARF 5, section 6.2).
 *
 * Every unit's line program is run once, at load, into one table of flat arrays sorted by code offset.
 */
import { AT } from './constants.ts';
import { Cursor, DamagedData } from './cursor.ts';
import type { Unit } from './entries.ts';
import { type AttributeValue, readForm } from './forms.ts';
import { type ProgramHeader, Registers, ROW, type Row } from './line-registers.ts';
import { joinPath } from './paths.ts';

/**
 * Rows sorted by code offset; a row is in force from its offset up to the next row's. Rows of no length are left out.
 * A row with `ROW.endSequence` says that what follows belongs to no line.
 */
export interface LineTable {
  count: number;
  /** Relative to the code section's payload. */
  offsets: Uint32Array;
  /** Index into `DebugInfo.files`. */
  files: Uint32Array;
  /** From 1; 0 is code that belongs to no line. */
  lines: Uint32Array;
  /** From 1; 0 when unknown. */
  columns: Uint32Array;
  flags: Uint8Array;
}

/** Source paths of a module, each once. */
export class FileTable {
  readonly paths: string[] = [];
  private readonly indices = new Map<string, number>();

  /** Index of `path` in `paths`, added when new. */
  add(path: string): number {
    let index = this.indices.get(path);
    if (index === undefined) {
      index = this.paths.push(path) - 1;
      this.indices.set(path, index);
    }
    return index;
  }

  find(path: string): number | undefined {
    return this.indices.get(path);
  }
}

/** Collects the rows of all units; `finish` sorts them. */
export class LineReader {
  private readonly files: FileTable;
  private readonly codeLength: number;
  private readonly sequences: Row[][] = [];
  private readonly fileMaps = new Map<number, number[]>();

  constructor(files: FileTable, codeLength: number) {
    this.files = files;
    this.codeLength = codeLength;
  }

  /**
   * Runs the unit's line program. Returns, for the file numbers of this unit's entries (`decl_file`), the index into
   * the file table. Throws `DamagedData`; the rows before the damage are kept.
   */
  readUnit(unit: Unit): number[] {
    const start = unit.root.number(AT.stmtList);
    if (start === undefined) return [];
    const known = this.fileMaps.get(start);
    if (known) return known;
    const map: number[] = [];
    this.fileMaps.set(start, map);
    this.readProgram(unit, start, map);
    return map;
  }

  /** The file map of a unit whose program was damaged, as far as it was read. */
  fileMap(unit: Unit): number[] {
    return this.fileMaps.get(unit.root.number(AT.stmtList) ?? -1) ?? [];
  }

  private readProgram(unit: Unit, start: number, map: number[]): void {
    const { sections } = unit;
    const outer = new Cursor(sections.line, start);
    let length = outer.u32();
    const offsetSize = length === 0xffffffff ? 8 : 4;
    if (offsetSize === 8) length = Number(outer.u64());
    const cursor = new Cursor(sections.line, outer.offset, Math.min(outer.offset + length, sections.line.length));
    const version = cursor.u16();
    if (version < 2 || version > 5) throw new DamagedData(`line table version ${version} is not read (2 to 5 are)`);
    let addressSize = unit.addressSize;
    if (version >= 5) {
      addressSize = cursor.u8();
      cursor.u8();
    }
    const headerLength = cursor.unsigned(offsetSize);
    const program = cursor.offset + headerLength;
    const unitLength = cursor.u8();
    if (version >= 4) cursor.u8();
    const defaultIsStatement = cursor.u8() !== 0;
    const lineBase = cursor.i8();
    const lineRange = cursor.u8();
    const opcodeBase = cursor.u8();
    if (lineRange === 0 || opcodeBase === 0) throw new DamagedData('the line table header holds a zero range');
    const operands = [0];
    for (let i = 1; i < opcodeBase; i++) operands.push(cursor.u8());
    const directory = unit.root.text(AT.compDir) ?? '';
    if (version >= 5) this.readFiles5(cursor, unit, { version, addressSize, offsetSize }, map);
    else this.readFiles4(cursor, directory, unit.root.text(AT.name) ?? '', map);

    cursor.offset = program;
    const header = { unitLength, defaultIsStatement, lineBase, lineRange, opcodeBase, operands, addressSize };
    this.run(new Cursor(sections.line, program, cursor.end), header, map, directory);
  }

  private readFiles4(cursor: Cursor, directory: string, unitName: string, map: number[]): void {
    const directories = [directory];
    for (let name = cursor.text(); name !== ''; name = cursor.text()) directories.push(joinPath(directory, name));
    map.push(this.files.add(joinPath(directory, unitName)));
    for (let name = cursor.text(); name !== ''; name = cursor.text()) {
      const parent = directories[cursor.uleb()] ?? directory;
      cursor.uleb();
      cursor.uleb();
      map.push(this.files.add(joinPath(parent, name)));
    }
  }

  private readFiles5(
    cursor: Cursor,
    unit: Unit,
    encoding: { version: number; addressSize: number; offsetSize: number },
    map: number[],
  ): void {
    const list = (): { path: string; directory: number }[] => {
      const format: [number, number][] = [];
      for (let i = cursor.u8(); i > 0; i--) format.push([cursor.uleb(), cursor.uleb()]);
      const entries: { path: string; directory: number }[] = [];
      for (let i = cursor.uleb(); i > 0; i--) {
        const entry = { path: '', directory: 0 };
        if (format.length === 0) throw new DamagedData('the line table names files without a format');
        for (const [content, form] of format) {
          const value: AttributeValue = readForm(cursor, form, encoding, 0, unit.sections);
          if (content === 1 && typeof value === 'string') entry.path = value;
          if (content === 2 && typeof value === 'number') entry.directory = value;
        }
        entries.push(entry);
      }
      return entries;
    };
    const directories = list();
    const base = joinPath(unit.root.text(AT.compDir) ?? '', directories[0]?.path ?? '');
    for (const { path, directory } of list()) {
      const parent = joinPath(base, directories[directory]?.path ?? '');
      map.push(this.files.add(joinPath(parent, path)));
    }
  }

  /** Runs a line program; `map` says which file each of its numbers is, and grows with the files that it names itself. */
  private run(cursor: Cursor, header: ProgramHeader, map: number[], directory: string): void {
    const registers = new Registers(header, map);
    while (!cursor.atEnd) {
      const opcode = cursor.u8();
      if (opcode >= header.opcodeBase) {
        registers.special(opcode);
      } else if (opcode !== 0) {
        registers.standard(opcode, cursor);
      } else {
        const length = cursor.uleb();
        const end = cursor.offset + length;
        const extended = length > 0 ? cursor.u8() : 0;
        if (extended === 1) this.keep(registers.endSequence());
        else if (extended === 2) registers.address = cursor.unsigned(header.addressSize);
        else if (extended === 3) map.push(this.files.add(joinPath(directory, cursor.text())));
        cursor.offset = Math.min(end, cursor.end);
      }
    }
  }

  /** Linkers point the sequences of functions they removed at 0 or beyond the code: those are dropped. */
  private keep(rows: Row[]): void {
    const first = rows[0].offset;
    if (rows.length > 1 && first > 0 && rows.at(-1)!.offset <= this.codeLength) this.sequences.push(rows);
  }

  finish(): LineTable {
    this.sequences.sort((a, b) => a[0].offset - b[0].offset);
    const rows: Row[] = [];
    for (const sequence of this.sequences) {
      for (const row of sequence) {
        const last = rows.at(-1);
        if (last && row.offset < last.offset) continue;
        if (last && row.offset === last.offset) {
          // Of rows at one offset the last is in force; a prologue's end, or a statement of its line, is kept.
          row.flags |= last.flags & ROW.prologueEnd;
          if (last.line === row.line && last.file === row.file) row.flags |= last.flags & ROW.isStatement;
          rows.pop();
        }
        rows.push(row);
      }
    }
    return {
      count: rows.length,
      offsets: Uint32Array.from(rows, (row) => row.offset),
      files: Uint32Array.from(rows, (row) => row.file),
      lines: Uint32Array.from(rows, (row) => row.line),
      columns: Uint32Array.from(rows, (row) => row.column),
      flags: Uint8Array.from(rows, (row) => row.flags),
    };
  }
}

/** Index of the row in force at `codeOffset`; -1 before the first row, between sequences and after the last. */
export function rowAt(table: LineTable, codeOffset: number): number {
  let low = 0;
  let high = table.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table.offsets[middle] <= codeOffset) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  return row >= 0 && !(table.flags[row] & ROW.endSequence) ? row : -1;
}
