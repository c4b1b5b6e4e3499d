/**
 * Tables that instructions change or read, and segments that instructions copy: they lie in the machine's memory, behind
 * what the program has of it, and are reached by helper functions (helpers/tables.c) which lift the limit of memory.
 *
 *     table      elements now, elements at most, the elements      words of four bytes
 *     segment    elements or bytes, 0 once it is dropped; what is in it
 *
 * A table that is only called through is none of them: see `tables.ts`. Behind them lies what the functions of
 * `helpers/host.c` have to themselves, if the module has them; before that what is given to it.
 */
import { MEMORY_PAGES, PAGE_SIZE } from '../../isa/limits.ts';
import type { DataSegment, StoredPlaces } from '../../isa/program.ts';
import { evaluate } from '../decode/constants.ts';
import type { WasmModule } from '../decode/module.ts';
import { HOST_PAGES } from '../helpers/host-memory.ts';
import type { Helpers } from '../helpers/load-helpers.ts';
import { givenTo, hasHost, importsWasi } from '../host/given.ts';
import { GivenImage } from '../host/image.ts';
import { MOST_ARGUMENTS, takesArguments } from '../input.ts';
import { elementNumber, fittingElements, MAX_TABLE } from './elements.ts';
import { CODE } from './operators.ts';
import type { Problems } from './problems.ts';
import { needsRecords, RECORD_PAGES } from './records.ts';

const WORD = 4;
const TABLE_HEADER = 2 * WORD;

/** What is stored, and where. */
export interface Stored extends StoredPlaces {
  /** How many elements each of the tables can have. */
  readonly capacities: ReadonlyMap<number, number>;
  /** Where records of exceptions begin, if there are any. */
  readonly records: number | undefined;
  /** Where the arguments of a program are kept that reads its input before it asks for them. */
  readonly args: number | undefined;
  /** What is given to a module with functions of `helpers/host.c`, and where. */
  readonly given: { readonly image: GivenImage; readonly address: number } | undefined;
}

/** What a module stores and where: by all its code, whether it is reached or not. O(instructions). */
export function storedOf(module: WasmModule): Stored {
  const { tables, growing, elements, data } = touched(module);
  const addresses = { tables: new Map<number, number>(), elements: new Map(), data: new Map() };
  const capacities = new Map<number, number>();
  let size = 0;
  const place = (bytes: number) => {
    const at = size;
    size += Math.ceil(bytes / WORD) * WORD;
    return at;
  };
  for (const index of tables) {
    const { initial, maximum = MAX_TABLE } = module.tables[index];
    const capacity = growing.has(index) ? Math.max(initial, Math.min(maximum, MAX_TABLE)) : initial;
    capacities.set(index, capacity);
    addresses.tables.set(index, place(TABLE_HEADER + WORD * capacity));
  }
  for (const index of elements) addresses.elements.set(index, place(WORD + WORD * contents(module, index).length));
  for (const index of data) addresses.data.set(index, place(WORD + bytesOf(module, index).length));
  const image = hasHost(module) ? new GivenImage(givenTo(module)) : undefined;
  const given = image && { image, address: place(image.size) };
  const records = needsRecords(module) ? place(RECORD_PAGES * PAGE_SIZE) : undefined;
  const args = importsWasi(module, /^fd_read$/) && takesArguments(module) ? place(MOST_ARGUMENTS) : undefined;
  const pages = Math.ceil(size / PAGE_SIZE) + (given ? HOST_PAGES : 0);
  const base = (MEMORY_PAGES - pages) * PAGE_SIZE;
  const moved = (map: ReadonlyMap<number, number>) => new Map([...map].map(([index, at]) => [index, base + at]));
  return {
    tables: moved(addresses.tables),
    elements: moved(addresses.elements),
    data: moved(addresses.data),
    capacities,
    records: records === undefined ? undefined : base + records,
    args: args === undefined ? undefined : base + args,
    given: given && { image: given.image, address: base + given.address },
    pages,
  };
}

