/**
 * A module to a copy that tells what it does: its stores, sets of globals, calls, branches and returns, as events of
 * probes.ts. It is what the model is compared with, so what differs between V8 and the machine by permission of the
 * specification is settled as the machine has it: the bits of NaNs, and how far memory may grow.
 *
 * Sections are copied as they are where nothing in them changes. The import that is told comes behind those of the
 * module, so that its functions move up by one.
 */
import { MEMORY_PAGES } from '../../isa/limits.ts';
import type { TokenProgram } from '../../isa/program.ts';
import { ByteReader } from '../decode/byte-reader.ts';
import { type Constant, EXTERNAL_KINDS, type ValueType, type WasmModule } from '../decode/module.ts';
import { codeOf } from '../decode/operators.ts';
import { SECTION, type Section } from '../decode/sections.ts';
import { CODE } from '../lower/operators.ts';
import { joined, list, name, signed, unsigned } from './bytes.ts';
import { NO_BODY, type Numbering, probedBody } from './probes.ts';

/** The import that is told: module and name. Its type is (i32, i32, i32, i32) -> (). */
export const EVENTS = { module: 'stepformer.events', name: 'event' } as const;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;
const FUNCREF = 0x70;
/** Flags of an element segment: active, of a numbered table, its elements expressions. */
const EXPRESSIONS_OF_TABLE = 6;
const HAS_MAXIMUM = 1;
const END = CODE.end;

/** The sections that a copy has, as they follow each other: tags stand before the globals, whatever their number. */
const ORDER = [
  SECTION.type,
  SECTION.import,
  SECTION.function,
  SECTION.table,
  SECTION.memory,
  SECTION.tag,
  SECTION.global,
  SECTION.export,
  SECTION.start,
  SECTION.element,
  SECTION.code,
  SECTION.data,
];

/** Encodings of the number types. */
const NUMBER_TYPES: ReadonlyMap<ValueType, number> = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
]);

/**
 * The copy. Functions that the program has no instructions of are never run, and have no code.
 * @param program what the module was lowered to
 */
export function instrument(module: WasmModule, program: Pick<TokenProgram, 'functions'>): Uint8Array<ArrayBuffer> {
  return new Copy(module, program).bytes();
}

class Copy {
  private readonly module: WasmModule;
  private readonly program: Pick<TokenProgram, 'functions'>;
  /** Types that are added behind those of the module. */
  private readonly types: number[][] = [[FUNCTION_TYPE, ...list([[I32], [I32], [I32], [I32]]), 0]];
  private readonly numbering: Numbering;

  constructor(module: WasmModule, program: Pick<TokenProgram, 'functions'>) {
    this.module = module;
    this.program = program;
    const events = module.importedFunctions.length;
    this.numbering = {
      events,
      functionOf: (index) => (index < events ? index : index + 1),
      typeOfResults: (results) => this.typeOfResults(results),
    };
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { module } = this;
    // First, since bodies may want types.
    const code = this.code();
    const parts: ArrayLike<number>[] = [HEADER];
    const made = new Map<number, ArrayLike<number>>([
      [SECTION.type, this.extended(SECTION.type, this.types)],
      [SECTION.import, this.extended(SECTION.import, [this.eventImport()])],
      [SECTION.memory, this.memories()],
      [SECTION.export, this.exports()],
      [SECTION.element, this.elements()],
      [SECTION.code, code],
    ]);
    if (module.start !== undefined) made.set(SECTION.start, unsigned(this.numbering.functionOf(module.start)));
    for (const id of ORDER) {
      const payload = made.get(id) ?? this.raw(id);
      if (payload) parts.push([id], unsigned(payload.length), payload);
    }
    return Uint8Array.from(joined(parts));
  }

  private section(id: number): Section | undefined {
    return this.module.sections.find((section) => section.id === id);
  }

  private raw(id: number): Uint8Array | undefined {
    const section = this.section(id);
    return section && this.module.bytes.subarray(section.start, section.end);
  }

  /** A section that is a list, with more items behind its own. */
  private extended(id: number, more: readonly number[][]): number[] {
    const section = this.section(id);
    const reader = new ByteReader(this.module.bytes, section?.start ?? 0, section?.end ?? 0);
    const count = reader.done ? 0 : reader.u32();
    const own = reader.view(reader.end - reader.position);
    return joined([unsigned(count + more.length), own, ...more]);
  }

  private eventImport(): number[] {
    const FUNCTION = EXTERNAL_KINDS.indexOf('function');
    return [...name(EVENTS.module), ...name(EVENTS.name), FUNCTION, ...unsigned(this.module.types.length)];
  }

  /** With the limit that the machine has. */
  private memories(): number[] {
    const { memories } = this.module;
    return list(
      memories.map(({ initial, maximum = MEMORY_PAGES }) => [
        HAS_MAXIMUM,
        ...unsigned(initial),
        ...unsigned(Math.min(maximum, MEMORY_PAGES)),
      ]),
    );
  }

  private exports(): number[] {
    const { module, numbering } = this;
    return list(
      module.exports.map(({ name: exported, kind, index }) => [
        ...name(exported),
        EXTERNAL_KINDS.indexOf(kind),
        ...unsigned(kind === 'function' ? numbering.functionOf(index) : index),
      ]),
    );
  }

  /** Those that are put into tables: nothing that the machine runs uses others. */
  private elements(): number[] {
    const { functionOf } = this.numbering;
    return list(
      this.module.elements.flatMap(({ table, offset, functions }) => {
        if (!offset) return [];
        const elements = functions.map((index) =>
          typeof index === 'number'
            ? [codeOf('ref.func'), ...unsigned(functionOf(index)), END]
            : [codeOf('ref.null'), FUNCREF, END],
        );
        return [[EXPRESSIONS_OF_TABLE, ...unsigned(table), ...place(offset), FUNCREF, ...list(elements)]];
      }),
    );
  }

  private code(): number[] {
    const { module, program, numbering } = this;
    const runs = new Set(program.functions.map(({ index }) => index));
    return list(
      module.functions.map((fn) => {
        const body = runs.has(fn.index) ? probedBody(module, fn, numbering) : NO_BODY;
        return joined([unsigned(body.length), body]);
      }),
    );
  }

  private typeOfResults(results: readonly ValueType[]): number {
    const codes = results.map((type) => [NUMBER_TYPES.get(type) ?? 0]);
    this.types.push([FUNCTION_TYPE, 0, ...list(codes)]);
    return this.module.types.length + this.types.length - 1;
  }
}

/** Where a segment goes, as an expression. */
function place({ value, global }: Constant): number[] {
  if (global !== undefined) return [CODE.globalGet, ...unsigned(global), END];
  return [codeOf('i32.const'), ...signed(value ?? 0), END];
}
