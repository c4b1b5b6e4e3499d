/** The debug information of one module: DWARF 2 to 5 as clang writes it for WebAssembly, answered by code offset. */
import { DebugInfo } from './debug-info.ts';
import { AT } from './dwarf/constants.ts';
import { DamagedData } from './dwarf/cursor.ts';
import { type DwarfSections, type Entries, isCompileUnit, readEntries, type Unit } from './dwarf/entries.ts';
import { FileTable, LineReader, type LineTable } from './dwarf/lines.ts';
import { type ModuleSections, readSections } from './dwarf/sections.ts';
import { readIntegerVariable } from './places/variable-location.ts';
import { NameIndex } from './scopes/names.ts';
import { ScopeReader } from './scopes/scope-reader.ts';
import type { FunctionInfo, Variable } from './scopes/scopes.ts';
import { TypeReader } from './types/type-reader.ts';

/**
 * Reads the debug information of a linked module. Undefined when the bytes are not a module or hold no DWARF. Never
 * throws on damaged data: what could not be read is in `warnings`, the rest works.
 */
export function readDebugInfo(wasm: Uint8Array): DwarfInfo | undefined {
  const module = readSections(wasm);
  const info = module?.custom.get('.debug_info');
  if (!module || !info || info.length === 0) return undefined;
  return new DwarfInfo(module, info);
}

/** See `readDebugInfo`. */
export class DwarfInfo extends DebugInfo {
  readonly isTyped = true;
  readonly lines: LineTable;
  readonly functions: FunctionInfo[];
  readonly globals: Variable[];
  private readonly entries: Entries;
  private readonly types: TypeReader;
  private readonly unitGlobals: { variable: Variable; unit: Unit }[];
  private readonly names = new Map<Unit, NameIndex>();

  constructor(module: ModuleSections, info: Uint8Array) {
    super(module, new FileTable());
    this.entries = readEntries(sectionsOf(module, info), this.warnings);
    const reader = new LineReader(this.fileTable, module.codeLength);
    const fileMaps = new Map<Unit, number[]>();
    for (const unit of this.entries.units) {
      if (unit.root.has(AT.dwoName)) this.warnings.push('split debug information (.dwo files) is not read');
      fileMaps.set(unit, this.readLines(reader, unit));
    }
    this.lines = reader.finish();
    this.types = new TypeReader(this.entries, (entry, state, codeOffset) => {
      const type = this.types.typeOf(entry);
      const size = type.kind === 'integer' ? type.size : 4;
      const { frameBase } = this.functionAt(codeOffset) ?? { frameBase: undefined };
      const context = { unit: entry.unit, entries: this.entries, frameBase };
      return readIntegerVariable(entry, context, size, state, codeOffset);
    });
    const scopes = new ScopeReader(this.entries, this.types, module.codeLength, (unit, index) => {
      const file = fileMaps.get(unit)?.[index];
      return file === undefined ? undefined : this.files[file];
    });
    scopes.read();
    this.functions = scopes.functions;
    this.unitGlobals = scopes.globals;
    this.globals = scopes.globals.map(({ variable }) => variable);
    for (const found of this.functions) found.prologueEnd = this.prologueEnd(found);
  }

  private readLines(reader: LineReader, unit: Unit): number[] {
    try {
      return reader.readUnit(unit);
    } catch (error) {
      if (!(error instanceof DamagedData)) throw error;
      this.warnings.push(`.debug_line: the line table of the unit at ${unit.start} is damaged: ${error.message}`);
      return reader.fileMap(unit);
    }
  }

  /** A global by name as `unit` sees it: its own first, then those of others. */
  globalNamed(name: string, unit?: Unit): Variable | undefined {
    const isPath = name.includes('::');
    const named = this.unitGlobals.filter(({ variable }) => (isPath ? variable.path : variable.name) === name);
    return (named.find((global) => global.unit === unit) ?? named[0])?.variable;
  }

  /** Typedefs, tags and enum constants: of `unit` first, then of the other units. */
  namesFor(unit?: Unit): NameIndex[] {
    const units = this.entries.units.filter((candidate) => candidate !== unit && isCompileUnit(candidate));
    return (unit ? [unit, ...units] : units).map((candidate) => {
      let index = this.names.get(candidate);
      if (!index) {
        index = new NameIndex(candidate, this.types);
        this.names.set(candidate, index);
      }
      return index;
    });
  }
}

function sectionsOf(module: ModuleSections, info: Uint8Array): DwarfSections {
  const section = (name: string): Uint8Array => module.custom.get(name) ?? new Uint8Array(0);
  return {
    info,
    abbrev: section('.debug_abbrev'),
    line: section('.debug_line'),
    strings: section('.debug_str'),
    lineStrings: section('.debug_line_str'),
    stringOffsets: section('.debug_str_offsets'),
    addresses: section('.debug_addr'),
    ranges: section('.debug_ranges'),
    rangeLists: section('.debug_rnglists'),
    locations: section('.debug_loc'),
    locationLists: section('.debug_loclists'),
  };
}