/** Pages that are left to the module's own memory. */
export function memoryLimit(module: WasmModule): number {
  return MEMORY_PAGES - storedOf(module).pages;
}

/** What is too large to be stored is added to the problems. */
export function checkStored({ pages, capacities }: Stored, problems: Problems): void {
  for (const capacity of capacities.values()) {
    if (capacity > MAX_TABLE) problems.add(`a table of ${capacity} elements (the limit is ${MAX_TABLE} elements)`);
  }
  if (pages <= MEMORY_PAGES / 2) return;
  problems.add(`${pages} pages for its tables, passive segments and files (the limit is ${MEMORY_PAGES / 2})`);
}

/** What instructions name: tables, those of them that grow, segments. Each in the order of the indices. */
function touched(module: WasmModule) {
  const found = {
    tables: new Set<number>(),
    growing: new Set<number>(),
    elements: new Set<number>(),
    data: new Set<number>(),
  };
  for (const { codes, immediates, highs } of module.functions) {
    for (let i = 0; i < codes.length; i++) {
      switch (codes[i]) {
        case CODE.tableGrow:
          found.growing.add(immediates[i]);
          found.tables.add(immediates[i]);
          break;
        case CODE.tableGet:
        case CODE.tableSet:
        case CODE.tableSize:
        case CODE.tableFill:
          found.tables.add(immediates[i]);
          break;
        case CODE.tableCopy:
          found.tables.add(immediates[i]).add(highs[i]);
          break;
        case CODE.tableInit:
          found.elements.add(immediates[i]);
          found.tables.add(highs[i]);
          break;
        case CODE.elemDrop:
          found.elements.add(immediates[i]);
          break;
        case CODE.memoryInit:
        case CODE.dataDrop:
          found.data.add(immediates[i]);
      }
    }
  }
  const sorted = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);
  const { growing, tables, elements, data } = found;
  return {
    growing,
    tables: sorted(tables).filter((index) => module.tables[index]),
    elements: sorted(elements),
    data: sorted(data),
  };
}

/** Elements that a program can copy: an active segment has none once the module is an instance. */
function contents({ elements }: WasmModule, index: number) {
  const segment = elements[index];
  return segment && !segment.offset && !segment.declared ? segment.elements : [];
}

function bytesOf({ data }: WasmModule, index: number): Uint8Array {
  const segment = data[index];
  return segment && !segment.offset ? segment.bytes : new Uint8Array();
}

/** What lies there at the start. O(elements and bytes). */
export function storedData(module: WasmModule, stored: Stored, helpers: Helpers | undefined): DataSegment[] {
  const { given } = stored;
  const segments = given && helpers ? given.image.segments(helpers, given.address) : [];
  const words = (address: number, values: readonly number[]) => {
    const bytes = new Uint8Array(new Uint32Array(values).buffer);
    segments.push({ address, bytes });
  };
  for (const [index, address] of stored.tables) {
    const { initial } = module.tables[index];
    const contents: number[] = [];
    for (const { table, offset, elements } of module.elements.slice(0, fittingElements(module))) {
      if (!offset || table !== index) continue;
      const start = (evaluate(offset, module.globals)?.low ?? 0) >>> 0;
      while (contents.length < start) contents.push(0);
      for (const [i, element] of elements.entries()) contents[start + i] = elementNumber(element, module);
    }
    words(address, [initial, stored.capacities.get(index) ?? 0, ...contents]);
  }
  for (const [index, address] of stored.elements) {
    const elements = contents(module, index);
    words(address, [elements.length, ...elements.map((element) => elementNumber(element, module))]);
  }
  for (const [index, address] of stored.data) {
    const bytes = bytesOf(module, index);
    words(address, [bytes.length]);
    segments.push({ address: address + WORD, bytes });
  }
  return segments;
}
