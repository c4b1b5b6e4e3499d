/**
 * The state that the tokens of a trace say a program is in, as that of its module, which others are linked with. Between two
 * calls, globals, memories and their sizes are all the state there is.
 */
import { PlacedError } from '../errors.ts';
import type { StoredPlaces, TokenProgram } from '../isa/program.ts';
import { memoriesAt, presentValue } from '../run/state.ts';
import type {
  Constant,
  Element,
  ElementSegment,
  WasmDataSegment,
  WasmModule,
  WasmTable,
} from '../toolchain/decode/module.ts';
import { withoutZeros } from '../toolchain/lower/data.ts';
import { fittingElements } from '../toolchain/lower/elements.ts';
import { referredFunctions } from '../toolchain/lower/references.ts';
import type { Moment } from '../trace/moment.ts';

/** The module that `program` was made of, instantiated and with the values of `moment`. O(bytes of memory). @throws PlacedError */
export function moduleAt(module: WasmModule, program: TokenProgram, moment: Moment): WasmModule {
  const globals = [...module.globals];
  for (const global of program.globals) {
    if (global.index === undefined) continue;
    const { initial, high = 0 } = presentValue(global, moment);
    if (module.globals[global.index].type === 'exnref' && high !== 0) {
      throw new PlacedError('a global refers to an exception: no other module can join its instance then');
    }
    const value = global.reference === 'funcref' ? referenceConstant(module, initial) : constant(initial, high);
    // The upper half of a vector comes behind its lower one.
    const known = globals[global.index];
    globals[global.index] = { ...known, initial: global.half === 'high' ? vector(known.initial, value) : value };
  }
  const memories = memoriesAt(program, moment);
  const now = new StoredNow(module, program.stored, moment);
  const data = module.memories.flatMap((_, memory) =>
    withoutZeros(0, memories[memory].bytes).map(({ address, bytes }) => ({
      memory,
      offset: constant(address, 0),
      bytes,
    })),
  );
  return {
    ...module,
    globals,
    memories: module.memories.map(({ maximum }, i) => ({ initial: memories[i].pages, maximum })),
    // Segments keep their numbers: the active ones have nothing left, and what they wrote comes behind.
    data: [...module.data.map((segment, i) => now.dataSegment(segment, i)), ...data],
    tables: module.tables.map((table, i) => now.table(table, i)),
    elements: [...module.elements.map((segment, i) => now.elementSegment(segment, i)), ...now.contents()],
    start: undefined,
  };
}

/** Stored tables and segments as a moment has them. */
class StoredNow {
  private readonly module: WasmModule;
  private readonly stored: StoredPlaces | undefined;
  private readonly moment: Moment;
  private readonly fitting: number;

  constructor(module: WasmModule, stored: StoredPlaces | undefined, moment: Moment) {
    this.module = module;
    this.stored = stored;
    this.moment = moment;
    this.fitting = fittingElements(module);
  }

  private words(address: number, count: number): number[] {
    const bytes = this.moment.bytes(address, 4 * count);
    return Array.from({ length: count }, (_, i) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * i, true));
  }

  /** A dropped segment is empty, and so is one that was written to memory. */
  dataSegment(segment: WasmDataSegment, index: number): WasmDataSegment {
    const address = this.stored?.data.get(index);
    const isThere = !segment.offset && (address === undefined || this.words(address, 1)[0] > 0);
    return { ...segment, offset: undefined, bytes: isThere ? segment.bytes : new Uint8Array() };
  }

  /** One that fills a table that is not stored stays as it is: nothing has changed that table. */
  elementSegment(segment: ElementSegment, index: number): ElementSegment {
    const isActive = segment.offset && index < this.fitting && !this.stored?.tables.has(segment.table);
    if (isActive || segment.declared) return segment;
    const address = this.stored?.elements.get(index);
    const isThere = !segment.offset && (address === undefined || this.words(address, 1)[0] > 0);
    // What is referred to stays so, and references keep their numbers.
    return { ...segment, offset: undefined, declared: !isThere };
  }

  table(table: WasmTable, index: number): WasmTable {
    const address = this.stored?.tables.get(index);
    return address === undefined ? table : { ...table, initial: this.words(address, 1)[0] };
  }

  /** What is in the tables, as active segments. */
  contents(): ElementSegment[] {
    return [...(this.stored?.tables ?? [])].map(([table, address]) => {
      const [size] = this.words(address, 1);
      const elements = this.words(address + 8, size).map((value) => this.element(value, table));
      return { table, offset: constant(0, 0), declared: false, type: this.module.tables[table].type, elements };
    });
  }

  private element(value: number, table: number): Element {
    if (value === 0) return null;
    const { module } = this;
    return module.tables[table].type === 'funcref' ? referredFunctions(module)[value - 1] : constant(value, 0);
  }
}

function constant(low: number, high: number): Constant {
  return { steps: [{ kind: 'bits', low: low | 0, high: high | 0 }], text: 'its value' };
}

/** Of both halves, which are numbers. */
function vector({ steps, text }: Constant, high: Constant): Constant {
  const [low] = steps ?? [];
  const [upper] = high.steps ?? [];
  if (low?.kind !== 'bits' || upper?.kind !== 'bits') throw new RangeError('half a vector is no number');
  return { steps: [{ ...low, upper: [upper.low, upper.high] }], text };
}

/** A reference to a function, which another module may number otherwise. */
function referenceConstant(module: WasmModule, value: number): Constant {
  if (value === 0) return constant(0, 0);
  return { steps: [{ kind: 'function', index: referredFunctions(module)[value - 1] }], text: 'its value' };
}
