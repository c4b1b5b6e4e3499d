/**
 * A module to a copy that tells what it does: its stores, sets of globals, calls, branches and returns, as events of
 * probes.ts. It is what the model is compared with, so what differs between V8 and the machine by permission of the
 * specification is settled as the machine has it: the bits of NaNs, and how far memory may grow.
 *
 * Sections are copied as they are where nothing in them changes. The import that is told comes behind those of the
 * module, so that its functions move up by one.
 */
import type { TokenProgram } from '../../isa/program.ts';
import { ByteReader } from '../decode/byte-reader.ts';
import { readConstant } from '../decode/code.ts';
import { readGlobalType } from '../decode/decode.ts';
import { type Constant, type Element, EXTERNAL_KINDS, type ValueType, type WasmModule } from '../decode/module.ts';
import { codeOf } from '../decode/operators.ts';
import { SECTION, type Section } from '../decode/sections.ts';
import { CODE } from '../lower/operators.ts';
import { memoryLimit } from '../lower/stored.ts';
import { FUNCREF, joined, list, name, REFERENCE_TYPES, signed, unsigned, V128 } from './bytes.ts';
import { NO_BODY, type Numbering, probedBody } from './probes.ts';

/** The import that is told: module and name. Its type is (i32, i32, i32, i32) -> (). */
export const EVENTS = { module: 'stepformer.events', name: 'event' } as const;

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const FUNCTION_TYPE = 0x60;
const I32 = 0x7f;
/** Flags of an element segment: active, of a numbered table, its elements expressions. */
const EXPRESSIONS_OF_TABLE = 6;
/** The same, passive and declared. */
const PASSIVE_EXPRESSIONS = 5;
const DECLARED_EXPRESSIONS = 7;
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
  SECTION.dataCount,
  SECTION.code,
  SECTION.data,
];

/** Encodings of the number types. */
const NUMBER_TYPES: ReadonlyMap<ValueType, number> = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', V128],
  ...REFERENCE_TYPES,
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
      [SECTION.global, this.globals()],
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
    const limit = memoryLimit(this.module);
    return list(
      memories.map(({ initial, maximum = limit }) => [
        HAS_MAXIMUM,
        ...unsigned(initial),
        ...unsigned(Math.min(maximum, limit)),
      ]),
    );
  }

  /** As they are, but for references to functions. */
  private globals(): number[] {
    const section = this.section(SECTION.global);
    const reader = new ByteReader(this.module.bytes, section?.start ?? 0, section?.end ?? 0);
    const count = reader.done ? 0 : reader.u32();
    return list(
      Array.from({ length: count }, () => {
        const start = reader.position;
        readGlobalType(reader);
        const type = this.module.bytes.subarray(start, reader.position);
        const initial = readConstant(reader);
        const refers = initial.steps?.some(({ kind }) => kind === 'function') ?? false;
        return refers ? joined([type, this.expression(initial)]) : this.module.bytes.subarray(start, reader.position);
      }),
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

  private elements(): number[] {
    const { module } = this;
    return list(
      module.elements.map(({ table, offset, declared, type, elements: listed }) => {
        const code = REFERENCE_TYPES.get(type) ?? FUNCREF;
        const elements = list(listed.map((element) => this.element(element, code)));
        if (!offset) return [declared ? DECLARED_EXPRESSIONS : PASSIVE_EXPRESSIONS, code, ...elements];
        return [EXPRESSIONS_OF_TABLE, ...unsigned(table), ...this.expression(offset), code, ...elements];
      }),
    );
  }

  private element(element: Element, type: number): number[] {
    if (element === null) return [codeOf('ref.null'), type, END];
    if (typeof element === 'number') return [codeOf('ref.func'), ...unsigned(this.numbering.functionOf(element)), END];
    return this.expression(element);
  }

  /** A constant expression; functions have other numbers in the copy. */
  private expression({ steps = [] }: Constant): number[] {
    const code = steps.flatMap((step) => {
      if (step.kind === 'global') return [CODE.globalGet, ...unsigned(step.index)];
      if (step.kind === 'function') return [codeOf('ref.func'), ...unsigned(this.numbering.functionOf(step.index))];
      return step.kind === 'operator' ? [codeOf(step.name)] : [codeOf('i32.const'), ...signed(step.low)];
    });
    return [...code, END];
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
